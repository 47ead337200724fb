using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Benchmarks;

/// <summary>The products of a linear layer y[M, N] = x[M, K] W[K, N], forwards and backwards: few rows, as few-shot learning has, and a square.</summary>
public unsafe class GemmBenchmark : KernelBenchmark
{
    private const double LearningRate = 1e-9;

    private NativeBuffer _x = null!, _weights = null!, _y = null!, _dx = null!, _gradient = null!, _second = null!;
    private AdamRates _rates;

    /// <summary>Rows, columns, depth.</summary>
    [Params("4x1024x256", "8x1024x256", "16x1024x256", "1024x1024x1024")]
    public string Shape { get; set; } = "";

    private int M { get; set; }

    private int N { get; set; }

    private int K { get; set; }

    public override void CleanUp()
    {
        foreach (var buffer in new[] { _x, _weights, _y, _dx, _gradient, _second }) buffer.Dispose();
    }

    [Benchmark]
    public void Multiply() => Gemm.Multiply(_x.Pointer, K, _weights.Pointer, null, _y.Pointer, N, M, N, K, Epilogue.Store);

    [Benchmark]
    public void WeightGradient() => Gemm.WeightGradient(_x.Pointer, K, _y.Pointer, N, _gradient.Pointer, M, N, K);

    /// <summary>The weight's gradient and, while it is in the cache, its step.</summary>
    [Benchmark]
    public void AdamStep() => Gemm.AdamStep(_x.Pointer, K, _y.Pointer, N, _weights.Pointer, _gradient.Pointer, null, _second.Pointer, _rates, M, N, K);

    [Benchmark]
    public void InputGradient() => Gemm.InputGradient(_y.Pointer, N, _weights.Pointer, _dx.Pointer, K, M, N, K, add: false);

    protected override void Prepare()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        (M, N, K) = (sizes[0], sizes[1], sizes[2]);
        (_x, _weights, _y) = (Numbers((long)M * K, 1), Numbers(Panels.Size(K, N), 2), Numbers((long)M * N, 3));
        (_dx, _gradient, _second) = (new((long)M * K), new(Panels.Size(K, N)), new(Panels.Size(K, N)));
        _rates = new AdamRates(LearningRate, 0, 0.999, 1e-8, 2);
    }
}
