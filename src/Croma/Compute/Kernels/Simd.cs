using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Croma.Compute.Kernels;

/// <summary>What the kernels are run with.</summary>
internal enum InstructionSet
{
    /// <summary>128-bit vectors: SSE2 on x86-64, AdvSimd on Arm64.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>A kernel with its operands, written once for all instruction sets.</summary>
internal interface IKernel
{
    void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>
/// Which instruction set the kernels use: the best of this machine, chosen at start-up. Every kernel is one text,
/// generic over <see cref="ISimd{TVector}"/>, which the run-time compiler specialises for each set.
/// </summary>
internal static unsafe class Simd
{
    /// <summary>The best set of this machine.</summary>
    public static InstructionSet Best { get; } =
        Avx512F.IsSupported && Avx512DQ.IsSupported ? InstructionSet.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? InstructionSet.Avx2
        : InstructionSet.Portable;

    /// <summary>The set in use.</summary>
    public static InstructionSet Active { get; private set; } = Best;

    /// <summary>A panel's width of zeros, for sums that start from nothing.</summary>
    public static Real* Zeros { get; } = AllocateZeros();

    /// <summary>For tests and benchmarks: uses <paramref name="set"/> from now on, in all threads.</summary>
    public static void Force(InstructionSet set)
    {
        if (set > Best) throw new PlatformNotSupportedException($"This machine has no {set}; its best is {Best}.");
        Active = set;
    }

    /// <summary>Runs a kernel with the set in use.</summary>
    public static void Run<TKernel>(TKernel kernel)
        where TKernel : struct, IKernel
    {
        switch (Active)
        {
            case InstructionSet.Avx512:
                kernel.Run<Simd512, Vector512<Real>>();
                break;
            case InstructionSet.Avx2:
                kernel.Run<Simd256, Vector256<Real>>();
                break;
            default:
                kernel.Run<Simd128, Vector128<Real>>();
                break;
        }
    }

    private static Real* AllocateZeros()
    {
        const int bytes = Panels.Width * sizeof(Real);
        var zeros = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(zeros, bytes);
        return (Real*)zeros;
    }
}
