using Croma.Compute;
using Croma.Configuration;

namespace Croma.Cli.Bench;

/// <summary>One training step that is timed; a counterpart elsewhere does the same from the same numbers.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>The forms that names take.</summary>
    public const string Grammar = "mlp B, align B, meta B, text T B, speech T B, conv B [cl], gemm M N K [mm|linear]";

    private const double TimedLearningRate = 1e-9, LearningRate = 1e-3;

    /// <summary>
    /// Floating-point operations of the matrix products of one step as the formulas write them: 2 for a multiply-add,
    /// three products a layer (output, weight gradient, input gradient) except where no input gradient is needed.
    /// </summary>
    public abstract double Operations { get; }

    /// <summary>Whether a step itself runs on several threads; otherwise several steps run side by side.</summary>
    public virtual bool UsesThreads => false;

    /// <summary>Takes a step; returns the loss before it.</summary>
    public abstract float Step();

    public abstract void Dispose();

    /// <summary>Makes a workload by its name.</summary>
    /// <param name="name">See <see cref="Grammar"/>.</param>
    /// <param name="timed">Steps so small that the numbers stay where they are; otherwise real ones.</param>
    /// <param name="threads">Threads of one step, where it can use them.</param>
    /// <exception cref="CromaException">There is no such workload.</exception>
    public static Workload Create(string name, bool timed, int threads)
    {
        var adam = new AdamOptions { LearningRate = timed ? TimedLearningRate : LearningRate };
        return name.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["mlp", var b] => new MlpWorkload(Size(b), adam),
            ["align", var b] => new AlignWorkload(Size(b), adam),
            ["meta", var b] => new MetaWorkload(Size(b), adam),
            ["text", var t, var b] => new TextWorkload(Size(t), Size(b), adam, threads),
            ["speech", var t, var b] => new SpeechWorkload(Size(t), Size(b), adam, threads),
            ["conv", var b, .. [] or ["cl"]] => new ConvWorkload(Size(b), adam),
            ["gemm", var m, var n, var k, .. [] or ["mm" or "linear"]] => new GemmWorkload(Size(m), Size(n), Size(k)),
            _ => throw Unknown(),
        };

        int Size(string text) => int.TryParse(text, out var size) && size is > 0 and <= 1 << 16 ? size : throw Unknown();

        CromaException Unknown() => new($"there is no workload '{name}': it is one of {Grammar}, with sizes from 1 to {1 << 16}.");
    }

    /// <summary>Labels 0 1 2 3 4 0 1 ...</summary>
    protected static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i % 5)];

    /// <summary>Multiply-adds of a layer's products, all three or without the input's gradient, as operations.</summary>
    protected static double Layer(int rows, int inputs, int outputs, bool inputGradient = true) => (inputGradient ? 6.0 : 4.0) * rows * inputs * outputs;
}
