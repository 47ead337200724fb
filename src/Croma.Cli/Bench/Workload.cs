using Croma.Compute;
using Croma.Configuration;

namespace Croma.Cli.Bench;

/// <summary>One training step that is timed; a counterpart elsewhere does the same from the same numbers.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>The forms that names take.</summary>
    public const string Grammar = "mlp B, align B, meta B, text T B, speech T B, conv B [cl], gemm M N K [mm|linear]";

    /// <summary>The largest size that a name may hold.</summary>
    public const int MostSize = 1 << 16;

    /// <summary>A matrix of a gibibyte.</summary>
    private const long MostNumbers = 1 << 28;

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
    /// <exception cref="CromaException">There is no such workload, or it is too large.</exception>
    public static Workload Create(string name, bool timed, int threads) =>
        Find(name)(new AdamOptions { LearningRate = timed ? TimedLearningRate : LearningRate }, threads);

    /// <summary>Requires that there is a workload of this name, without making it.</summary>
    /// <exception cref="CromaException">There is none, or it is too large.</exception>
    public static void Require(string name) => Find(name);

    private static Func<AdamOptions, int, Workload> Find(string name)
    {
        return name.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["mlp", var b] => Of(Size(b), 512, (adam, _) => new MlpWorkload(Size(b), adam)),
            ["align", var b] => Of(Size(b), Math.Max(512, Size(b)), (adam, _) => new AlignWorkload(Size(b), adam)),
            ["meta", var b] => Of(Size(b), Math.Max(512, Size(b)), (adam, _) => new MetaWorkload(Size(b), adam)),
            ["text", var t, var b] => Of((long)Size(t) * Size(b), 1024, (adam, threads) => new TextWorkload(Size(t), Size(b), adam, threads)),
            ["speech", var t, var b] => Of((long)Size(t) * Size(b), 1024, (adam, threads) => new SpeechWorkload(Size(t), Size(b), adam, threads)),
            ["conv", var b, .. [] or ["cl"]] => Of(Size(b), 32 * 32 * 64, (adam, _) => new ConvWorkload(Size(b), adam)),
            ["gemm", var m, var n, var k, .. [] or ["mm" or "linear"]] =>
                Of(Math.Max(Size(m), Size(k)), Math.Max(Size(n), Math.Min(Size(m), Size(k))), (_, _) => new GemmWorkload(Size(m), Size(n), Size(k))),
            _ => throw Unknown(),
        };

        int Size(string text) => int.TryParse(text, out var size) && size is > 0 and <= MostSize ? size : throw Unknown();

        CromaException Unknown() => new($"there is no workload '{name}': it is one of {Grammar}, with sizes from 1 to {MostSize}.");

        // rows and columns of its largest matrix
        Func<AdamOptions, int, Workload> Of(long rows, long columns, Func<AdamOptions, int, Workload> make) => rows * columns <= MostNumbers
            ? make
            : throw new CromaException($"'{name}' is too large: one of its matrices would have {rows * columns} numbers, and at most {MostNumbers} are taken.");
    }

    /// <summary>Labels 0 1 2 3 4 0 1 ...</summary>
    protected static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i % 5)];

    /// <summary>Multiply-adds of a layer's products, all three or without the input's gradient, as operations.</summary>
    protected static double Layer(int rows, int inputs, int outputs, bool inputGradient = true) => (inputGradient ? 6.0 : 4.0) * rows * inputs * outputs;
}
