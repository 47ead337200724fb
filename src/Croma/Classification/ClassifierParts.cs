using Croma.Heads;

namespace Croma.Classification;

/// <summary>What a classifier has besides its encoder.</summary>
/// <param name="Classes">Names.</param>
/// <param name="Head">The head's name.</param>
/// <param name="Centre">The mean of the support's embeddings, which is taken from every sample's.</param>
/// <param name="Scores">The head.</param>
/// <param name="Means">Each class's mean, where embeddings are centred and of length 1.</param>
/// <param name="Temperature">Of the probabilities.</param>
/// <param name="Estimate">From cross-validation; null where no class has two samples.</param>
/// <param name="Strangeness">Of support samples that were left out, for the novelty test; none likewise.</param>
internal sealed record ClassifierParts(IReadOnlyList<string> Classes, string Head, double[] Centre, LinearScores Scores, double[][] Means, double Temperature, AccuracyEstimate? Estimate, IReadOnlyList<double> Strangeness)
{
    // up to so many samples each is left out in turn; of more, a tenth at a time
    private const int MostLeftOutOneByOne = 60, Folds = 10;

    // ridge scores are about 0 and 1: a class that leads by 1 is all but certain. Nothing better is known without a second sample of any class
    private const double UncalibratedTemperature = 0.2;

    /// <summary>Fits a head to embeddings, and finds out by cross-validation how well such a classifier does.</summary>
    public static ClassifierParts Fit(double[][] rows, IReadOnlyList<int> labels, IReadOnlyList<string> classes, LinearHead head, CancellationToken cancellation)
    {
        if (head.ReadsSource) throw new CromaException($"The head '{head.Name}' reads source samples, which are not at hand here: choose another.");
        var (logits, truths, strangeness) = (new List<float[]>(), new List<int>(), new List<double>());
        foreach (var fold in FoldsOf(labels))
        {
            cancellation.ThrowIfCancellationRequested();
            int[] kept = [.. Enumerable.Range(0, rows.Length).Except(fold)];
            var (centre, scores, means) = FitOnce([.. kept.Select(i => rows[i])], [.. kept.Select(i => labels[i])], classes.Count, head);
            foreach (var i in fold)
            {
                var x = Centred.Normalise(rows[i], centre);
                logits.Add([.. scores.Of(x).Select(s => (float)s)]);
                truths.Add(labels[i]);
                strangeness.Add(StrangenessOf(x, means));
            }
        }
        var all = FitOnce(rows, labels, classes.Count, head);
        var right = logits.Zip(truths).Count(p => Array.IndexOf(p.First, p.First.Max()) == p.Second);
        return new ClassifierParts(classes, head.Name, all.Centre, all.Scores, all.Means,
            logits.Count > 0 ? TemperatureScaling.Fit(logits, truths) : UncalibratedTemperature, logits.Count > 0 ? new AccuracyEstimate(right, logits.Count) : null, strangeness);
    }

    /// <summary>How little a sample is like any class: minus its greatest cosine with a class's mean.</summary>
    public static double StrangenessOf(double[] x, double[][] means) => -means.Max(m => Vectors.Dot(m, x) / Math.Max(Math.Sqrt(Vectors.Dot(m, m)), double.Epsilon));

    private static (double[] Centre, LinearScores Scores, double[][] Means) FitOnce(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, int ways, LinearHead head)
    {
        var centre = Centred.Mean([.. rows]);
        var support = new LabelledEmbeddings([.. rows.Select(r => Centred.Normalise(r, centre))], labels, ways);
        return (centre, head.Fit(support, null), support.Means());
    }

    /// <summary>Samples that are left out together; never the only one of a class, nor all of one.</summary>
    private static IEnumerable<int[]> FoldsOf(IReadOnlyList<int> labels)
    {
        var classes = Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).Where(g => g.Count() > 1).Select(g => g.ToArray()).ToList();
        if (classes.Sum(c => c.Length) <= MostLeftOutOneByOne) return classes.SelectMany(c => c.Select(i => (int[])[i]));
        // every class is spread over the folds; one that is smaller than their number has a sample in some
        var next = 0;
        return classes.SelectMany(c => c.Select(i => (Fold: next++ % Folds, Sample: i))).GroupBy(f => f.Fold).OrderBy(g => g.Key).Select(g => g.Select(f => f.Sample).ToArray());
    }
}
