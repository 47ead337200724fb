using Croma.Algebra;
using System.Numerics.Tensors;
using Croma.Compute;
using Croma.Heads;

namespace Croma.Theory;

/// <summary>
/// The directions in which samples differ most: their numbers standardised, the leading principal components (orthogonal
/// iteration on the samples' inner products), and how many there are in effect.
/// </summary>
internal sealed class FeatureSpace
{
    /// <summary>Samples that it is made of, at most.</summary>
    public const int MostSamples = 600;

    private const int Iterations = 20;

    private readonly double[] _mean, _scale;
    private readonly double[][] _gram, _rows;

    /// <param name="rows">Descriptions of samples, all of one length; of many some are taken, evenly.</param>
    public FeatureSpace(IReadOnlyList<double[]> rows)
    {
        var step = Math.Max(1.0, rows.Count / (double)MostSamples);
        double[][] some = [.. Enumerable.Range(0, Math.Min(rows.Count, MostSamples)).Select(i => rows[(int)(i * step)])];
        _mean = Centred.Mean(some);
        _scale = [.. _mean.Select((mean, d) => Math.Sqrt(some.Average(row => (row[d] - mean) * (row[d] - mean)))).Select(deviation => deviation > 0 ? 1 / deviation : 0)];
        _rows = [.. some.Select(Standardised)];
        _gram = Vectors.Gram(_rows);
    }

    /// <summary>Samples that it is made of.</summary>
    public int Samples => _rows.Length;

    /// <summary>
    /// The participation ratio of the variances along the principal components, (sum)^2 / sum of squares: d where d of them are alike and the others 0.
    /// The sum of squares comes from pairs of different samples, so that few samples do not make it too large.
    /// </summary>
    /// <param name="counts">How often each sample counts (a resample); null: once.</param>
    public double EffectiveDimension(int[]? counts = null)
    {
        var (trace, squares, weight, pairs) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < _gram.Length; i++)
        {
            var w = counts?[i] ?? 1;
            if (w == 0) continue;
            (trace, weight) = (trace + w * _gram[i][i], weight + w);
            for (var j = 0; j < i; j++)
            {
                var both = (double)w * (counts?[j] ?? 1);
                (squares, pairs) = (squares + both * _gram[i][j] * _gram[i][j], pairs + both);
            }
        }
        var ratio = trace / weight * (trace / weight) / (squares / pairs);
        return double.IsFinite(ratio) ? Math.Clamp(ratio, 1, Math.Min(_mean.Length, Math.Max(1, Samples - 1))) : 1;
    }

    /// <summary>What projects descriptions onto the leading components: [components] of each.</summary>
    public Func<double[], double[]> Projection(int components)
    {
        var random = new CounterRandom(1, CounterRandom.Stream("components", components));
        double[][] vectors = [.. Enumerable.Range(0, components).Select(_ => Enumerable.Range(0, Samples).Select(_ => random.NextNormal()).ToArray())];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            for (var c = 0; c < components; c++) vectors[c] = [.. _gram.Select(row => Vectors.Dot(row, vectors[c]))];
            Orthonormalise(vectors);
        }
        double[][] directions = [.. vectors.Select(u =>
        {
            var direction = new double[_mean.Length];
            for (var i = 0; i < Samples; i++) Vectors.Add(direction, _rows[i], u[i]);
            var length = Math.Sqrt(Vectors.Dot(direction, direction));
            TensorPrimitives.Multiply(direction, length > 0 ? 1 / length : 0, direction);
            return direction;
        })];
        return row =>
        {
            var standardised = Standardised(row);
            return [.. directions.Select(d => Vectors.Dot(d, standardised))];
        };
    }

    private double[] Standardised(double[] row) => [.. row.Select((x, d) => (x - _mean[d]) * _scale[d])];

    private static void Orthonormalise(double[][] vectors)
    {
        for (var c = 0; c < vectors.Length; c++)
        {
            for (var other = 0; other < c; other++) Vectors.Add(vectors[c], vectors[other], -Vectors.Dot(vectors[c], vectors[other]));
            var length = Math.Sqrt(Vectors.Dot(vectors[c], vectors[c]));
            TensorPrimitives.Multiply(vectors[c], length > 0 ? 1 / length : 0, vectors[c]);
        }
    }
}

/// <summary>Linear regression of several numbers on several others, measured in units of the outputs' own covariance.</summary>
internal static class Explained
{
    // what is measured does not move by it, and components that are none do no harm
    private const double Ridge = 1e-8;

    /// <summary>
    /// For each sample what of its outputs the inputs leave unexplained, and what there is: squared lengths in which every direction of the outputs counts
    /// alike. The former are raised by the degrees of freedom that the fit used up.
    /// </summary>
    public static (double Left, double Whole)[] Of(IReadOnlyList<double[]> inputs, IReadOnlyList<double[]> outputs)
    {
        var (x, y) = (Centre(inputs), Centre(outputs));
        var (inverse, metric) = (Inverse(x), Inverse(y));
        var (n, p) = (x.Length, x[0].Length);
        var correction = n > p + 1 ? (n - 1.0) / (n - p - 1) : throw new CromaException($"{n} samples are too few to see what {p} numbers explain.");
        double[][] cross = [.. Enumerable.Range(0, p).Select(_ => new double[y[0].Length])];
        for (var i = 0; i < n; i++)
            for (var a = 0; a < p; a++) Vectors.Add(cross[a], y[i], x[i][a]);
        double[][] weights = [.. inverse.Select(row =>
        {
            var sum = new double[y[0].Length];
            for (var a = 0; a < p; a++) Vectors.Add(sum, cross[a], row[a]);
            return sum;
        })];
        return [.. Enumerable.Range(0, n).Select(i =>
        {
            var left = y[i].ToArray();
            for (var a = 0; a < p; a++) Vectors.Add(left, weights[a], -x[i][a]);
            return (correction * Length(left, metric), Length(y[i], metric));
        })];
    }

    /// <summary>The same for the mean of each group as what explains.</summary>
    public static (double Left, double Whole)[] ByGroup(IReadOnlyList<double[]> outputs, IReadOnlyList<int> groups)
    {
        var y = Centre(outputs);
        var metric = Inverse(y);
        var result = new (double, double)[y.Length];
        foreach (var group in Enumerable.Range(0, y.Length).GroupBy(i => groups[i]))
        {
            int[] members = [.. group];
            var mean = Centred.Mean([.. members.Select(i => y[i])]);
            var correction = members.Length > 1 ? members.Length / (members.Length - 1.0) : 1;
            foreach (var i in members) result[i] = (members.Length > 1 ? correction * Length([.. y[i].Zip(mean, (a, b) => a - b)], metric) : Length(y[i], metric), Length(y[i], metric));
        }
        return result;
    }

    private static double[][] Centre(IReadOnlyList<double[]> rows)
    {
        var mean = Centred.Mean(rows.ToList());
        return [.. rows.Select(row => row.Zip(mean, (a, b) => a - b).ToArray())];
    }

    private static double[][] Inverse(double[][] rows)
    {
        var scatter = Vectors.Scatter(rows);
        var trace = Enumerable.Range(0, scatter.Length).Sum(i => scatter[i][i]);
        for (var i = 0; i < scatter.Length; i++) scatter[i][i] += Ridge * Math.Max(trace / scatter.Length, double.Epsilon / Ridge);
        return Cholesky.Inverse(scatter);
    }

    private static double Length(double[] row, double[][] metric) => row.Zip(metric, (x, m) => x * Vectors.Dot(m, row)).Sum();
}
