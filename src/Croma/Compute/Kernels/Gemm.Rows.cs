using System.Runtime.InteropServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>
    /// C[m, n] = A[m, k] B[n, k]^T, all row-major: the inner products of A's rows with B's. Reads both paddings, which
    /// must be zero.
    /// </summary>
    public static void InnerProducts(Real* a, int lda, Real* b, int ldb, Real* c, int ldc, int m, int n, int k)
    {
        for (var i = 0; i < m; i++) NativeMemory.Clear(c + (long)i * ldc, (nuint)n * sizeof(Real));
        var rows = new DotOperand { Rows = b, RowDistance = ldb, Run = Panels.Padded(k), Runs = 1 };
        Tiles.CoverByDots(a, lda, rows, c, ldc, m, n);
    }

    /// <summary>
    /// C[m, n] += A[m, k] B[k, n], with B and C row-major and padded, A's neighbours in a column
    /// <paramref name="aRow"/> and in a row <paramref name="aColumn"/> apart (exchanged: A transposed).
    /// </summary>
    public static void AddProduct(Real* a, int aRow, int aColumn, Real* b, int ldb, Real* c, int ldc, int m, int n, int k)
    {
        for (var start = 0; start < Panels.Padded(n); start += Panels.Width)
        {
            var operands = new TileOperands
            {
                A = a,
                ARow = aRow,
                AColumn = aColumn,
                B = b + start,
                BRow = ldb,
                Start = c + start,
                StartRow = ldc,
                C = c + start,
                CRow = ldc,
                Depth = k,
            };
            Tiles.Cover(operands, m, Panels.WidthAt(start, n));
        }
    }
}
