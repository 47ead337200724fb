namespace Croma.Algebra;

/// <summary>
/// M = sum of value_i left_i right_i^T, by the eigenvectors of M^T M: values below 1e-7 of the greatest drown in rounding and
/// count as zero. Left vectors are orthonormal all the same, completed where M says nothing.
/// </summary>
/// <param name="Values">Falling, as many as the smaller side has.</param>
/// <param name="Left">Rows of length 1, in the space of M's rows.</param>
/// <param name="Right">Rows of length 1, in the space of M's columns.</param>
internal sealed record SingularValues(double[] Values, double[][] Left, double[][] Right)
{
    private const double Least = 1e-7;

    /// <summary>Values that are not zero.</summary>
    public int Rank { get; } = Values.Count(v => v > 0);

    /// <summary>Decomposes a matrix [rows][columns].</summary>
    public static SingularValues Of(double[][] matrix)
    {
        if (matrix.Length < matrix[0].Length)
        {
            var (values, left, right) = Of(Vectors.Transposed(matrix));
            return new SingularValues(values, right, left);
        }
        var eigen = SymmetricEigen.Of(Vectors.Scatter(matrix));
        double[] roots = [.. eigen.Values.Select(v => Math.Sqrt(Math.Max(0, v)))];
        double[] kept = [.. roots.Select(r => r > Least * roots[0] ? r : 0)];
        var images = new List<double[]>();
        foreach (var (i, direction) in eigen.Directions.Index())
            images.Add(kept[i] > 0 ? Orthonormal([.. matrix.Select(row => Vectors.Dot(row, direction) / kept[i])], images) : Complement(images, matrix.Length));
        return new SingularValues(kept, [.. images], eigen.Directions);
    }

    /// <summary>A unit vector across all others.</summary>
    private static double[] Complement(List<double[]> others, int n)
    {
        // of n axes one at least is half outside of what fewer vectors span, or as far as n allows
        for (var axis = 0; ; axis++)
        {
            var unit = new double[n];
            unit[axis] = 1;
            var outside = 1 - others.Sum(o => o[axis] * o[axis]);
            if (outside > 0.5 / n) return Orthonormal(unit, others);
        }
    }

    /// <summary>Takes from a vector what others have of it, twice for rounding's sake, and brings it to length 1.</summary>
    private static double[] Orthonormal(double[] vector, List<double[]> others)
    {
        for (var pass = 0; pass < 2; pass++)
            foreach (var other in others) Vectors.Add(vector, other, -Vectors.Dot(vector, other));
        var length = Math.Sqrt(Vectors.Dot(vector, vector));
        return [.. vector.Select(x => x / length)];
    }
}
