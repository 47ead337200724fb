using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Croma.Server.Api;

/// <summary>All addresses of the API, and what their description says of them.</summary>
internal static class ApiRoutes
{
    private const string Classifier = "/api/classifiers/{id}", Sample = Classifier + "/samples/{sample}";
    private static readonly string[] s_json = ["application/json"], s_bodies = ["application/json", "multipart/form-data"];

    public static void Map(IEndpointRouteBuilder app, ApiContext api, Func<bool> isStopping)
    {
        var (models, classifiers, predictions, state) = (new ModelRoutes(api), new ClassifierRoutes(api), new PredictRoutes(api), new StateRoutes(api, isStopping));
        Route(app, "GET", "/api/models", models.ListAsync, "listModels", "Models that classifiers are made of.").Answers<ModelsAnswer>();
        Route(app, "POST", "/api/models/{id}/retrieve", models.RetrieveAsync, "retrieve", "Finds the items that go with a text, a file or numbers.").Takes<RetrieveRequest>().Answers<RetrieveAnswer>().Fails(400, 404, 413, 415, 422, 429);
        Route(app, "GET", "/api/models/{id}/items/{item}/media", models.ItemMediaAsync, "getItemMedia", "The file of an item that was found.").AnswersFile().Fails(404);
        Route(app, "GET", "/api/classifiers", classifiers.ListAsync, "listClassifiers", "Classifiers, all or (?model=ID) those of a model.").Answers<ClassifiersAnswer>();
        Route(app, "POST", "/api/classifiers", classifiers.CreateAsync, "createClassifier", "Makes a classifier of labelled samples.").Takes<CreateRequest>().Answers<ClassifierAnswer>(StatusCodes.Status201Created).Fails(400, 404, 409, 413, 415, 422, 429, 507);
        Route(app, "GET", Classifier, classifiers.ShowAsync, "getClassifier", "A classifier with its samples.").Answers<ClassifierAnswer>().Fails(404);
        Route(app, "DELETE", Classifier, classifiers.DeleteAsync, "deleteClassifier", "Deletes a classifier and its samples.").AnswersNothing().Fails(404, 429);
        Route(app, "POST", Classifier + "/samples", classifiers.ExtendAsync, "addSamples", "Adds labelled samples, and adapts again.").Takes<ExtendRequest>().Answers<ClassifierAnswer>().Fails(400, 404, 409, 413, 415, 422, 429, 507);
        Route(app, "DELETE", Sample, classifiers.RemoveSampleAsync, "deleteSample", "Removes a sample, and adapts again.").Answers<ClassifierAnswer>().Fails(404, 409, 429, 507);
        Route(app, "GET", Sample + "/media", classifiers.MediaAsync, "getSampleMedia", "A sample as it was sent.").AnswersFile().Fails(404);
        Route(app, "GET", Classifier + "/map", classifiers.MapAsync, "getMap", "The shared space in two dimensions, with the classifier's samples on it.").Answers<MapAnswer>().Fails(404, 429);
        Route(app, "POST", Classifier + "/predict", predictions.PredictAsync, "predict", "Classifies one or more samples.").Takes<PredictRequest>().Answers<PredictionsAnswer>().Fails(400, 404, 413, 415, 422, 429);
        Route(app, "GET", "/health", StateRoutes.HealthAsync, "getHealth", "Whether the server lives.").Answers<StatusAnswer>();
        Route(app, "GET", "/ready", state.ReadyAsync, "getReadiness", "Whether it takes work.").Answers<StatusAnswer>().Fails(503);
        Route(app, "GET", "/metrics", state.MetricsAsync, "getMetrics", "Metrics for Prometheus.").WithMetadata(new ProducesResponseTypeMetadata(200, typeof(string), ["text/plain"]));
    }

    private static IEndpointConventionBuilder Route(IEndpointRouteBuilder app, string verb, string pattern, RequestDelegate handler, string name, string summary) =>
        app.MapMethods(pattern, [verb], handler).WithName(name).WithSummary(summary).WithTags("croma").WithMetadata(handler.Method);

    private static IEndpointConventionBuilder Takes<T>(this IEndpointConventionBuilder route) => route.WithMetadata(new AcceptsMetadata(s_bodies, typeof(T)));

    private static IEndpointConventionBuilder Answers<T>(this IEndpointConventionBuilder route, int status = StatusCodes.Status200OK) => route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), s_json));

    private static IEndpointConventionBuilder AnswersFile(this IEndpointConventionBuilder route) => route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), ["application/octet-stream"]));

    private static IEndpointConventionBuilder AnswersNothing(this IEndpointConventionBuilder route) => route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void), []));

    private static IEndpointConventionBuilder Fails(this IEndpointConventionBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(s => new ProducesResponseTypeMetadata(s, typeof(Problem), [Respond.ProblemType]))]);
}
