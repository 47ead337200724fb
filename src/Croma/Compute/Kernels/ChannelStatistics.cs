using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// Each channel's mean and sum of squared deviations over the pixels of one image: two passes over a block of rows
/// that stays in the first-level cache, blocks combined as in Chan, Golub and LeVeque 1979.
/// </summary>
internal readonly unsafe struct ChannelStatistics(Real* x, int pixels, int stride, Real* mean, Real* squares) : IKernel
{
    private const int RowsOfBlock = 32;

    public static void Of(Real* x, int pixels, int stride, Real* mean, Real* squares) => Simd.Run(new ChannelStatistics(x, pixels, stride, mean, squares));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var means = mean;
        var sums = squares;
        nint row = stride;
        for (var done = 0; done < pixels; done += RowsOfBlock)
        {
            var rows = Math.Min(RowsOfBlock, pixels - done);
            var block = x + done * row;
            var total = (Real)(done + rows);
            var inverse = TSimd.Broadcast(1 / (Real)rows);
            var share = TSimd.Broadcast(rows / total);
            var weight = TSimd.Broadcast((Real)done * rows / total);
            for (nint c = 0; c < row; c += TSimd.Count)
            {
                var blockMean = TSimd.Multiply(Sum<TSimd, TVector>(block + c, row, rows), inverse);
                var deviations = SquaredDeviations<TSimd, TVector>(block + c, row, rows, blockMean);
                if (done > 0)
                {
                    var before = TSimd.Load(means + c);
                    var difference = TSimd.Subtract(blockMean, before);
                    blockMean = TSimd.MultiplyAdd(difference, share, before);
                    deviations = TSimd.Add(deviations, TSimd.MultiplyAdd(TSimd.Multiply(difference, difference), weight, TSimd.Load(sums + c)));
                }
                TSimd.Store(blockMean, means + c);
                TSimd.Store(deviations, sums + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TSimd, TVector>(Real* at, nint row, int rows)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        var left = rows;
        for (; left >= 4; left -= 4, at += 4 * row)
        {
            sum0 = TSimd.Add(sum0, TSimd.Load(at));
            sum1 = TSimd.Add(sum1, TSimd.Load(at + row));
            sum2 = TSimd.Add(sum2, TSimd.Load(at + 2 * row));
            sum3 = TSimd.Add(sum3, TSimd.Load(at + 3 * row));
        }
        for (; left > 0; left--, at += row) sum0 = TSimd.Add(sum0, TSimd.Load(at));
        return TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SquaredDeviations<TSimd, TVector>(Real* at, nint row, int rows, TVector mean)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        var left = rows;
        for (; left >= 4; left -= 4, at += 4 * row)
        {
            var d0 = TSimd.Subtract(TSimd.Load(at), mean);
            var d1 = TSimd.Subtract(TSimd.Load(at + row), mean);
            var d2 = TSimd.Subtract(TSimd.Load(at + 2 * row), mean);
            var d3 = TSimd.Subtract(TSimd.Load(at + 3 * row), mean);
            sum0 = TSimd.MultiplyAdd(d0, d0, sum0);
            sum1 = TSimd.MultiplyAdd(d1, d1, sum1);
            sum2 = TSimd.MultiplyAdd(d2, d2, sum2);
            sum3 = TSimd.MultiplyAdd(d3, d3, sum3);
        }
        for (; left > 0; left--, at += row)
        {
            var d = TSimd.Subtract(TSimd.Load(at), mean);
            sum0 = TSimd.MultiplyAdd(d, d, sum0);
        }
        return TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
    }
}
