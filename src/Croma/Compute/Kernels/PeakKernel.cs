using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// What a core could do at most: independent chains of multiply-adds that touch no memory, as many as hide the
/// instruction's latency. The clock moves with heat and neighbours, so a share of the peak is taken from a peak
/// measured right before.
/// </summary>
internal static unsafe class PeakKernel
{
    private const int Chains = 12, Rounds = 20_000;

    /// <summary>Floating-point operations a second of this thread, the best of several bursts within <paramref name="seconds"/>.</summary>
    public static double Measure(double seconds)
    {
        var best = 0.0;
        var sink = stackalloc Real[64 / sizeof(Real)];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            var start = Stopwatch.GetTimestamp();
            Simd.Run(new MultiplyAdds(sink));
            var count = 2.0 * Chains * Rounds * Simd.Active switch
            {
                InstructionSet.Avx512 => Simd512.Count,
                InstructionSet.Avx2 => Simd256.Count,
                _ => Simd128.Count,
            };
            best = Math.Max(best, count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private readonly struct MultiplyAdds(Real* sink) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var (factor, term) = (TSimd.Broadcast((Real)0.5), TSimd.Broadcast(1));
            TVector x0 = term, x1 = term, x2 = term, x3 = term, x4 = term, x5 = term, x6 = term, x7 = term, x8 = term, x9 = term, x10 = term, x11 = term;
            for (var i = 0; i < Rounds; i++)
            {
                x0 = TSimd.MultiplyAdd(x0, factor, term);
                x1 = TSimd.MultiplyAdd(x1, factor, term);
                x2 = TSimd.MultiplyAdd(x2, factor, term);
                x3 = TSimd.MultiplyAdd(x3, factor, term);
                x4 = TSimd.MultiplyAdd(x4, factor, term);
                x5 = TSimd.MultiplyAdd(x5, factor, term);
                x6 = TSimd.MultiplyAdd(x6, factor, term);
                x7 = TSimd.MultiplyAdd(x7, factor, term);
                x8 = TSimd.MultiplyAdd(x8, factor, term);
                x9 = TSimd.MultiplyAdd(x9, factor, term);
                x10 = TSimd.MultiplyAdd(x10, factor, term);
                x11 = TSimd.MultiplyAdd(x11, factor, term);
            }
            var sum = TSimd.Add(TSimd.Add(TSimd.Add(x0, x1), TSimd.Add(x2, x3)), TSimd.Add(TSimd.Add(x4, x5), TSimd.Add(x6, x7)));
            TSimd.Store(TSimd.Add(sum, TSimd.Add(TSimd.Add(x8, x9), TSimd.Add(x10, x11))), sink);
        }
    }
}
