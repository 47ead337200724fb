using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>What the forward pass of a pooled normalisation keeps of each window: which pixel won, and its x - mean.</summary>
internal unsafe struct PoolWinners
{
    /// <summary>0 to 3, in reading order; -1 where the ReLU let nothing through.</summary>
    public Real* Number;
    public Real* Deviation;

    public readonly PoolWinners At(long distance) => new() { Number = Number + distance, Deviation = Deviation + distance };
}

/// <summary>
/// The passes of a normalisation that is followed by 2 x 2 maximum pooling, over one image, so that the large result
/// before the pooling is never written, nor its gradient. The first of equal pixels wins, as in PyTorch; an odd last
/// row or column is in no window.
/// </summary>
internal static unsafe class NormPool
{
    private const Real NoWinner = -1;

    /// <summary>y[height / 2, width / 2] = the maxima of max(floor, (x - mean) scale + shift).</summary>
    public static void Apply(Real* x, Real* y, in PoolWinners winners, in NormCoefficients coefficients, int height, int width, int stride) =>
        Simd.Run(new Forward(x, y, winners, coefficients, height, width, stride));

    /// <summary>Each channel's sums of dy and of dy (x - mean), at the winners.</summary>
    public static void GradientSums(Real* dy, in PoolWinners winners, Real* sums, Real* products, int windows, int stride)
    {
        new Span<Real>(sums, stride).Clear();
        new Span<Real>(products, stride).Clear();
        Simd.Run(new Sums(dy, winners, sums, products, windows, stride));
    }

    /// <summary>dx (+)= dy scale (at the winners) + (x - mean) slope + offset.</summary>
    public static void ApplyGradient(Real* x, Real* dy, Real* dx, in PoolWinners winners, in NormCoefficients coefficients, int height, int width, int stride, bool add) =>
        Simd.Run(new Backward(x, dy, dx, winners, coefficients, height, width, stride, add));

    private readonly struct Forward(Real* x, Real* y, PoolWinners winners, NormCoefficients coefficients, int height, int width, int stride) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var to = y;
            var number = winners.Number;
            var kept = winners.Deviation;
            var means = coefficients.Mean;
            var scales = coefficients.Scale;
            var shifts = coefficients.Shift;
            var floor = TSimd.Broadcast(coefficients.Floor);
            nint row = stride;
            var line = width * row;
            for (var top = 0; top + 1 < height; top += 2)
                for (var left = 0; left + 1 < width; left += 2, to += row, number += row, kept += row)
                {
                    var window = x + top * line + left * row;
                    for (nint c = 0; c < row; c += TSimd.Count)
                    {
                        var (mean, scale, shift) = (TSimd.Load(means + c), TSimd.Load(scales + c), TSimd.Load(shifts + c));
                        var deviation = TSimd.Subtract(TSimd.Load(window + c), mean);
                        var best = TSimd.MultiplyAdd(deviation, scale, shift);
                        var winner = TSimd.Broadcast(0);
                        Compare<TSimd, TVector>(window + c + row, mean, scale, shift, 1, ref best, ref winner, ref deviation);
                        Compare<TSimd, TVector>(window + c + line, mean, scale, shift, 2, ref best, ref winner, ref deviation);
                        Compare<TSimd, TVector>(window + c + line + row, mean, scale, shift, 3, ref best, ref winner, ref deviation);
                        TSimd.Store(TSimd.Max(floor, best), to + c);
                        TSimd.Store(TSimd.WhereGreaterOrNaN(best, floor, winner, TSimd.Broadcast(NoWinner)), number + c);
                        TSimd.Store(deviation, kept + c);
                    }
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Compare<TSimd, TVector>(Real* x, TVector mean, TVector scale, TVector shift, Real number, ref TVector best, ref TVector winner, ref TVector kept)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var deviation = TSimd.Subtract(TSimd.Load(x), mean);
            var value = TSimd.MultiplyAdd(deviation, scale, shift);
            winner = TSimd.WhereGreaterOrNaN(value, best, TSimd.Broadcast(number), winner);
            kept = TSimd.WhereGreaterOrNaN(value, best, deviation, kept);
            best = TSimd.WhereGreaterOrNaN(value, best, value, best);
        }
    }

    private readonly struct Sums(Real* dy, PoolWinners winners, Real* sums, Real* products, int windows, int stride) : IKernel
    {
        private const int RowsOfBlock = 32;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            nint row = stride;
            for (var done = 0; done < windows; done += RowsOfBlock)
                for (nint c = 0; c < row; c += TSimd.Count)
                {
                    var (sum, product) = (TSimd.Load(sums + c), TSimd.Load(products + c));
                    var at = done * row + c;
                    for (var left = Math.Min(RowsOfBlock, windows - done); left > 0; left--, at += row)
                    {
                        var through = TSimd.WhereGreaterOrNaN(TSimd.Load(winners.Number + at), TSimd.Broadcast(NoWinner), TSimd.Load(dy + at), TSimd.Broadcast(0));
                        sum = TSimd.Add(sum, through);
                        product = TSimd.MultiplyAdd(through, TSimd.Load(winners.Deviation + at), product);
                    }
                    TSimd.Store(sum, sums + c);
                    TSimd.Store(product, products + c);
                }
        }
    }

    private readonly struct Backward(Real* x, Real* dy, Real* dx, PoolWinners winners, NormCoefficients coefficients, int height, int width, int stride, bool add) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            nint row = stride;
            var line = width * row;
            var gradients = dy;
            var numbers = winners.Number;
            for (var top = 0; top + 1 < height; top += 2)
            {
                for (var left = 0; left + 1 < width; left += 2, gradients += row, numbers += row)
                {
                    var at = top * line + left * row;
                    for (nint c = 0; c < row; c += TSimd.Count)
                    {
                        var gradient = TSimd.Multiply(TSimd.Load(gradients + c), TSimd.Load(coefficients.Scale + c));
                        var number = TSimd.Load(numbers + c);
                        Write<TSimd, TVector>(at, c, TSimd.WhereEqual(number, TSimd.Broadcast(0), gradient));
                        Write<TSimd, TVector>(at + row, c, TSimd.WhereEqual(number, TSimd.Broadcast(1), gradient));
                        Write<TSimd, TVector>(at + line, c, TSimd.WhereEqual(number, TSimd.Broadcast(2), gradient));
                        Write<TSimd, TVector>(at + line + row, c, TSimd.WhereEqual(number, TSimd.Broadcast(3), gradient));
                    }
                }
                if (width % 2 != 0)
                    for (var i = 0; i < 2; i++) WriteWithoutWindow<TSimd, TVector>((top + i) * line + (width - 1) * row);
            }
            if (height % 2 != 0)
                for (var left = 0; left < width; left++) WriteWithoutWindow<TSimd, TVector>((height - 1) * line + left * row);
        }

        private void WriteWithoutWindow<TSimd, TVector>(nint at)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            for (nint c = 0; c < stride; c += TSimd.Count) Write<TSimd, TVector>(at, c, TSimd.Broadcast(0));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Write<TSimd, TVector>(nint pixel, nint c, TVector gradient)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var deviation = TSimd.Subtract(TSimd.Load(x + pixel + c), TSimd.Load(coefficients.Mean + c));
            var result = TSimd.MultiplyAdd(deviation, TSimd.Load(coefficients.Slope + c), TSimd.Add(gradient, TSimd.Load(coefficients.Offset + c)));
            TSimd.Store(add ? TSimd.Add(TSimd.Load(dx + pixel + c), result) : result, dx + pixel + c);
        }
    }
}
