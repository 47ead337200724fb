using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>Rows of dC whose panel is copied together: 32 KB, which a first-level cache holds.</summary>
    private const int PackedRows = 32 * 1024 / (Panels.Width * sizeof(Real));

    /// <summary>From this many rows on a copy of dC's panel costs less than its rows' falling into the same cache sets.</summary>
    private const int FewestPacked = 32;

    /// <summary>dW[k, n] += A[m, k]^T dC[m, n] in panels, those between two multiples of their width.</summary>
    public static void WeightGradient(Real* a, int lda, Real* dc, int ldc, Real* dPanels, int m, int n, int k, int from = 0, int to = int.MaxValue)
    {
        var packed = stackalloc Real[m < FewestPacked ? 0 : PackedRows * Panels.Width];
        for (var start = from; start < Math.Min(to, Panels.Padded(n)); start += Panels.Width)
            AddPanelGradient(a, lda, dc + start, ldc, packed, dPanels + (long)start * k, m, Panels.WidthAt(start, n), k);
    }

    /// <summary>sums[n] += the column sums of dC[m, n]: the gradient of a bias.</summary>
    public static void AddColumnSums(Real* dc, int ldc, Real* sums, int m, int n) => Simd.Run(new ColumnSums(dc, ldc, sums, m, Panels.Padded(n)));

    private static void AddPanelGradient(Real* a, int lda, Real* dc, int ldc, Real* packed, Real* dPanel, int m, int width, int k)
    {
        for (var row = 0; row < m; row += PackedRows)
        {
            var rows = Math.Min(PackedRows, m - row);
            var operands = new TileOperands
            {
                A = a + (long)row * lda,
                ARow = 1,
                AColumn = lda,
                B = dc + (long)row * ldc,
                BRow = ldc,
                Start = dPanel,
                StartRow = width,
                C = dPanel,
                CRow = width,
                Depth = rows,
            };
            if (m >= FewestPacked)
            {
                Simd.Run(new Packing(operands.B, ldc, packed, rows, width));
                operands.B = packed;
                operands.BRow = width;
            }
            Tiles.Cover(operands, k, width);
        }
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
