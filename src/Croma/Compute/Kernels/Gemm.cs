using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>What a product does with what is already in the output.</summary>
internal enum Epilogue
{
    /// <summary>C = A W (+ bias).</summary>
    Store,

    /// <summary>C += A W (+ bias).</summary>
    Add,

    /// <summary>C = max(0, A W + bias).</summary>
    Relu,
}

/// <summary>
/// Matrix products with weights in panels (see <see cref="Panels"/>). Every number of a result is summed in an order
/// that depends on the instruction set only: a row alone gives the same bits as the same row in a batch.
/// </summary>
internal static unsafe partial class Gemm
{
    /// <summary>Weights of up to this many bytes stay in the second-level cache.</summary>
    private const long ResidentBytes = 1 << 20;

    /// <summary>Rows that pass by all panels of such weights together, so that C is written nearly row by row.</summary>
    private const int ResidentRows = 4 * Tiles.MostRows;

    /// <summary>C[m, n] = A[m, k] W[k, n] (+ bias[n]). Rows of A and C are <paramref name="lda"/> and <paramref name="ldc"/> apart; writes all padded columns between <paramref name="from"/> and <paramref name="to"/>, multiples of a panel's width.</summary>
    public static void Multiply(Real* a, int lda, Real* panels, Real* bias, Real* c, int ldc, int m, int n, int k, Epilogue epilogue, int from = 0, int to = int.MaxValue)
    {
        to = Math.Min(to, Panels.Padded(n));
        if (bias != null && epilogue == Epilogue.Add)
        {
            for (var i = 0; i < m; i++) VectorKernels.AddScaled(c + (long)i * ldc + from, bias + from, 1, to - from);
            bias = null;
        }
        var rowsOfPass = (long)Panels.Size(k, n) * sizeof(Real) <= ResidentBytes ? ResidentRows : m;
        for (var row = 0; row < m; row += rowsOfPass)
            for (var start = from; start < to; start += Panels.Width)
                MultiplyPanel(a + (long)row * lda, lda, panels + (long)start * k, Panels.WidthAt(start, n), bias == null ? null : bias + start,
                    c + (long)row * ldc + start, ldc, Math.Min(rowsOfPass, m - row), k, epilogue);
    }

    /// <summary>One panel's columns of a product: W is [k, width].</summary>
    public static void MultiplyPanel(Real* a, int lda, Real* panel, int width, Real* bias, Real* c, int ldc, int m, int k, Epilogue epilogue)
    {
        var operands = new TileOperands
        {
            A = a,
            ARow = lda,
            AColumn = 1,
            B = panel,
            BRow = width,
            Start = epilogue == Epilogue.Add ? c : bias == null ? Simd.Zeros : bias,
            StartRow = epilogue == Epilogue.Add ? ldc : 0,
            C = c,
            CRow = ldc,
            Depth = k,
            Relu = epilogue == Epilogue.Relu,
        };
        Tiles.Cover(operands, m, width);
    }

    /// <summary>
    /// The panels of W[k, n]^T, that is of a matrix [n, k], padding included; of its columns those between
    /// <paramref name="from"/> and <paramref name="to"/>, multiples of a panel's width.
    /// </summary>
    public static void Transpose(Real* panels, Real* transposed, int n, int k, int from = 0, int to = int.MaxValue)
    {
        for (var p = from; p < Math.Min(k, to); p += Panels.Granularity)
            for (var start = 0; start < n; start += Panels.Width)
            {
                var width = Panels.WidthAt(start, n);
                var source = panels + (long)start * k + (long)p * width;
                var target = transposed + Panels.Offset(start, p, n, k);
                var toWidth = Panels.WidthAt(p & ~(Panels.Width - 1), k);
                TransposeBlock(source, width, target, toWidth, Math.Min(Panels.Granularity, k - p), Math.Min(width, n - start));
            }
    }

    /// <summary>to[columns, 16] = the transposed from[rows, columns], rows at most 16, the rest zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeBlock(Real* from, nint fromRow, Real* to, nint toRow, int rows, int columns)
    {
        for (nint j = 0; j < columns; j++)
        {
            for (nint p = 0; p < rows; p++) to[j * toRow + p] = from[p * fromRow + j];
            for (nint p = rows; p < Panels.Granularity; p++) to[j * toRow + p] = 0;
        }
    }
}
