using System.Diagnostics;
using System.Globalization;
using Croma.Classification;
using Croma.Server.Classifiers;
using Croma.Server.Input;

namespace Croma.Server.Api;

/// <summary>Classifiers: made, shown, extended, deleted.</summary>
internal sealed class ClassifierRoutes(ApiContext api)
{
    private const double UsualRate = 0.1;

    public Task ListAsync(HttpContext context)
    {
        var model = context.Request.Query["model"].ToString();
        return Respond.JsonAsync(context, new ClassifiersAnswer([.. api.Classifiers.All.Where(c => model.Length == 0 || c.Manifest.Model == model).Select(c => c.Summary)]), ServerJson.Api.ClassifiersAnswer);
    }

    public Task ShowAsync(HttpContext context) => AnswerAsync(context, api.Classifiers.Require(Id(context)));

    public async Task CreateAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var request = RequestBody.IsMultipart(context.Request) ? FromParts(await api.Body.MultipartAsync(context).ConfigureAwait(false)) : FromJson(await api.Body.JsonAsync(context, ServerJson.Api.CreateRequest).ConfigureAwait(false));
        var model = api.Models.Require(request.Model);
        var head = request.Head ?? FewShotClassifier.Heads[0];
        if (!FewShotClassifier.Heads.Contains(head)) throw RequestProblem.Unusable($"There is no head '{Names.OfSample(head, "")}': it is one of {string.Join(", ", FewShotClassifier.Heads)}.");
        var (name, samples) = (Names.Require(request.Name ?? "classifier", "the classifier"), Labelled(request.Samples));
        if (samples.Select(s => s.Class).Distinct().Count() < 2) throw RequestProblem.Unusable("A classifier has two or more classes: send samples of each (parts named 'sample.CLASS', or \"class\" in JSON).");
        var prepared = await api.Decoder.PrepareAsync(model.Target, samples, context.RequestAborted).ConfigureAwait(false);
        var made = await api.Classifiers.CreateAsync(model, name, head, Rate(request.FalseAlarmRate) ?? UsualRate, prepared, context.RequestAborted).ConfigureAwait(false);
        api.Metrics.Changed(started);
        context.Response.Headers.Location = $"/api/classifiers/{made.Id}";
        await AnswerAsync(context, made, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    public async Task ExtendAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var model = api.Models.RequireOf(api.Classifiers.Require(Id(context)));
        var sent = RequestBody.IsMultipart(context.Request)
            ? (await api.Body.MultipartAsync(context).ConfigureAwait(false)).Samples
            : RequestJson.Samples((await api.Body.JsonAsync(context, ServerJson.Api.ExtendRequest).ConfigureAwait(false)).Samples, api.Limits, "sample");
        var prepared = await api.Decoder.PrepareAsync(model.Target, Labelled(sent), context.RequestAborted).ConfigureAwait(false);
        var next = await api.Classifiers.ExtendAsync(Id(context), prepared, context.RequestAborted).ConfigureAwait(false);
        api.Metrics.Changed(started);
        await AnswerAsync(context, next).ConfigureAwait(false);
    }

    public async Task RemoveSampleAsync(HttpContext context) =>
        await AnswerAsync(context, await api.Classifiers.RemoveSampleAsync(Id(context), (string)context.Request.RouteValues["sample"]!, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task DeleteAsync(HttpContext context)
    {
        await api.Classifiers.DeleteAsync(Id(context), context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public Task MediaAsync(HttpContext context)
    {
        var (sample, content) = api.Classifiers.Sent(Id(context), (string)context.Request.RouteValues["sample"]!);
        return Respond.MediaAsync(context, content, sample.MediaType);
    }

    public async Task MapAsync(HttpContext context)
    {
        var classifier = api.Classifiers.Require(Id(context));
        var answer = await api.Work.RunAsync(stop => SupportMap.Of(classifier, api.Classifiers.Contents(classifier), api.Threads, stop), context.RequestAborted).ConfigureAwait(false);
        await Respond.JsonAsync(context, answer, ServerJson.Api.MapAnswer).ConfigureAwait(false);
    }

    public static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>A false-alarm rate; null where none was said.</summary>
    /// <exception cref="RequestProblem">422: it is not between 0 and 1.</exception>
    public static double? Rate(double? rate) => rate is null or (>= 0 and < 1) ? rate : throw RequestProblem.Unusable($"falseAlarmRate is {rate.Value.ToString(CultureInfo.InvariantCulture)}; it must be from 0 to below 1, such as 0.1.");

    /// <summary>The same from a plain field.</summary>
    public static double? Rate(IReadOnlyDictionary<string, string> fields)
    {
        if (!fields.TryGetValue("falseAlarmRate", out var text)) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? Rate(rate) : throw RequestProblem.Unusable("falseAlarmRate is no number; it must be from 0 to below 1, such as 0.1.");
    }

    /// <summary>Refuses plain fields that mean nothing, so that a misspelt one does not go unnoticed.</summary>
    public static void RefuseOthers(IReadOnlyDictionary<string, string> fields, params string[] known)
    {
        if (fields.Keys.FirstOrDefault(k => !known.Contains(k)) is { } other)
            throw RequestProblem.Malformed($"There is no field '{Names.OfSample(other, "")}'{(known.Length == 0 ? "" : $"; there are {string.Join(", ", known)}")}. Samples are parts named 'sample.CLASS' or, where there is no class, 'input'.");
    }

    private static (string? Model, string? Name, string? Head, double? FalseAlarmRate, IReadOnlyList<SentSample> Samples) FromParts(FormContent content)
    {
        RefuseOthers(content.Fields, "model", "name", "head", "falseAlarmRate");
        return (content.Fields.GetValueOrDefault("model"), content.Fields.GetValueOrDefault("name"), content.Fields.GetValueOrDefault("head"), Rate(content.Fields), content.Samples);
    }

    private (string? Model, string? Name, string? Head, double? FalseAlarmRate, IReadOnlyList<SentSample> Samples) FromJson(CreateRequest request) =>
        (request.Model, request.Name, request.Head, request.FalseAlarmRate, RequestJson.Samples(request.Samples, api.Limits, "sample"));

    private static SentSample[] Labelled(IReadOnlyList<SentSample> samples)
    {
        if (samples.Count == 0) throw RequestProblem.Unusable("There is no sample: send one or more (parts named 'sample.CLASS', or \"samples\" in JSON).");
        SentSample[] labelled = [.. samples.Select(s => s with { Class = Names.Require(s.Class, $"the class of '{s.Name}'") })];
        Names.RefuseLookAlikes(labelled.Select(s => s.Class!));
        return labelled;
    }

    private static Task AnswerAsync(HttpContext context, ServedClassifier classifier, int status = StatusCodes.Status200OK) => Respond.JsonAsync(context, classifier.Answer(), ServerJson.Api.ClassifierAnswer, status);
}
