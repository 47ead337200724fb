using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

/// <summary>Tests that force an instruction set, which is one for the whole process: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstructionSets
{
    public const string Name = "Instruction sets";

    /// <summary>Runs <paramref name="body"/> with every set that this machine has.</summary>
    internal static void ForEach(Action<InstructionSet> body)
    {
        try
        {
            for (var set = InstructionSet.Portable; set <= Simd.Best; set++)
            {
                Simd.Force(set);
                body(set);
            }
        }
        finally
        {
            Simd.Force(Simd.Best);
        }
    }
}
