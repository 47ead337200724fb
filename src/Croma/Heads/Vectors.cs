using System.Numerics.Tensors;

namespace Croma.Heads;

/// <summary>Small dense algebra in double precision: supports are tens of samples, not thousands.</summary>
internal static class Vectors
{
    public static double Dot(double[] a, double[] b) => TensorPrimitives.Dot(a, b);

    /// <summary>Inner products of all rows [n, n].</summary>
    public static double[,] Gram(IReadOnlyList<double[]> rows)
    {
        var gram = new double[rows.Count, rows.Count];
        for (var i = 0; i < rows.Count; i++)
            for (var j = 0; j <= i; j++) gram[i, j] = gram[j, i] = Dot(rows[i], rows[j]);
        return gram;
    }

    /// <summary>The inverse of a symmetric positive definite matrix [n, n], by Cholesky's factorisation.</summary>
    /// <exception cref="ArithmeticException">It is not positive definite.</exception>
    public static double[,] Inverse(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var factor = Factor(matrix);
        // L^-1, whose columns begin at the diagonal
        var half = new double[n, n];
        for (var c = 0; c < n; c++)
            for (var r = c; r < n; r++)
            {
                var sum = r == c ? 1.0 : 0.0;
                for (var k = c; k < r; k++) sum -= factor[r, k] * half[k, c];
                half[r, c] = sum / factor[r, r];
            }
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = i; k < n; k++) sum += half[k, i] * half[k, j];
                inverse[i, j] = inverse[j, i] = sum;
            }
        return inverse;
    }

    /// <summary>The lower triangle L with L L^T = matrix.</summary>
    private static double[,] Factor(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var factor = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++) sum -= factor[i, k] * factor[j, k];
                if (i == j && !(sum > 0)) throw new ArithmeticException("The matrix is not positive definite.");
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        return factor;
    }
}
