using Croma.Algebra;
using Croma.Data;
using Croma.Server.Classifiers;

namespace Croma.Server.Api;

/// <summary>
/// The shared space around a classifier's samples in two dimensions: their embeddings, moved by their mean and brought to length 1 as the
/// classifier sees them, along the two directions in which they vary most. The same samples give the same map.
/// </summary>
internal static class SupportMap
{
    public static MapAnswer Of(ServedClassifier classifier, MemorySamples contents, int threads, CancellationToken cancellation)
    {
        var own = classifier.Classifier;
        double[][] rows = [.. own.Embed(contents, threads, cancellation).Select(own.Parts.Place)];
        GC.KeepAlive(own);
        var mean = new double[rows[0].Length];
        foreach (var row in rows) Vectors.Add(mean, row, 1.0 / rows.Length);
        foreach (var row in rows) Vectors.Add(row, mean, -1);
        var eigen = SymmetricEigen.Of(Vectors.Scatter(rows));
        double[][] directions = [.. eigen.Directions.Take(2).Select(Directed)];
        var total = eigen.Values.Sum(v => Math.Max(0, v));
        MapPointAnswer[] points = [.. classifier.Manifest.Samples.Zip(rows, (s, row) => new MapPointAnswer(Along(row, 0), Along(row, 1), s.Class, s.Id, s.Name))];
        return new MapAnswer(points, [.. points.GroupBy(p => p.Class).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new MapClassAnswer(g.Key, g.Average(p => p.X), g.Average(p => p.Y)))],
            total > 0 ? Math.Clamp(eigen.Values.Take(2).Sum(v => Math.Max(0, v)) / total, 0, 1) : 0);

        double Along(double[] row, int axis) => axis < directions.Length ? Vectors.Dot(row, directions[axis]) : 0;
    }

    /// <summary>With its greatest part positive, so that a map is never mirrored by chance.</summary>
    private static double[] Directed(double[] direction) => direction.MaxBy(Math.Abs) < 0 ? Array.ConvertAll(direction, x => -x) : direction;
}
