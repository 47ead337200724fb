using System.Numerics.Tensors;

namespace Croma.Algebra;

/// <summary>Small dense algebra in double precision, matrices row by row.</summary>
internal static class Vectors
{
    private const int AtOnce = 32;

    public static double Dot(double[] a, double[] b) => TensorPrimitives.Dot(a, b);

    /// <summary>sum += factor * row.</summary>
    public static void Add(Span<double> sum, ReadOnlySpan<double> row, double factor) => TensorPrimitives.MultiplyAdd(row, factor, sum, sum);

    /// <summary>Inner products of all rows [n][n].</summary>
    public static double[][] Gram(IReadOnlyList<double[]> rows)
    {
        var gram = Square(rows.Count);
        for (var i = 0; i < rows.Count; i++)
            for (var j = 0; j <= i; j++) gram[i][j] = gram[j][i] = Dot(rows[i], rows[j]);
        return gram;
    }

    /// <summary>The sum of the rows' outer products [d][d].</summary>
    public static double[][] Scatter(IReadOnlyList<double[]> rows)
    {
        var scatter = Square(rows[0].Length);
        // some samples at a time, which stay in the cache while each row of the result passes once
        for (var first = 0; first < rows.Count; first += AtOnce)
            for (var i = 0; i < scatter.Length; i++)
                for (var n = first; n < Math.Min(first + AtOnce, rows.Count); n++) Add(scatter[i].AsSpan(0, i + 1), rows[n].AsSpan(0, i + 1), rows[n][i]);
        Mirror(scatter);
        return scatter;
    }

    /// <summary>a [n][k] times b [k][m].</summary>
    public static double[][] Product(double[][] a, double[][] b)
    {
        double[][] product = [.. a.Select(_ => new double[b[0].Length])];
        // as above
        for (var first = 0; first < b.Length; first += AtOnce)
            for (var i = 0; i < a.Length; i++)
                for (var k = first; k < Math.Min(first + AtOnce, b.Length); k++) Add(product[i], b[k], a[i][k]);
        return product;
    }

    /// <summary>Rows as columns.</summary>
    public static double[][] Transposed(double[][] matrix) => [.. Enumerable.Range(0, matrix[0].Length).Select(c => Array.ConvertAll(matrix, row => row[c]))];

    /// <summary>Writes the lower triangle over the upper.</summary>
    public static void Mirror(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
            for (var j = 0; j < i; j++) matrix[j][i] = matrix[i][j];
    }

    /// <summary>A matrix of zeros.</summary>
    public static double[][] Square(int n)
    {
        var matrix = new double[n][];
        for (var i = 0; i < n; i++) matrix[i] = new double[n];
        return matrix;
    }
}
