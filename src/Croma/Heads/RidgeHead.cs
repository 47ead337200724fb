using Croma.Algebra;

namespace Croma.Heads;

/// <summary>
/// Ridge regression on the classes' indicators (as in R2-D2, Bertinetto et al. 2019); its strength is the one with the
/// least squared error of leaving out each target sample in turn, which one inverse gives for all of them.
/// </summary>
public sealed class RidgeHead : LinearHead
{
    private static readonly double[] s_strengths = [.. Enumerable.Range(-6, 11).Select(i => Math.Pow(10, i / 2.0))];

    public override string Name => "ridge";

    public override LinearScores Fit(LabelledEmbeddings support, LabelledEmbeddings? source) => Fit(support.Rows, support.Labels, support.Ways, support.Rows.Count);

    /// <summary>Fits all rows; the strength is chosen on the first of them.</summary>
    internal static LinearScores Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, int ways, int judged)
    {
        // a constant feature, whose weight is the bias
        List<double[]> inputs = [.. rows.Select(row => (double[])[.. row, 1])];
        var isWide = inputs.Count <= inputs[0].Length;
        var products = isWide ? Vectors.Gram(inputs) : Vectors.Scatter(inputs);
        var (best, least) = (default(double[][]), double.PositiveInfinity);
        foreach (var strength in s_strengths)
        {
            var weights = isWide
                ? SolveBySamples(inputs, products, labels, ways, strength, judged, out var error)
                : SolveByFeatures(inputs, products, labels, ways, strength, judged, out error);
            if (error < least) (best, least) = (weights, error);
        }
        return new LinearScores([.. best!.Select(w => w[..^1])], [.. best!.Select(w => w[^1])]);
    }

    /// <summary>X^T (X X^T + strength I)^-1 y for each class [ways][d], and the squared error of leaving one out.</summary>
    internal static double[][] SolveBySamples(IReadOnlyList<double[]> inputs, double[][] gram, IReadOnlyList<int> labels, int ways, double strength, int judged, out double error)
    {
        var inverse = Cholesky.Inverse(Regularised(gram, strength));
        var weights = new double[ways][];
        error = 0;
        for (var c = 0; c < ways; c++)
        {
            weights[c] = new double[inputs[0].Length];
            double[] wanted = [.. labels.Select(label => Wanted(label, c, ways))];
            for (var i = 0; i < inputs.Count; i++)
            {
                var coefficient = Vectors.Dot(inverse[i], wanted);
                Vectors.Add(weights[c], inputs[i], coefficient);
                if (i < judged) error += Squared(coefficient / inverse[i][i]);
            }
        }
        return weights;
    }

    /// <summary>The same as (X^T X + strength I)^-1 X^T y, for more samples than features.</summary>
    internal static double[][] SolveByFeatures(IReadOnlyList<double[]> inputs, double[][] scatter, IReadOnlyList<int> labels, int ways, double strength, int judged, out double error)
    {
        var inverse = Cholesky.Inverse(Regularised(scatter, strength));
        double[] kept = [.. inputs.Take(judged).Select(x => 1 - x.Zip(inverse, (v, row) => v * Vectors.Dot(row, x)).Sum())];
        var weights = new double[ways][];
        error = 0;
        for (var c = 0; c < ways; c++)
        {
            var correlation = new double[inputs[0].Length];
            for (var i = 0; i < inputs.Count; i++) Vectors.Add(correlation, inputs[i], Wanted(labels[i], c, ways));
            weights[c] = [.. inverse.Select(row => Vectors.Dot(row, correlation))];
            for (var i = 0; i < judged; i++) error += Squared((Wanted(labels[i], c, ways) - Vectors.Dot(weights[c], inputs[i])) / kept[i]);
        }
        return weights;
    }

    private static double Wanted(int label, int way, int ways) => (label == way ? 1 : 0) - 1.0 / ways;

    private static double[][] Regularised(double[][] products, double strength)
    {
        double[][] regularised = [.. products.Select(row => row.ToArray())];
        for (var i = 0; i < regularised.Length; i++) regularised[i][i] += strength;
        return regularised;
    }

    private static double Squared(double x) => x * x;
}
