using Croma.Data;

namespace Croma.Classification;

/// <summary>
/// Classifiers of the same classes, made of trainings of different seeds, that answer as one: the mean of their probabilities
/// decides (Lakshminarayanan, Pritzel and Blundell 2017). It is right more often than its members, at as many times their work.
/// Predicting is safe from many threads.
/// </summary>
public sealed class ClassifierEnsemble : IDisposable
{
    private readonly IReadOnlyList<FewShotClassifier> _members;

    /// <param name="members">One or more of the same classes in the same order, for samples of the same shape; disposed with the ensemble.</param>
    /// <exception cref="CromaException">Their classes or samples differ.</exception>
    public ClassifierEnsemble(IReadOnlyList<FewShotClassifier> members)
    {
        if (members.Count == 0) throw new ArgumentException("An ensemble needs a classifier.", nameof(members));
        _members = members;
        foreach (var member in members)
        {
            if (!member.Classes.SequenceEqual(Classes))
                throw new CromaException($"The classifiers are of different classes ({string.Join(", ", Classes)}; {string.Join(", ", member.Classes)}): make them with the same support samples.");
            SupportCheck.RequireShape(member.Shape, Shape);
        }
    }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Classes => _members[0].Classes;

    /// <summary>What samples must look like.</summary>
    public SampleShape Shape => _members[0].Shape;

    /// <summary>The smallest rate of false alarms at which 'none of these' can be said; null where a member cannot.</summary>
    public double? SmallestFalseAlarmRate => _members.Any(m => m.Novelty == null) ? null : Merged([.. _members.Select(m => m.Novelty!.SmallestAlpha)]);

    /// <summary>Reads the members.</summary>
    /// <param name="paths">Files of <see cref="FewShotClassifier.Save"/>.</param>
    /// <exception cref="CromaException">One is no sound classifier, or their classes or samples differ.</exception>
    public static ClassifierEnsemble Load(IReadOnlyList<string> paths)
    {
        var members = new List<FewShotClassifier>();
        try
        {
            foreach (var path in paths) members.Add(FewShotClassifier.Load(path));
            return new ClassifierEnsemble(members);
        }
        catch
        {
            members.ForEach(m => m.Dispose());
            throw;
        }
    }

    /// <summary>Classifies samples, in their order.</summary>
    /// <param name="samples">Samples of <see cref="Shape"/>.</param>
    /// <param name="threads">Threads; answers do not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<Prediction> Predict(SampleContents samples, int threads = 1, CancellationToken cancellation = default)
    {
        var answers = _members.Select(m => m.Predict(samples, threads, cancellation)).ToList();
        return [.. Enumerable.Range(0, samples.Count).Select(i => Merged([.. answers.Select(a => a[i])]))];
    }

    public void Dispose()
    {
        foreach (var member in _members) member.Dispose();
    }

    private static Prediction Merged(IReadOnlyList<Prediction> answers)
    {
        double[] mean = [.. answers[0].Probabilities.Select((_, way) => answers.Average(a => a.Probabilities[way]))];
        return new Prediction(Array.IndexOf(mean, mean.Max()), mean, answers.Any(a => a.Familiarity == null) ? null : Merged([.. answers.Select(a => a.Familiarity!.Value)]));
    }

    /// <summary>One p-value of several, however they depend on each other: twice their mean (Vovk and Wang 2020, "Combining p-values via averaging").</summary>
    private static double Merged(IReadOnlyList<double> p) => p.Count == 1 ? p[0] : Math.Min(1, 2 * p.Average());
}
