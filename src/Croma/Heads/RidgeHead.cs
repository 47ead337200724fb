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
        var gram = Vectors.Gram(rows);
        var (best, least) = (default(double[][]), double.PositiveInfinity);
        foreach (var strength in s_strengths)
        {
            var coefficients = Solve(gram, labels, ways, strength, judged, out var error);
            if (error < least) (best, least) = (coefficients, error);
        }
        var weights = new double[ways][];
        for (var c = 0; c < ways; c++)
        {
            weights[c] = new double[rows[0].Length];
            for (var i = 0; i < rows.Count; i++)
                for (var d = 0; d < weights[c].Length; d++) weights[c][d] += best![c][i] * rows[i][d];
        }
        // the constant feature's weight
        return new LinearScores(weights, [.. best!.Select(b => b.Sum())]);
    }

    /// <summary>(K + 1 + strength I)^-1 y for each class [ways][rows], and the squared error of leaving one out.</summary>
    internal static double[][] Solve(double[,] gram, IReadOnlyList<int> labels, int ways, double strength, int judged, out double error)
    {
        var n = labels.Count;
        var regularised = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) regularised[i, j] = gram[i, j] + 1 + (i == j ? strength : 0);
        var inverse = Vectors.Inverse(regularised);
        var coefficients = new double[ways][];
        error = 0;
        for (var c = 0; c < ways; c++)
        {
            coefficients[c] = new double[n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) coefficients[c][i] += inverse[i, j] * ((labels[j] == c ? 1 : 0) - 1.0 / ways);
            for (var i = 0; i < judged; i++) error += Math.Pow(coefficients[c][i] / inverse[i, i], 2);
        }
        return coefficients;
    }
}
