using Croma.Classification;
using Croma.Server.Api;
using Croma.Server.Input;

namespace Croma.Server.Classifiers;

/// <summary>A labelled sample of a classifier; what it holds is on the disk.</summary>
internal sealed record SupportSample(string Id, string Class, string Name, string Kind, string MediaType);

/// <summary>
/// A classifier as it stands. It never changes: a request works with the one that it found, and another takes its place when
/// samples come or go.
/// </summary>
internal sealed record ServedClassifier(ClassifierManifest Manifest, FewShotClassifier Classifier)
{
    public string Id => Manifest.Id;

    /// <summary>For lists.</summary>
    public ClassifierSummary Summary => new(Id, Manifest.Name, Manifest.Model, Classifier.Head, Classifier.Classes, Manifest.Samples.Count, Estimate, Manifest.FalseAlarmRate, Manifest.CreatedAt, Manifest.UpdatedAt);

    private EstimateAnswer? Estimate => Classifier.Estimate is { } estimate ? new EstimateAnswer(estimate.Accuracy, estimate.Interval.Low, estimate.Interval.High, estimate.Right, estimate.Samples) : null;

    /// <summary>In full.</summary>
    public ClassifierAnswer Answer() => new(Id, Manifest.Name, Manifest.Model, SentKinds.Names(SentKinds.TakenBy(Classifier.Shape)), Classifier.Head,
        [.. Classifier.Classes.Select(c => new ClassAnswer(c, [.. Manifest.Samples.Where(s => s.Class == c).Select(s => new SampleAnswer(s.Id, s.Name, s.Kind, $"/api/classifiers/{Id}/samples/{s.Id}/media"))]))],
        Estimate, Manifest.FalseAlarmRate, Classifier.Novelty?.SmallestAlpha, Manifest.CreatedAt, Manifest.UpdatedAt);

    /// <summary>What the classifier says of a sample.</summary>
    /// <param name="name">What the client calls it.</param>
    /// <param name="prediction">What was predicted.</param>
    /// <param name="rate">False-alarm rate; null: the classifier's own.</param>
    public PredictionAnswer Answer(string name, Prediction prediction, double? rate)
    {
        var (likeliest, none) = (Classifier.Classes[prediction.Class], prediction.IsNoneOfThese(rate ?? Manifest.FalseAlarmRate));
        var probabilities = new ClassProbability[Classifier.Classes.Count];
        for (var i = 0; i < probabilities.Length; i++) probabilities[i] = new ClassProbability(Classifier.Classes[i], prediction.Probabilities[i]);
        return new PredictionAnswer(name, none ? null : likeliest, none, likeliest, prediction.Probability, probabilities, prediction.Familiarity);
    }
}
