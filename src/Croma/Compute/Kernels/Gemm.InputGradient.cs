using System.Runtime.InteropServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>
    /// dA[m, k] (+)= dC[m, n] W[k, n]^T, with W in panels of [k, n]. Reads dC's padding, which must be zero (or any
    /// finite number, as W's is). Inner products of rows, or, where these are short, a product with W transposed.
    /// </summary>
    public static void InputGradient(Real* dc, int ldc, Real* panels, Real* da, int lda, int m, int n, int k, bool add)
    {
        if (!add)
            for (var i = 0; i < m; i++) NativeMemory.Clear(da + (long)i * lda, (nuint)k * sizeof(Real));
        if (n <= Panels.Granularity)
        {
            NarrowInputGradient(dc, ldc, panels, da, lda, m, n, k);
            return;
        }
        var runs = Panels.Padded(n) / Panels.Width;
        var last = Panels.Padded(n) % Panels.Width;
        var rows = new DotOperand
        {
            Rows = panels,
            RowDistance = Panels.Width,
            Run = Panels.Width,
            RunDistance = (nint)k * Panels.Width,
            Runs = runs,
            LastRun = last,
            LastRows = panels + (long)runs * k * Panels.Width,
            LastRowDistance = last,
        };
        Tiles.CoverByDots(dc, ldc, rows, da, lda, m, k);
    }

    private static void NarrowInputGradient(Real* dc, int ldc, Real* panel, Real* da, int lda, int m, int n, int k)
    {
        var transposed = stackalloc Real[Panels.Granularity * Panels.Width];
        for (var start = 0; start < k; start += Panels.Width)
        {
            var width = Panels.WidthAt(start, k);
            for (var p = 0; p < width; p += Panels.Granularity)
                TransposeBlock(panel + (long)(start + p) * Panels.Granularity, Panels.Granularity, transposed + p, width, Math.Min(Panels.Granularity, k - start - p), n);
            var operands = new TileOperands
            {
                A = dc,
                ARow = ldc,
                AColumn = 1,
                B = transposed,
                BRow = width,
                Start = da + start,
                StartRow = lda,
                C = da + start,
                CRow = lda,
                Depth = n,
            };
            Tiles.Cover(operands, m, width);
        }
    }
}
