using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class VectorKernels
{
    /// <summary>
    /// Adam (Kingma and Ba 2015), bias-corrected: m and v are the moments; first moment null means beta1 = 0.
    /// p -= stepSize * mHat / (sqrt(vHat) + epsilon), with mHat = m / correction1 and vHat = v / correction2.
    /// </summary>
    public static void Adam(Real* p, Real* gradient, Real* m, Real* v, Real stepSize, double beta1, double beta2, Real epsilon, Real correction1, Real correction2, int count)
    {
        // 1 - 0.999f is 1.3e-5 off 0.001: the difference is taken before it is rounded, as PyTorch does
        var rates = new AdamRates(-stepSize / correction1, (Real)beta1, (Real)(1 - beta1), (Real)beta2, (Real)(1 - beta2), epsilon, 1 / (Real)Math.Sqrt(correction2));
        if (m == null) Simd.Run(new AdamPass<WithoutMomentum>(p, gradient, m, v, rates, count));
        else Simd.Run(new AdamPass<WithMomentum>(p, gradient, m, v, rates, count));
    }

    private readonly record struct AdamRates(Real Step, Real Beta1, Real Rest1, Real Beta2, Real Rest2, Real Epsilon, Real RootScale);

    private readonly struct WithMomentum : IConstant
    {
        public static int Value => 1;
    }

    private readonly struct WithoutMomentum : IConstant
    {
        public static int Value => 0;
    }

    private readonly struct AdamPass<TMomentum>(Real* p, Real* gradient, Real* m, Real* v, AdamRates rates, int count) : IKernel
        where TMomentum : IConstant
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var ps = p;
            var gs = gradient;
            var ms = m;
            var vs = v;
            var r = rates;
            nint end = count;
            nint i = 0;
            for (; i <= end - TSimd.Count; i += TSimd.Count)
            {
                var first = TSimd.Load(gs + i);
                var second = NextSecond<TSimd, TVector>(TSimd.Load(vs + i), first, r);
                TSimd.Store(second, vs + i);
                if (TMomentum.Value != 0)
                {
                    first = NextFirst<TSimd, TVector>(TSimd.Load(ms + i), first, r);
                    TSimd.Store(first, ms + i);
                }
                TSimd.Store(Next<TSimd, TVector>(TSimd.Load(ps + i), first, second, r), ps + i);
            }
            if (i == end) return;
            var rest = (int)(end - i);
            var lastFirst = LoadFirst<TSimd, TVector>(gs + i, rest);
            var lastSecond = NextSecond<TSimd, TVector>(LoadFirst<TSimd, TVector>(vs + i, rest), lastFirst, r);
            StoreFirst<TSimd, TVector>(lastSecond, vs + i, rest);
            if (TMomentum.Value != 0)
            {
                lastFirst = NextFirst<TSimd, TVector>(LoadFirst<TSimd, TVector>(ms + i, rest), lastFirst, r);
                StoreFirst<TSimd, TVector>(lastFirst, ms + i, rest);
            }
            StoreFirst<TSimd, TVector>(Next<TSimd, TVector>(LoadFirst<TSimd, TVector>(ps + i, rest), lastFirst, lastSecond, r), ps + i, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector NextFirst<TSimd, TVector>(TVector first, TVector g, AdamRates r)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.MultiplyAdd(TSimd.Broadcast(r.Beta1), first, TSimd.Multiply(TSimd.Broadcast(r.Rest1), g));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector NextSecond<TSimd, TVector>(TVector second, TVector g, AdamRates r)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.MultiplyAdd(TSimd.Broadcast(r.Beta2), second, TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(r.Rest2), g), g));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Next<TSimd, TVector>(TVector p, TVector first, TVector second, AdamRates r)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(second), TSimd.Broadcast(r.RootScale), TSimd.Broadcast(r.Epsilon));
            return TSimd.Add(p, TSimd.Divide(TSimd.Multiply(TSimd.Broadcast(r.Step), first), denominator));
        }
    }
}
