using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Cli.Bench;

/// <summary>C[M, N] = A[M, K] W[K, N] with the weights in panels, as they always lie: `gemm M N K`.</summary>
internal sealed unsafe class GemmWorkload : Workload
{
    private readonly NativeBuffer _a, _weights, _c;
    private readonly int _m, _n, _k;

    public GemmWorkload(int m, int n, int k)
    {
        (_m, _n, _k) = (m, n, k);
        _a = new NativeBuffer((long)m * Panels.Padded(k));
        _weights = new NativeBuffer(Panels.Size(k, n));
        _c = new NativeBuffer((long)m * Panels.Padded(n));
        var (a, w) = (PeerNumbers.Draw(m * k, 1, 1), PeerNumbers.Draw(k * n, 2, 1));
        for (var i = 0; i < m; i++)
            for (var p = 0; p < k; p++) _a.Pointer[i * Panels.Padded(k) + p] = a[i * k + p];
        for (var p = 0; p < k; p++)
            for (var j = 0; j < n; j++) _weights.Pointer[Panels.Offset(p, j, k, n)] = w[p * n + j];
    }

    public override double Operations => 2.0 * _m * _n * _k;

    /// <summary>Returns the first number of C.</summary>
    public override float Step()
    {
        Gemm.Multiply(_a.Pointer, Panels.Padded(_k), _weights.Pointer, null, _c.Pointer, Panels.Padded(_n), _m, _n, _k, Epilogue.Store);
        return _c.Pointer[0];
    }

    public override void Dispose()
    {
        foreach (var buffer in new[] { _a, _weights, _c }) buffer.Dispose();
    }
}
