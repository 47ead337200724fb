using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class VectorKernels
{
    /// <summary>
    /// Adam (Kingma and Ba 2015), bias-corrected, from a gradient: m and v are the moments; first moment null means
    /// beta1 = 0. At the first step the moments are not read: they start from zero.
    /// </summary>
    public static void Adam(Real* p, Real* gradient, Real* m, Real* v, in AdamRates rates, int count)
    {
        if (m == null) Simd.Run(new AdamPass<No>(p, gradient, m, v, rates, count));
        else Simd.Run(new AdamPass<Yes>(p, gradient, m, v, rates, count));
    }

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
            var update = new AdamUpdate<TSimd, TVector, TMomentum>(rates);
            for (nint i = 0; i < count; i += TSimd.Count) update.Apply(TSimd.Load(gradient + i), p + i, m + i, v + i);
        }

        private static void Copy(Real* from, Real* to, int count) => new Span<Real>(from, count).CopyTo(new Span<Real>(to, count));
    }
}
