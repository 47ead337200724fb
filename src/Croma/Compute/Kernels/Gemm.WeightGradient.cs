using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>Rows of dC whose panel is copied together: 32 KB, which a first-level cache holds.</summary>
    private const int PackedRows = 32 * 1024 / (Panels.Width * sizeof(Real));

    /// <summary>From this many rows on a copy of dC's panel costs less than its rows' falling into the same cache sets.</summary>
    private const int FewestPacked = 32;

    /// <summary>dW[k, n] += A[m, k]^T dC[m, n] in panels; dBias[n] += the column sums of dC (null: no bias).</summary>
    public static void WeightGradient(Real* a, int lda, Real* dc, int ldc, Real* dPanels, Real* dBias, int m, int n, int k)
    {
        var packed = stackalloc Real[m < FewestPacked ? 0 : PackedRows * Panels.Width];
        for (var row = 0; row < m; row += PackedRows)
        {
            var rows = Math.Min(PackedRows, m - row);
            for (var start = 0; start < Panels.Padded(n); start += Panels.Width)
            {
                var width = Panels.WidthAt(start, n);
                var from = dc + (long)row * ldc + start;
                var bias = dBias == null ? null : dBias + start;
                if (bias != null) Simd.Run(new ColumnSums(from, ldc, bias, rows, width));
                var gradient = dPanels + (long)start * k;
                if (m < FewestPacked)
                {
                    AddPanelGradient(a, lda, from, ldc, gradient, rows, width, k);
                }
                else
                {
                    Simd.Run(new Packing(from, ldc, packed, rows, width));
                    AddPanelGradient(a + (long)row * lda, lda, packed, width, gradient, rows, width, k);
                }
            }
        }
    }

    /// <summary>sums[n] += the column sums of dC[m, n]: the gradient of a bias.</summary>
    public static void AddColumnSums(Real* dc, int ldc, Real* sums, int m, int n) => Simd.Run(new ColumnSums(dc, ldc, sums, m, Panels.Padded(n)));

    private static void AddPanelGradient(Real* a, int lda, Real* dc, int ldc, Real* dPanel, int m, int width, int k)
    {
        var operands = new TileOperands
        {
            A = a,
            ARow = 1,
            AColumn = lda,
            B = dc,
            BRow = ldc,
            Start = dPanel,
            StartRow = width,
            C = dPanel,
            CRow = width,
            Depth = m,
        };
        Tiles.Cover(operands, k, width);
    }

    private readonly struct ColumnSums(Real* from, nint stride, Real* sums, int rows, int columns) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            for (var c = 0; c < columns; c += TSimd.Count)
            {
                var sum = TSimd.Load(sums + c);
                var at = from + c;
                for (var left = rows; left > 0; left--, at += stride) sum = TSimd.Add(sum, TSimd.Load(at));
                TSimd.Store(sum, sums + c);
            }
        }
    }

    private readonly struct Packing(Real* from, nint stride, Real* to, int rows, int columns) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var source = from;
            var target = to;
            nint width = columns;
            for (var left = rows; left > 0; left--)
            {
                for (nint c = 0; c < width; c += TSimd.Count) TSimd.Store(TSimd.Load(source + c), target + c);
                source += stride;
                target += width;
            }
        }
    }
}
