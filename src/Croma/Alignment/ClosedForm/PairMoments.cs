using Croma.Algebra;

namespace Croma.Alignment.ClosedForm;

/// <summary>
/// What linear alignment reads of pairs: the two sides' means and second moments about them. A pair is one of two sets, of
/// one sample each or of several; all pairs weigh alike, and within one every source sample goes with every target sample.
/// </summary>
/// <param name="SourceMean">[p].</param>
/// <param name="TargetMean">[q].</param>
/// <param name="Source">[p][p].</param>
/// <param name="Target">[q][q].</param>
/// <param name="Cross">[p][q].</param>
internal sealed record PairMoments(double[] SourceMean, double[] TargetMean, double[][] Source, double[][] Target, double[][] Cross)
{
    /// <summary>Measures pairs.</summary>
    /// <param name="pairs">Each one's rows of the source and of the target.</param>
    public static PairMoments Of(IReadOnlyList<(double[][] Source, double[][] Target)> pairs)
    {
        double[][] sources = [.. pairs.Select(p => Mean(p.Source))], targets = [.. pairs.Select(p => Mean(p.Target))];
        var (source, target) = (Mean(sources), Mean(targets));
        var cross = Vectors.Product(Vectors.Transposed([.. sources.Select(x => Moved(x, source, 1.0 / pairs.Count))]), [.. targets.Select(y => Moved(y, target, 1))]);
        return new PairMoments(source, target, Spread(pairs.Select(p => p.Source), source), Spread(pairs.Select(p => p.Target), target), cross);

        double[][] Spread(IEnumerable<double[][]> sides, double[] mean) =>
            Vectors.Scatter([.. sides.SelectMany(side => side.Select(row => Moved(row, mean, Math.Sqrt(1.0 / (side.Length * pairs.Count)))))]);
    }

    private static double[] Mean(double[][] rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows) Vectors.Add(mean, row, 1.0 / rows.Length);
        return mean;
    }

    private static double[] Moved(double[] row, double[] mean, double factor) => [.. row.Zip(mean, (x, m) => factor * (x - m))];
}
