using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Croma.Algebra;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reflections to a tridiagonal one, then the QL algorithm
/// with implicit shifts (Bowdler, Martin, Reinsch and Wilkinson 1968). About 10 n^3 operations, on whole rows.
/// </summary>
/// <param name="Values">Falling.</param>
/// <param name="Directions">Row i, of length 1, belongs to value i.</param>
internal sealed record SymmetricEigen(double[] Values, double[][] Directions)
{
    private const int MostSweeps = 60;

    // of a number next to 1
    private const double Rounding = 1.0 / (1L << 52);

    /// <summary>Decomposes a matrix [n][n].</summary>
    public static SymmetricEigen Of(double[][] matrix)
    {
        var n = matrix.Length;
        double[][] a = [.. matrix.Select(row => row.ToArray())];
        var (diagonal, beside) = (new double[n], new double[n]);
        var rows = Tridiagonalise(a, diagonal, beside);
        Rotate(diagonal, beside, rows);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => diagonal[i])];
        return new SymmetricEigen([.. order.Select(i => diagonal[i])], [.. order.Select(i => rows[i])]);
    }

    /// <summary>A = Q T Q^T; returns Q^T, T as its diagonal and what stands beside it. Spoils a.</summary>
    private static double[][] Tridiagonalise(double[][] a, double[] diagonal, double[] beside)
    {
        var n = a.Length;
        var scales = new double[n];
        for (var k = 0; k < n - 1; k++)
        {
            // v mirrors the rest of row k onto its first axis; it is kept in that row
            var v = a[k].AsSpan(k + 1);
            var length = Math.Sqrt(TensorPrimitives.Dot(v, v));
            var onto = v[0] > 0 ? -length : length;
            (diagonal[k], beside[k]) = (a[k][k], onto);
            v[0] -= onto;
            var square = TensorPrimitives.Dot(v, v);
            if (square == 0) continue;
            scales[k] = 2 / square;
            // the rest becomes H A H = A - v w^T - w v^T
            var w = new double[v.Length];
            for (var i = 0; i < w.Length; i++) w[i] = scales[k] * TensorPrimitives.Dot(a[k + 1 + i].AsSpan(k + 1), v);
            Vectors.Add(w, v, -scales[k] / 2 * TensorPrimitives.Dot(w, v));
            for (var i = 0; i < w.Length; i++)
            {
                var row = a[k + 1 + i].AsSpan(k + 1);
                Vectors.Add(row, w, -v[i]);
                Vectors.Add(row, v, -w[i]);
            }
        }
        diagonal[n - 1] = a[n - 1][n - 1];
        return Vectors.Transposed(Accumulate(a, scales));
    }

    /// <summary>Q, the product of the reflections that are kept in a.</summary>
    private static double[][] Accumulate(double[][] a, double[] scales)
    {
        var n = a.Length;
        var q = Vectors.Square(n);
        for (var i = 0; i < n; i++) q[i][i] = 1;
        for (var k = n - 2; k >= 0; k--)
        {
            var v = a[k].AsSpan(k + 1);
            var projected = new double[v.Length];
            for (var i = 0; i < v.Length; i++) Vectors.Add(projected, q[k + 1 + i].AsSpan(k + 1), v[i]);
            for (var i = 0; i < v.Length; i++) Vectors.Add(q[k + 1 + i].AsSpan(k + 1), projected, -scales[k] * v[i]);
        }
        return q;
    }

    /// <summary>Makes T diagonal by rotations, which the rows take part in.</summary>
    private static void Rotate(double[] d, double[] e, double[][] rows)
    {
        var n = d.Length;
        // beside eigenvalues that rounding of the greatest ones has made, nothing smaller than it has a meaning
        var least = Rounding * Enumerable.Range(0, n).Max(i => Math.Abs(d[i]) + Math.Abs(e[i]));
        for (var l = 0; l < n; l++)
            for (var sweep = 0; ; sweep++)
            {
                var m = l;
                while (m < n - 1 && Math.Abs(e[m]) > least) m++;
                if (m == l) break;
                if (sweep == MostSweeps) throw new ArithmeticException("The eigenvalues did not converge: the matrix holds numbers that are not finite.");
                Sweep(d, e, rows, l, m);
            }
    }

    /// <summary>One implicit QL step on the block from l to m.</summary>
    private static void Sweep(double[] d, double[] e, double[][] rows, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + Math.CopySign(double.Hypot(g, 1), g));
        var (s, c, p) = (1.0, 1.0, 0.0);
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var r = e[i + 1] = double.Hypot(f, g);
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            Turn(rows[i], rows[i + 1], s, c);
        }
        d[l] -= p;
        (e[l], e[m]) = (g, 0);
    }

    /// <summary>(low, high) becomes (c low - s high, s low + c high).</summary>
    private static void Turn(Span<double> low, Span<double> high, double s, double c)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(low);
        var b = MemoryMarshal.Cast<double, Vector<double>>(high);
        for (var i = 0; i < a.Length; i++) (a[i], b[i]) = (c * a[i] - s * b[i], s * a[i] + c * b[i]);
        for (var i = a.Length * Vector<double>.Count; i < low.Length; i++) (low[i], high[i]) = (c * low[i] - s * high[i], s * low[i] + c * high[i]);
    }
}
