using Croma.Algebra;
using Croma.Heads;

namespace Croma.Classification;

/// <summary>What a classifier has besides its encoder.</summary>
/// <param name="Classes">Names.</param>
/// <param name="Head">The head's name, or that of fine-tuning.</param>
/// <param name="Centre">The mean of the support's embeddings, which is taken from every sample's.</param>
/// <param name="Scores">Of embeddings where they are placed; of a fine-tuned classifier phi, which is of ReLUs of embeddings as they are.</param>
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

    /// <summary>Whether the encoder was fine-tuned, so that the scores are phi's.</summary>
    public bool IsFineTuned => Head == FineTuning.Name;

    /// <summary>Fits a head to embeddings, and finds out by cross-validation how well such a classifier does.</summary>
    public static ClassifierParts Fit(double[][] rows, IReadOnlyList<int> labels, IReadOnlyList<string> classes, LinearHead head, CancellationToken cancellation)
    {
        if (head.ReadsSource) throw new CromaException($"The head '{head.Name}' reads source samples, which are not at hand here: choose another.");
        var left = LeaveOut(rows, labels, classes.Count, head, LeftOut.Folds(labels, MostLeftOutOneByOne, Folds), cancellation);
        var (centre, scores, means) = FitOnce(rows, labels, classes.Count, head);
        return new ClassifierParts(classes, head.Name, centre, scores, means, left.Temperature(UncalibratedTemperature), left.Estimate, left.Strangeness);
    }

    /// <summary>Classifies each fold by a head that is fitted to the others.</summary>
    public static LeftOut LeaveOut(double[][] rows, IReadOnlyList<int> labels, int ways, LinearHead head, IEnumerable<int[]> folds, CancellationToken cancellation)
    {
        var left = new LeftOut();
        foreach (var fold in folds)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] kept = [.. Enumerable.Range(0, rows.Length).Except(fold)];
            var (centre, scores, means) = FitOnce([.. kept.Select(i => rows[i])], [.. kept.Select(i => labels[i])], ways, head);
            foreach (var i in fold)
            {
                var x = Centred.Normalise(rows[i], centre);
                left.Add(scores.Of(x), labels[i], StrangenessOf(x, means));
            }
        }
        return left;
    }

    /// <summary>Where a sample's embedding lies for the head and among the class means: centred and of length 1.</summary>
    public double[] Place(double[] embedding) => Centred.Normalise(embedding, Centre);

    /// <summary>The scores of a sample, one a class.</summary>
    /// <param name="embedding">Its embedding as the encoder gives it.</param>
    public double[] Logits(double[] embedding) => Scores.Of(IsFineTuned ? FineTuning.Rectify(embedding) : Place(embedding));

    /// <summary>How little a sample is like any class: minus its greatest cosine with a class's mean.</summary>
    public static double StrangenessOf(double[] x, double[][] means) => -means.Max(m => Vectors.Dot(m, x) / Math.Max(Math.Sqrt(Vectors.Dot(m, m)), double.Epsilon));

    private static (double[] Centre, LinearScores Scores, double[][] Means) FitOnce(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, int ways, LinearHead head)
    {
        var (centre, support) = Placed(rows, labels, ways);
        return (centre, head.Fit(support, null), support.Means());
    }

    /// <summary>A support's mean, and the support moved by it and brought to length 1.</summary>
    public static (double[] Centre, LabelledEmbeddings Support) Placed(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, int ways)
    {
        var centre = Centred.Mean([.. rows]);
        return (centre, new LabelledEmbeddings([.. rows.Select(r => Centred.Normalise(r, centre))], labels, ways));
    }
}
