using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class VectorKernels
{
    /// <summary>
    /// Adam (Kingma and Ba 2015), bias-corrected, from a gradient: m and v are the moments; first moment null means
    /// beta1 = 0.
    /// </summary>
    public static void Adam(Real* p, Real* gradient, Real* m, Real* v, in AdamRates rates, int count)
    {
        if (m == null) Simd.Run(new AdamPass<WithoutMomentum>(p, gradient, m, v, rates, count));
        else Simd.Run(new AdamPass<WithMomentum>(p, gradient, m, v, rates, count));
    }

    private readonly struct WithMomentum : IConstant
    {
        public static int Value => 1;
    }

    private readonly struct WithoutMomentum : IConstant
    {
        public static int Value => 0;
    }

    /// <summary>
    /// Added to the second moment at every step, so that it never becomes zero or too small for a normal number, on which
    /// processors are slow. Its root stays below 1e-13, far below any epsilon of use.
    /// </summary>
    private const float Floor = 1e-30f;

    private readonly struct AdamPass<TMomentum>(Real* p, Real* gradient, Real* m, Real* v, AdamRates rates, int count) : IKernel
        where TMomentum : IConstant
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var whole = count & -TSimd.Count;
            Update<TSimd, TVector>(p, gradient, m, v, rates, whole);
            if (whole < count) UpdateRest<TSimd, TVector>(whole);
        }

        /// <summary>The last numbers, too few for a vector.</summary>
        private void UpdateRest<TSimd, TVector>(int whole)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var lanes = stackalloc Real[4 * MostLanes];
            new Span<Real>(lanes, 4 * MostLanes).Clear();
            var rest = count - whole;
            Copy(gradient + whole, lanes, rest);
            Copy(p + whole, lanes + MostLanes, rest);
            Copy(v + whole, lanes + 2 * MostLanes, rest);
            if (TMomentum.Value != 0) Copy(m + whole, lanes + 3 * MostLanes, rest);
            Update<TSimd, TVector>(lanes + MostLanes, lanes, lanes + 3 * MostLanes, lanes + 2 * MostLanes, rates, TSimd.Count);
            Copy(lanes + MostLanes, p + whole, rest);
            Copy(lanes + 2 * MostLanes, v + whole, rest);
            if (TMomentum.Value != 0) Copy(lanes + 3 * MostLanes, m + whole, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Update<TSimd, TVector>(Real* p, Real* gradient, Real* m, Real* v, in AdamRates rates, nint count)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var (step, epsilon, rootScale, floor) = (TSimd.Broadcast(rates.Step), TSimd.Broadcast(rates.Epsilon), TSimd.Broadcast(rates.RootScale), TSimd.Broadcast((Real)Floor));
            var (beta1, rest1) = (TSimd.Broadcast(rates.Beta1), TSimd.Broadcast(rates.Rest1));
            var (beta2, rest2) = (TSimd.Broadcast(rates.Beta2), TSimd.Broadcast(rates.Rest2));
            for (nint i = 0; i < count; i += TSimd.Count)
            {
                var first = TSimd.Load(gradient + i);
                var second = TSimd.MultiplyAdd(beta2, TSimd.Load(v + i), TSimd.MultiplyAdd(TSimd.Multiply(rest2, first), first, floor));
                TSimd.Store(second, v + i);
                if (TMomentum.Value != 0)
                {
                    first = TSimd.MultiplyAdd(beta1, TSimd.Load(m + i), TSimd.Multiply(rest1, first));
                    TSimd.Store(first, m + i);
                }
                var denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(second), rootScale, epsilon);
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Multiply(step, first), TSimd.Reciprocal(denominator), TSimd.Load(p + i)), p + i);
            }
        }

        private static void Copy(Real* from, Real* to, int count) => new Span<Real>(from, count).CopyTo(new Span<Real>(to, count));
    }
}
