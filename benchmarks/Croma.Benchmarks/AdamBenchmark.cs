using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Benchmarks;

/// <summary>Adam's pass over parameters whose gradient has been summed, with a first moment and without (beta1 = 0).</summary>
public unsafe class AdamBenchmark : KernelBenchmark
{
    private NativeBuffer _parameters = null!, _gradient = null!, _first = null!, _second = null!;

    [Params(1 << 16, 1 << 20)]
    public int Count { get; set; }

    public override void CleanUp()
    {
        foreach (var buffer in new[] { _parameters, _gradient, _first, _second }) buffer.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void WithoutMomentum() => VectorKernels.Adam(_parameters.Pointer, _gradient.Pointer, null, _second.Pointer, new AdamRates(1e-9, 0, 0.999, 1e-8, 2), Count);

    [Benchmark]
    public void WithMomentum() => VectorKernels.Adam(_parameters.Pointer, _gradient.Pointer, _first.Pointer, _second.Pointer, new AdamRates(1e-9, 0.9, 0.999, 1e-8, 2), Count);

    protected override void Prepare() =>
        (_parameters, _gradient, _first, _second) = (Numbers(Count, 1), Numbers(Count, 2), new(Count), new(Count));
}
