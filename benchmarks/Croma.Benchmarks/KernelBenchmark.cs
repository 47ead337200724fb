using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Benchmarks;

/// <summary>What all cases share: an instruction set to force, and numbers.</summary>
public abstract class KernelBenchmark
{
    /// <summary>The sets that this machine has, by their names: the type itself is internal.</summary>
    public static IEnumerable<string> Sets => Enum.GetValues<InstructionSet>().Where(set => set <= Simd.Best).Select(set => set.ToString());

    /// <summary>The one to force.</summary>
    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        Simd.Force(Enum.Parse<InstructionSet>(Set));
        Prepare();
    }

    /// <summary>Frees what <see cref="Prepare"/> made.</summary>
    [GlobalCleanup]
    public abstract void CleanUp();

    /// <summary>Makes the operands.</summary>
    protected abstract void Prepare();

    /// <summary>Numbers in [-1, 1), the same for a stream every time.</summary>
    private protected static NativeBuffer Numbers(long count, ulong stream)
    {
        var buffer = new NativeBuffer(count);
        Numbers(count, stream, buffer);
        return buffer;
    }

    /// <summary>The same for layers.</summary>
    private protected static float[] Values(int count, ulong stream)
    {
        var random = new CounterRandom(1, stream);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-1.0, 1.0))];
    }

    private static unsafe void Numbers(long count, ulong stream, NativeBuffer to)
    {
        var random = new CounterRandom(1, stream);
        for (var i = 0L; i < count; i++) to.Pointer[i] = (float)random.Next(-1.0, 1.0);
    }
}
