namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>Rows of a weight panel whose gradient is made and used up together: 4 tiles, 6 KB.</summary>
    private const int StepRows = 4 * Tiles.MostRows;

    /// <summary>
    /// One update by Adam of W[k, n] in panels from its gradient A[m, k]^T dC[m, n], which never leaves the cache:
    /// bitwise what <see cref="WeightGradient"/> from zero and then
    /// <see cref="VectorKernels.Adam(Real*, Real*, Real*, Real*, in AdamRates, int)"/> give. <paramref name="gradient"/> is working memory of the weight's size, zero before and after.
    /// </summary>
    public static void AdamStep(Real* a, int lda, Real* dc, int ldc, Real* panels, Real* gradient, Real* first, Real* second, in AdamRates rates, int m, int n, int k)
    {
        var packed = stackalloc Real[m < FewestPacked ? 0 : PackedRows * Panels.Width];
        for (var start = 0; start < Panels.Padded(n); start += Panels.Width)
        {
            var (width, at) = (Panels.WidthAt(start, n), (long)start * k);
            var firstAt = first == null ? null : first + at;
            if (m > PackedRows)
            {
                AddPanelGradient(a, lda, dc + start, ldc, packed, gradient + at, m, width, k);
                VectorKernels.Adam(panels + at, gradient + at, firstAt, second + at, rates, k * width);
                new Span<Real>(gradient + at, k * width).Clear();
            }
            else
            {
                StepPanel(a, lda, dc + start, ldc, packed, panels + at, firstAt, second + at, rates, m, width, k);
            }
        }
    }

    /// <summary>The same of one panel from few enough rows that a tile's gradient is complete at once.</summary>
    private static void StepPanel(Real* a, int lda, Real* dc, int ldc, Real* packed, Real* panel, Real* first, Real* second, in AdamRates rates, int m, int width, int k)
    {
        var gradient = stackalloc Real[StepRows * Panels.Width];
        if (m >= FewestPacked)
        {
            Simd.Run(new Packing(dc, ldc, packed, m, width));
            dc = packed;
            ldc = width;
        }
        for (var row = 0; row < k; row += StepRows)
        {
            var rows = Math.Min(StepRows, k - row);
            var operands = new TileOperands
            {
                A = a + row,
                ARow = 1,
                AColumn = lda,
                B = dc,
                BRow = ldc,
                Start = Simd.Zeros,
                C = gradient,
                CRow = width,
                Depth = m,
            };
            Tiles.Cover(operands, rows, width);
            var at = (long)row * width;
            VectorKernels.Adam(panel + at, gradient, first == null ? null : first + at, second + at, rates, rows * width);
        }
    }
}
