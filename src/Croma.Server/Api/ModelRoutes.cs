using System.Diagnostics;
using System.Globalization;
using Croma.Server.Input;
using Croma.Server.Models;

namespace Croma.Server.Api;

/// <summary>Models, and retrieval with them.</summary>
internal sealed class ModelRoutes(ApiContext api)
{
    private const int UsualTop = 10, MostTop = 1000;

    public Task ListAsync(HttpContext context) => Respond.JsonAsync(context, new ModelsAnswer([.. api.Models.All.Select(m => m.Answer())]), ServerJson.Api.ModelsAnswer);

    public async Task RetrieveAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var (model, collection) = Require(context);
        var (sent, top) = RequestBody.IsMultipart(context.Request) ? FromParts(await api.Body.MultipartAsync(context).ConfigureAwait(false)) : FromJson(await api.Body.JsonAsync(context, ServerJson.Api.RetrieveRequest).ConfigureAwait(false));
        if (top is < 1 or > MostTop) throw RequestProblem.Unusable($"\"top\" is {top}; it must be from 1 to {MostTop}.");
        var role = model.RoleOfQuery(sent.Kind) ?? (sent.Kind == SentKind.Text ? model.RoleOfQuery(SentKind.Features) : null)
            ?? throw RequestProblem.Unsupported($"The query is {SentKinds.Describe(sent.Kind)}; '{model.Id}' takes {string.Join(", ", model.Answer().Retrieval.Accepts)}.");
        var shape = model.Shape(role);
        var query = PreparedSample.Contents(shape, await api.Decoder.PrepareAsync(shape, [sent], context.RequestAborted).ConfigureAwait(false));
        var hits = await api.Work.RunAsync(stop => collection.Search(role, query, top, api.Threads, stop), context.RequestAborted).ConfigureAwait(false);
        api.Metrics.Retrieved(started);
        await Respond.JsonAsync(context, new RetrieveAnswer([.. hits.Select((hit, i) =>
        {
            var item = collection.Item(hit.Position);
            return new FoundAnswer(i + 1, hit.Position, item?.Label ?? hit.Name, hit.Name, hit.Score, item?.Text, item?.Media is null ? null : string.Create(CultureInfo.InvariantCulture, $"/api/models/{model.Id}/items/{hit.Position}/media"));
        })]), ServerJson.Api.RetrieveAnswer).ConfigureAwait(false);
    }

    public Task ItemMediaAsync(HttpContext context)
    {
        var (_, collection) = Require(context);
        return int.TryParse((string)context.Request.RouteValues["item"]!, NumberStyles.None, CultureInfo.InvariantCulture, out var item) && collection.Media(item) is var (content, type)
            ? Respond.MediaAsync(context, content, type)
            : throw RequestProblem.NotFound("There is no such item, or no file of it.");
    }

    private (ServedModel Model, Collection Collection) Require(HttpContext context)
    {
        var model = api.Models.Require(ClassifierRoutes.Id(context));
        return (model, model.Collection ?? throw RequestProblem.NotFound($"There is nothing to retrieve from with '{model.Id}': start the server with --retrieve-in."));
    }

    private static (SentSample Sent, int Top) FromParts(FormContent content)
    {
        ClassifierRoutes.RefuseOthers(content.Fields, "top");
        if (content.Samples is not [var sent]) throw RequestProblem.Unusable($"There are {content.Samples.Count} queries: send one, as the part 'input'.");
        var top = content.Fields.TryGetValue("top", out var text) ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1 : UsualTop;
        return (sent, top);
    }

    private (SentSample Sent, int Top) FromJson(RetrieveRequest request) => (RequestJson.Sample(request.Input, api.Limits, "input"), request.Top ?? UsualTop);
}
