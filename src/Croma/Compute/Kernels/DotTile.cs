using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// The micro-kernel of dA += dC W^T without a transposed copy of W: up to 6 rows by 4 rows of W, whose inner products
/// stay in registers, one vector each, until the end.
/// </summary>
internal static unsafe class DotTile<TSimd, TVector, TRows>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRows : IConstant
{
    /// <summary>
    /// da[rows, 4] += dc[rows, n] times the transposed of four rows of W: row <paramref name="p"/> and the ones
    /// <paramref name="next"/> further on (0: the same row again).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(Real* dc, nint ldc, Real* panels, int p, nint next, Real* da, nint lda, int n, int k)
    {
        Quad sums0 = default, sums1 = default, sums2 = default, sums3 = default, sums4 = default, sums5 = default;
        var d0 = dc;
        var d1 = d0 + ldc;
        var d2 = d1 + ldc;
        var d3 = d2 + ldc;
        var d4 = d3 + ldc;
        var d5 = d4 + ldc;
        for (var start = 0; start < Panels.Padded(n); start += Panels.Width)
        {
            nint width = Panels.WidthAt(start, n);
            var w0 = panels + (long)start * k + p * width;
            var w1 = w0 + next * width;
            var w2 = w1 + next * width;
            var w3 = w2 + next * width;
            for (nint j = 0; j < width; j += TSimd.Count)
            {
                Quad w;
                w.V0 = TSimd.Load(w0 + j);
                w.V1 = TSimd.Load(w1 + j);
                w.V2 = TSimd.Load(w2 + j);
                w.V3 = TSimd.Load(w3 + j);
                sums0 = MultiplyAdd(d0 + j, w, sums0);
                if (TRows.Value > 1) sums1 = MultiplyAdd(d1 + j, w, sums1);
                if (TRows.Value > 2) sums2 = MultiplyAdd(d2 + j, w, sums2);
                if (TRows.Value > 3) sums3 = MultiplyAdd(d3 + j, w, sums3);
                if (TRows.Value > 4) sums4 = MultiplyAdd(d4 + j, w, sums4);
                if (TRows.Value > 5) sums5 = MultiplyAdd(d5 + j, w, sums5);
            }
            d0 += width;
            d1 += width;
            d2 += width;
            d3 += width;
            d4 += width;
            d5 += width;
        }
        AddSums(sums0, da);
        if (TRows.Value > 1) AddSums(sums1, da + lda);
        if (TRows.Value > 2) AddSums(sums2, da + 2 * lda);
        if (TRows.Value > 3) AddSums(sums3, da + 3 * lda);
        if (TRows.Value > 4) AddSums(sums4, da + 4 * lda);
        if (TRows.Value > 5) AddSums(sums5, da + 5 * lda);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad MultiplyAdd(Real* d, Quad w, Quad sums)
    {
        var factor = TSimd.Load(d);
        sums.V0 = TSimd.MultiplyAdd(factor, w.V0, sums.V0);
        sums.V1 = TSimd.MultiplyAdd(factor, w.V1, sums.V1);
        sums.V2 = TSimd.MultiplyAdd(factor, w.V2, sums.V2);
        sums.V3 = TSimd.MultiplyAdd(factor, w.V3, sums.V3);
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSums(Quad sums, Real* to) => TSimd.AddSums(sums.V0, sums.V1, sums.V2, sums.V3, to);

    private struct Quad
    {
        public TVector V0, V1, V2, V3;
    }
}
