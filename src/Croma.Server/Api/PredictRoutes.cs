using System.Diagnostics;
using Croma.Data;
using Croma.Server.Classifiers;
using Croma.Server.Input;

namespace Croma.Server.Api;

/// <summary>Predictions.</summary>
internal sealed class PredictRoutes(ApiContext api)
{
    // so few vectors take less time than handing them to another thread
    private const int FewVectors = 32;

    public async Task PredictAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var classifier = api.Classifiers.Require(ClassifierRoutes.Id(context));
        IReadOnlyList<SentSample> sent;
        double? rate;
        if (RequestBody.IsMultipart(context.Request))
        {
            var content = await api.Body.MultipartAsync(context).ConfigureAwait(false);
            ClassifierRoutes.RefuseOthers(content.Fields, "falseAlarmRate");
            (sent, rate) = (content.Samples, ClassifierRoutes.Rate(content.Fields));
        }
        else
        {
            var request = await api.Body.JsonAsync(context, ServerJson.Api.PredictRequest).ConfigureAwait(false);
            (sent, rate) = (RequestJson.Samples(request.Inputs, api.Limits, "input"), ClassifierRoutes.Rate(request.FalseAlarmRate));
        }
        if (sent.Count == 0) throw RequestProblem.Unusable("There is no input: send one or more (parts named 'input', or \"inputs\" in JSON).");
        var shape = classifier.Classifier.Shape;
        var contents = PreparedSample.Contents(shape, await api.Decoder.PrepareAsync(shape, sent, context.RequestAborted).ConfigureAwait(false));
        var answers = shape.Kind == ModalityKind.Features && sent.Count <= FewVectors
            ? Predict(classifier, contents, sent, rate, 1, context.RequestAborted)
            : await api.Work.RunAsync(stop => Predict(classifier, contents, sent, rate, api.Threads, stop), context.RequestAborted).ConfigureAwait(false);
        api.Metrics.Predicted(started, answers.Length, answers.Count(a => a.None));
        await Respond.JsonAsync(context, new PredictionsAnswer(answers), ServerJson.Api.PredictionsAnswer).ConfigureAwait(false);
    }

    private static PredictionAnswer[] Predict(ServedClassifier classifier, MemorySamples contents, IReadOnlyList<SentSample> sent, double? rate, int threads, CancellationToken cancellation)
    {
        var predictions = classifier.Classifier.Predict(contents, threads, cancellation);
        // its numbers lie outside the collector's memory, and are freed with it
        GC.KeepAlive(classifier.Classifier);
        var answers = new PredictionAnswer[sent.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = classifier.Answer(sent[i].Name, predictions[i], rate);
        return answers;
    }
}
