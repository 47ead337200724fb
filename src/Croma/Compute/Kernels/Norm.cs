using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// What a normalisation does to the channels of an image: y = max(Floor, (x - Mean) Scale + Shift), and back
/// dx = dy Scale + (x - Mean) Slope + Offset. All of one vector's length, padding zero.
/// </summary>
internal unsafe struct NormCoefficients
{
    public Real* Mean, Scale, Shift, Slope, Offset;

    /// <summary>0 where a ReLU follows, else minus infinity.</summary>
    public Real Floor;

    /// <summary>The coefficients of the set that lies <paramref name="distance"/> numbers further on.</summary>
    public readonly NormCoefficients At(long distance) => new()
    {
        Mean = Mean + distance,
        Scale = Scale + distance,
        Shift = Shift + distance,
        Slope = Slope + distance,
        Offset = Offset + distance,
        Floor = Floor,
    };
}

/// <summary>
/// The passes of a normalisation over one image [pixels, stride]. What the ReLU let through is worked out again on the
/// way back rather than remembered: that reads nothing that is not needed anyway.
/// </summary>
internal static unsafe class Norm
{
    /// <summary>y = max(floor, (x - mean) scale + shift).</summary>
    public static void Apply(Real* x, Real* y, in NormCoefficients coefficients, int pixels, int stride) => Simd.Run(new Forward(x, y, coefficients, pixels, stride));

    /// <summary>Each channel's sums of dy and of dy (x - mean), dy only where the ReLU let through.</summary>
    public static void GradientSums(Real* x, Real* dy, in NormCoefficients coefficients, Real* sums, Real* products, int pixels, int stride)
    {
        new Span<Real>(sums, stride).Clear();
        new Span<Real>(products, stride).Clear();
        Simd.Run(new Sums(x, dy, coefficients, sums, products, pixels, stride));
    }

    /// <summary>dx (+)= dy scale + (x - mean) slope + offset, dy only where the ReLU let through.</summary>
    public static void ApplyGradient(Real* x, Real* dy, Real* dx, in NormCoefficients coefficients, int pixels, int stride, bool add) =>
        Simd.Run(new Backward(x, dy, dx, coefficients, pixels, stride, add));

    private readonly struct Forward(Real* x, Real* y, NormCoefficients coefficients, int pixels, int stride) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var from = x;
            var to = y;
            var mean = coefficients.Mean;
            var scale = coefficients.Scale;
            var shift = coefficients.Shift;
            var floor = TSimd.Broadcast(coefficients.Floor);
            nint row = stride;
            for (var left = pixels; left > 0; left--, from += row, to += row)
                for (nint c = 0; c < row; c += TSimd.Count)
                {
                    var value = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Load(from + c), TSimd.Load(mean + c)), TSimd.Load(scale + c), TSimd.Load(shift + c));
                    TSimd.Store(TSimd.Max(floor, value), to + c);
                }
        }
    }

    private readonly struct Sums(Real* x, Real* dy, NormCoefficients coefficients, Real* sums, Real* products, int pixels, int stride) : IKernel
    {
        private const int RowsOfBlock = 32;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var floor = TSimd.Broadcast(coefficients.Floor);
            nint row = stride;
            for (var done = 0; done < pixels; done += RowsOfBlock)
                for (nint c = 0; c < row; c += TSimd.Count)
                {
                    var (mean, scale, shift) = (TSimd.Load(coefficients.Mean + c), TSimd.Load(coefficients.Scale + c), TSimd.Load(coefficients.Shift + c));
                    var (sum, product) = (TSimd.Load(sums + c), TSimd.Load(products + c));
                    var value = x + done * row + c;
                    var gradient = dy + done * row + c;
                    for (var left = Math.Min(RowsOfBlock, pixels - done); left > 0; left--, value += row, gradient += row)
                    {
                        var deviation = TSimd.Subtract(TSimd.Load(value), mean);
                        var through = TSimd.WhereGreaterOrNaN(TSimd.MultiplyAdd(deviation, scale, shift), floor, TSimd.Load(gradient), TSimd.Broadcast(0));
                        sum = TSimd.Add(sum, through);
                        product = TSimd.MultiplyAdd(through, deviation, product);
                    }
                    TSimd.Store(sum, sums + c);
                    TSimd.Store(product, products + c);
                }
        }
    }

    private readonly struct Backward(Real* x, Real* dy, Real* dx, NormCoefficients coefficients, int pixels, int stride, bool add) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var value = x;
            var gradient = dy;
            var to = dx;
            var mean = coefficients.Mean;
            var scale = coefficients.Scale;
            var shift = coefficients.Shift;
            var slope = coefficients.Slope;
            var offset = coefficients.Offset;
            var floor = TSimd.Broadcast(coefficients.Floor);
            var adds = add;
            nint row = stride;
            for (var left = pixels; left > 0; left--, value += row, gradient += row, to += row)
                for (nint c = 0; c < row; c += TSimd.Count)
                {
                    var deviation = TSimd.Subtract(TSimd.Load(value + c), TSimd.Load(mean + c));
                    var factor = TSimd.Load(scale + c);
                    var through = TSimd.WhereGreaterOrNaN(TSimd.MultiplyAdd(deviation, factor, TSimd.Load(shift + c)), floor, TSimd.Load(gradient + c), TSimd.Broadcast(0));
                    var result = TSimd.MultiplyAdd(deviation, TSimd.Load(slope + c), TSimd.MultiplyAdd(through, factor, TSimd.Load(offset + c)));
                    TSimd.Store(adds ? TSimd.Add(TSimd.Load(to + c), result) : result, to + c);
                }
        }
    }
}
