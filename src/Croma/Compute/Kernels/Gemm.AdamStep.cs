namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>
    /// One update by Adam of W[k, n] in panels (those between two multiples of their width) from its gradient A[m, k]^T dC[m, n], which never leaves the cache:
    /// bitwise what <see cref="WeightGradient"/> from zero and then
    /// <see cref="VectorKernels.Adam(Real*, Real*, Real*, Real*, in AdamRates, int)"/> give. <paramref name="gradient"/> is working memory of the weight's size, zero before and after.
    /// </summary>
    public static void AdamStep(Real* a, int lda, Real* dc, int ldc, Real* panels, Real* gradient, Real* first, Real* second, in AdamRates rates, int m, int n, int k, int from = 0, int to = int.MaxValue)
    {
        var packed = stackalloc Real[m < FewestPacked ? 0 : PackedRows * Panels.Width];
        for (var start = from; start < Math.Min(to, Panels.Padded(n)); start += Panels.Width)
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

    /// <summary>The same of one panel from so few rows that a tile's gradient is complete at once.</summary>
    private static void StepPanel(Real* a, int lda, Real* dc, int ldc, Real* packed, Real* panel, Real* first, Real* second, in AdamRates rates, int m, int width, int k)
    {
        if (m >= FewestPacked)
        {
            Simd.Run(new Packing(dc, ldc, packed, m, width));
            dc = packed;
            ldc = width;
        }
        var operands = new TileOperands { A = a, ARow = 1, AColumn = lda, B = dc, BRow = ldc, C = panel, CRow = width, Depth = m };
        Tiles.CoverWithSteps(operands, first == null ? 0 : (nint)((byte*)first - (byte*)panel), (nint)((byte*)second - (byte*)panel), rates, k, width);
    }
}
