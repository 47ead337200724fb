using Croma.Algebra;

namespace Croma.Heads;

/// <summary>
/// Labels spread from the support over the graph of all samples, queries too (Zhou et al. 2004; for few shots Liu et al.
/// 2019). Transductive: a query's answer depends on the other queries.
/// </summary>
public sealed class LabelPropagation : Head
{
    // Liu et al.'s share of what comes from neighbours; neighbours kept for each sample
    private const double Spread = 0.5;
    private const int Neighbours = 10;

    public override string Name => "label-propagation";

    public override bool IsTransductive => true;

    public override double[][] Scores(HeadTask task)
    {
        List<double[]> rows = [.. task.Support.Rows, .. task.Queries];
        var affinity = Normalised(Affinities(rows));
        var n = rows.Count;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) affinity[i][j] = (i == j ? 1 : 0) - Spread * affinity[i][j];
        // (I - spread S)^-1 Y
        var inverse = Cholesky.Inverse(affinity);
        var known = task.Support.Rows.Count;
        var scores = new double[task.Queries.Count][];
        for (var q = 0; q < scores.Length; q++)
        {
            scores[q] = new double[task.Support.Ways];
            for (var i = 0; i < known; i++) scores[q][task.Support.Labels[i]] += inverse[known + q][i];
        }
        return scores;
    }

    /// <summary>exp(-|x - y|^2 / width) between each sample and its nearest, either way; the width is the mean of those distances.</summary>
    private static double[][] Affinities(List<double[]> rows)
    {
        var (n, gram) = (rows.Count, Vectors.Gram(rows));
        var near = new bool[n, n];
        var (total, count) = (0.0, 0);
        for (var i = 0; i < n; i++)
            foreach (var j in Enumerable.Range(0, n).Where(j => j != i).OrderBy(j => Distance(i, j)).Take(Neighbours))
            {
                near[i, j] = near[j, i] = true;
                (total, count) = (total + Distance(i, j), count + 1);
            }
        var width = total > 0 ? total / count : 1;
        var affinities = Vectors.Square(n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) affinities[i][j] = near[i, j] ? Math.Exp(-Distance(i, j) / width) : 0;
        return affinities;

        double Distance(int i, int j) => Math.Max(0, gram[i][i] + gram[j][j] - 2 * gram[i][j]);
    }

    /// <summary>D^-1/2 W D^-1/2.</summary>
    private static double[][] Normalised(double[][] affinities)
    {
        var n = affinities.Length;
        var roots = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) roots[i] += affinities[i][j];
            roots[i] = Math.Sqrt(Math.Max(roots[i], double.Epsilon));
        }
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) affinities[i][j] /= roots[i] * roots[j];
        return affinities;
    }
}
