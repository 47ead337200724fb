using System.Numerics.Tensors;

namespace Croma.Algebra;

/// <summary>Symmetric positive definite matrices by Cholesky's factorisation; of a matrix the lower triangle is read.</summary>
internal static class Cholesky
{
    /// <summary>The lower triangle L with L L^T = matrix; null where the matrix is not positive definite.</summary>
    /// <param name="matrix">[n][n].</param>
    /// <param name="leastShare">A pivot of no more than this share of its diagonal element counts as none. Default 0.</param>
    public static double[][]? Factor(double[][] matrix, double leastShare = 0)
    {
        var n = matrix.Length;
        var factor = Vectors.Square(n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i][j] - TensorPrimitives.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                if (i == j && !(rest > leastShare * matrix[i][i])) return null;
                factor[i][j] = i == j ? Math.Sqrt(rest) : rest / factor[j][j];
            }
        return factor;
    }

    /// <summary>x with L L^T x = right.</summary>
    public static double[] Solve(double[][] factor, double[] right)
    {
        double[] x = [.. right];
        for (var i = 0; i < x.Length; i++) x[i] = (x[i] - TensorPrimitives.Dot(factor[i].AsSpan(0, i), x.AsSpan(0, i))) / factor[i][i];
        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= factor[i][i];
            Vectors.Add(x.AsSpan(0, i), factor[i].AsSpan(0, i), -x[i]);
        }
        return x;
    }

    /// <summary>The inverse of a matrix [n][n].</summary>
    /// <exception cref="ArithmeticException">It is not positive definite.</exception>
    public static double[][] Inverse(double[][] matrix)
    {
        var n = matrix.Length;
        var factor = Factor(matrix) ?? throw new ArithmeticException("The matrix is not positive definite.");
        // L^-1: each row is the unit row less what L takes of the rows above
        var half = Vectors.Square(n);
        for (var r = 0; r < n; r++)
        {
            half[r][r] = 1;
            for (var k = 0; k < r; k++) Vectors.Add(half[r].AsSpan(0, k + 1), half[k].AsSpan(0, k + 1), -factor[r][k]);
            TensorPrimitives.Multiply(half[r].AsSpan(0, r + 1), 1 / factor[r][r], half[r].AsSpan(0, r + 1));
        }
        // (L^-1)^T L^-1
        var inverse = Vectors.Square(n);
        for (var k = 0; k < n; k++)
            for (var i = 0; i <= k; i++) Vectors.Add(inverse[i].AsSpan(0, i + 1), half[k].AsSpan(0, i + 1), half[k][i]);
        Vectors.Mirror(inverse);
        return inverse;
    }
}
