using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Benchmarks;

/// <summary>Softmax cross-entropy with its gradient, over the few classes of a task and over many.</summary>
public unsafe class CrossEntropyBenchmark : KernelBenchmark
{
    private const int Rows = 64;

    private NativeBuffer _logits = null!, _gradient = null!;
    private int[] _labels = [];

    [Params(5, 256)]
    public int Classes { get; set; }

    public override void CleanUp()
    {
        _logits.Dispose();
        _gradient.Dispose();
    }

    [Benchmark]
    public float CrossEntropy() => Softmax.CrossEntropy(new Tensor(_logits.Pointer, null, Rows, Classes), _labels, _gradient.Pointer);

    protected override void Prepare()
    {
        var count = Rows * Panels.Padded(Classes);
        (_logits, _gradient) = (Numbers(count, 1), new(count));
        _labels = [.. Enumerable.Range(0, Rows).Select(i => i % Classes)];
    }
}
