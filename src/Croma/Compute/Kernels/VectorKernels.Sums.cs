using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

internal static unsafe partial class VectorKernels
{
    /// <summary>The inner product, summed in a fixed order.</summary>
    public static Real Dot(Real* x, Real* y, int count)
    {
        Real result;
        Simd.Run(new Products(x, y, count, &result));
        return result;
    }

    /// <summary>The sum, in a fixed order.</summary>
    public static Real Sum(Real* x, int count)
    {
        Real result;
        Simd.Run(new Total(x, count, &result));
        return result;
    }

    private readonly struct Products(Real* x, Real* y, int count, Real* result) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var a = x;
            var b = y;
            nint end = count;
            nint i = 0;
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (; i <= end - 4 * TSimd.Count; i += 4 * TSimd.Count)
            {
                var xs = a + i;
                var ys = b + i;
                sum0 = TSimd.MultiplyAdd(TSimd.Load(xs), TSimd.Load(ys), sum0);
                sum1 = TSimd.MultiplyAdd(TSimd.Load(xs + TSimd.Count), TSimd.Load(ys + TSimd.Count), sum1);
                sum2 = TSimd.MultiplyAdd(TSimd.Load(xs + 2 * TSimd.Count), TSimd.Load(ys + 2 * TSimd.Count), sum2);
                sum3 = TSimd.MultiplyAdd(TSimd.Load(xs + 3 * TSimd.Count), TSimd.Load(ys + 3 * TSimd.Count), sum3);
            }
            for (; i <= end - TSimd.Count; i += TSimd.Count)
                sum0 = TSimd.MultiplyAdd(TSimd.Load(a + i), TSimd.Load(b + i), sum0);
            if (i < end)
                sum0 = TSimd.MultiplyAdd(LoadFirst<TSimd, TVector>(a + i, (int)(end - i)), LoadFirst<TSimd, TVector>(b + i, (int)(end - i)), sum0);
            *result = TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
        }
    }

    private readonly struct Total(Real* x, int count, Real* result) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var a = x;
            nint end = count;
            nint i = 0;
            TVector sum = default;
            for (; i <= end - TSimd.Count; i += TSimd.Count) sum = TSimd.Add(sum, TSimd.Load(a + i));
            if (i < end) sum = TSimd.Add(sum, LoadFirst<TSimd, TVector>(a + i, (int)(end - i)));
            *result = TSimd.Sum(sum);
        }
    }
}
