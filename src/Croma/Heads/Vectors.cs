using System.Numerics.Tensors;

namespace Croma.Heads;

/// <summary>Small dense algebra in double precision, matrices row by row: supports are tens of samples, seldom a thousand.</summary>
internal static class Vectors
{
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
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++) Add(scatter[i], row, row[i]);
        return scatter;
    }

    /// <summary>A matrix of zeros.</summary>
    public static double[][] Square(int n)
    {
        var matrix = new double[n][];
        for (var i = 0; i < n; i++) matrix[i] = new double[n];
        return matrix;
    }

    /// <summary>The inverse of a symmetric positive definite matrix [n][n], by Cholesky's factorisation.</summary>
    /// <exception cref="ArithmeticException">It is not positive definite.</exception>
    public static double[][] Inverse(double[][] matrix)
    {
        var (n, factor) = (matrix.Length, Factor(matrix));
        // L^-1: each row is the unit row less what L takes of the rows above
        var half = Square(n);
        for (var r = 0; r < n; r++)
        {
            half[r][r] = 1;
            for (var k = 0; k < r; k++) Add(half[r].AsSpan(0, k + 1), half[k].AsSpan(0, k + 1), -factor[r][k]);
            TensorPrimitives.Multiply(half[r].AsSpan(0, r + 1), 1 / factor[r][r], half[r].AsSpan(0, r + 1));
        }
        // (L^-1)^T L^-1
        var inverse = Square(n);
        for (var k = 0; k < n; k++)
            for (var i = 0; i <= k; i++) Add(inverse[i].AsSpan(0, i + 1), half[k].AsSpan(0, i + 1), half[k][i]);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < i; j++) inverse[j][i] = inverse[i][j];
        return inverse;
    }

    /// <summary>The lower triangle L with L L^T = matrix.</summary>
    private static double[][] Factor(double[][] matrix)
    {
        var n = matrix.Length;
        var factor = Square(n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i][j] - TensorPrimitives.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                if (i == j && !(rest > 0)) throw new ArithmeticException("The matrix is not positive definite.");
                factor[i][j] = i == j ? Math.Sqrt(rest) : rest / factor[j][j];
            }
        return factor;
    }
}
