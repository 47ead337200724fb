using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>Passes over long runs of numbers.</summary>
internal static unsafe partial class VectorKernels
{
    /// <summary>Numbers in the widest vector there is, in either precision.</summary>
    private const int MostLanes = 64 / sizeof(Real);

    /// <summary>y += scale x.</summary>
    public static void AddScaled(Real* y, Real* x, Real scale, int count) => Simd.Run(new Map<ScaledSum>(y, x, y, y, new(scale), count));

    /// <summary>y = a + b.</summary>
    public static void Add(Real* a, Real* b, Real* y, int count) => Simd.Run(new Map<ScaledSum>(y, a, b, b, new(1), count));

    /// <summary>y += rate (x - y): Reptile's update.</summary>
    public static void MoveTowards(Real* y, Real* x, Real rate, int count) => Simd.Run(new Map<Interpolation>(y, x, y, y, new(rate), count));

    /// <summary>max(0, x).</summary>
    public static void Relu(Real* x, Real* y, int count) => Simd.Run(new Map<Rectifier>(y, x, x, x, default, count));

    /// <summary>dx += dy where y &gt; 0.</summary>
    public static void ReluGradient(Real* y, Real* dy, Real* dx, int count) => Simd.Run(new Map<SumWherePositive>(dx, dy, dx, y, default, count));

    /// <summary>y = e^(x - shift).</summary>
    public static void Exp(Real* x, Real* y, Real shift, int count) => Simd.Run(new Map<Exponential>(y, x, x, x, new(shift), count));

    /// <summary>x = 0 where |x| is below <see cref="Tiny.Below"/>.</summary>
    public static void DropTiny(Real* x, int count) => Simd.Run(new Map<TinyDropper>(x, x, x, x, default, count));

    /// <summary>A function of three numbers.</summary>
    private interface IFunction
    {
        TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct;
    }

    private readonly struct ScaledSum(Real scale) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.MultiplyAdd(TSimd.Broadcast(scale), x, second);
    }

    private readonly struct Interpolation(Real rate) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.MultiplyAdd(TSimd.Broadcast(rate), TSimd.Subtract(x, second), second);
    }

    private readonly struct Rectifier : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Max(TSimd.Broadcast(0), x);
    }

    private readonly struct SumWherePositive : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Add(second, TSimd.WherePositive(third, x));
    }

    private readonly struct TinyDropper : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.DropTiny(x);
    }

    private readonly struct Exponential(Real shift) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TSimd, TVector>(TVector x, TVector second, TVector third)
            where TSimd : ISimd<TVector>
            where TVector : struct => Elementary<TSimd, TVector>.Exp(TSimd.Subtract(x, TSimd.Broadcast(shift)));
    }

    /// <summary>y = f(a, b, c), number by number.</summary>
    private readonly struct Map<TFunction>(Real* y, Real* a, Real* b, Real* c, TFunction function, int count) : IKernel
        where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var to = y;
            var first = a;
            var second = b;
            var third = c;
            var f = function;
            nint end = count;
            nint i = 0;
            for (; i <= end - TSimd.Count; i += TSimd.Count)
                TSimd.Store(f.Of<TSimd, TVector>(TSimd.Load(first + i), TSimd.Load(second + i), TSimd.Load(third + i)), to + i);
            if (i == end) return;
            var rest = (int)(end - i);
            var last = f.Of<TSimd, TVector>(LoadFirst<TSimd, TVector>(first + i, rest), LoadFirst<TSimd, TVector>(second + i, rest), LoadFirst<TSimd, TVector>(third + i, rest));
            StoreFirst<TSimd, TVector>(last, to + i, rest);
        }
    }

    /// <summary>The next <paramref name="count"/> numbers, then zeros.</summary>
    private static TVector LoadFirst<TSimd, TVector>(Real* from, int count)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var lanes = stackalloc Real[MostLanes];
        new Span<Real>(lanes, MostLanes).Clear();
        new Span<Real>(from, count).CopyTo(new Span<Real>(lanes, MostLanes));
        return TSimd.Load(lanes);
    }

    private static void StoreFirst<TSimd, TVector>(TVector x, Real* to, int count)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var lanes = stackalloc Real[MostLanes];
        TSimd.Store(x, lanes);
        new Span<Real>(lanes, count).CopyTo(new Span<Real>(to, count));
    }
}
