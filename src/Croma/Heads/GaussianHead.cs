using Croma.Algebra;

namespace Croma.Heads;

/// <summary>
/// Gaussian discriminant analysis: classes are normal with one covariance, shrunk towards a multiple of the identity as
/// far as the samples are few (oracle approximating shrinkage, Chen, Wiesel, Eldar and Hero 2010). With one sample a class
/// nothing is known of the covariance, and it is the nearest mean.
/// </summary>
public sealed class GaussianHead : LinearHead
{
    public override string Name => "gaussian";

    public override LinearScores Fit(LabelledEmbeddings support, LabelledEmbeddings? source)
    {
        var means = support.Means();
        var d = means[0].Length;
        var precision = Cholesky.Inverse(Covariance(support, means, d));
        var weights = new double[support.Ways][];
        for (var c = 0; c < support.Ways; c++) weights[c] = [.. precision.Select(row => Vectors.Dot(row, means[c]))];
        return new LinearScores(weights, [.. weights.Zip(means, (w, m) => -Vectors.Dot(w, m) / 2)]);
    }

    private static double[][] Covariance(LabelledEmbeddings support, double[][] means, int d)
    {
        var n = support.Rows.Count - support.Ways;
        var covariance = Vectors.Scatter([.. support.Rows.Zip(support.Labels, (row, label) => row.Zip(means[label], (x, m) => x - m).ToArray())]);
        var (trace, squares) = (0.0, 0.0);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) covariance[i][j] /= Math.Max(1, n);
            (trace, squares) = (trace + covariance[i][i], squares + Vectors.Dot(covariance[i], covariance[i]));
        }
        var shrinkage = n < 1 ? 1 : Shrinkage(trace, squares, n, d);
        // all samples of a class alike: any multiple of the identity gives the same answers
        var even = trace > 0 ? trace / d : 1;
        for (var i = 0; i < d; i++)
            for (var j = 0; j < d; j++) covariance[i][j] = (1 - shrinkage) * covariance[i][j] + (i == j ? shrinkage * even : 0);
        return covariance;
    }

    private static double Shrinkage(double trace, double squares, int n, int d)
    {
        var spread = (n + 1 - 2.0 / d) * (squares - trace * trace / d);
        // never none at all: with fewer samples than dimensions the covariance has no inverse
        return spread <= 0 ? 1 : Math.Clamp(((1 - 2.0 / d) * squares + trace * trace) / spread, 1e-3, 1);
    }
}
