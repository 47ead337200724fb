namespace Croma.Datasets.CifarEsc50;

/// <summary>Features of encoders trained elsewhere, as a data set stores them.</summary>
internal static class EncodedFeatures
{
    private const double VarianceFloor = 1e-5;

    /// <summary>Every number shifted and scaled so that those of meta-train have mean 0 and variance 1.</summary>
    /// <param name="rows">Features of all samples.</param>
    /// <param name="trains">Which of them are meta-train's.</param>
    public static Half[][] Standardise(float[][] rows, bool[] trains)
    {
        var count = trains.Count(t => t);
        if (count == 0) throw new CromaException("There are no samples of meta-train, by which all are to be standardised.");
        var (means, squares) = (new double[rows[0].Length], new double[rows[0].Length]);
        foreach (var (row, _) in rows.Zip(trains).Where(r => r.Second))
            for (var i = 0; i < row.Length; i++) means[i] += row[i] / (double)count;
        foreach (var (row, _) in rows.Zip(trains).Where(r => r.Second))
            for (var i = 0; i < row.Length; i++) squares[i] += (row[i] - means[i]) * (row[i] - means[i]) / count;
        return [.. rows.Select(row => row.Select((value, i) => (Half)((value - means[i]) / Math.Sqrt(squares[i] + VarianceFloor))).ToArray())];
    }
}
