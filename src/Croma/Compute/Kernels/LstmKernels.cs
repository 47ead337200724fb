namespace Croma.Compute.Kernels;

/// <summary>
/// One time step of an LSTM. Gates lie in panels of 64 columns per 16 units, [i16 f16 g16 o16], so that a cell reads
/// its four gates from one run of memory. hidden is a multiple of 16.
/// </summary>
internal static unsafe class LstmKernels
{
    /// <summary>
    /// gates[batch, 4 hidden] holds x W_ih + b on entry and the activated gates on return; adds h_{t-1} W_hh first
    /// (<paramref name="hPrevious"/> null: a zero state). Writes cell, tanh(cell) and output, each [batch, hidden].
    /// </summary>
    public static void Forward(Real* hPrevious, Real* recurrent, Real* gates, Real* cPrevious, Real* cell, Real* tanhCell, Real* output, int batch, int hidden)
    {
        var n = 4 * hidden;
        if (hPrevious != null) Gemm.Multiply(hPrevious, hidden, recurrent, null, gates, n, batch, n, hidden, Epilogue.Add);
        for (var b = 0; b < batch; b++)
            for (var u = 0; u < hidden; u++)
            {
                var g = gates + b * n + u / 16 * 64 + u % 16;
                var (i, f, z, o) = (Sigmoid(g[0]), Sigmoid(g[16]), (Real)Math.Tanh(g[32]), Sigmoid(g[48]));
                var c = (cPrevious == null ? 0 : f * cPrevious[b * hidden + u]) + i * z;
                var t = (Real)Math.Tanh(c);
                (g[0], g[16], g[32], g[48]) = (i, f, z, o);
                (cell[b * hidden + u], tanhCell[b * hidden + u], output[b * hidden + u]) = (c, t, o * t);
            }
    }

    /// <summary>
    /// From dOutput[batch, hidden] (already the sum over the step's uses) and dCell (in: from step t+1; out: for step
    /// t-1) to dGates[batch, 4 hidden], the gradient before activation.
    /// </summary>
    public static void Backward(Real* gates, Real* cPrevious, Real* tanhCell, Real* dOutput, Real* dCell, Real* dGates, int batch, int hidden)
    {
        var n = 4 * hidden;
        for (var b = 0; b < batch; b++)
            for (var u = 0; u < hidden; u++)
            {
                var at = b * n + u / 16 * 64 + u % 16;
                var (i, f, z, o) = (gates[at], gates[at + 16], gates[at + 32], gates[at + 48]);
                var t = tanhCell[b * hidden + u];
                var dh = dOutput[b * hidden + u];
                var dc = dCell[b * hidden + u] + dh * o * (1 - t * t);
                var previous = cPrevious == null ? 0 : cPrevious[b * hidden + u];
                dGates[at] = dc * z * i * (1 - i);
                dGates[at + 16] = dc * previous * f * (1 - f);
                dGates[at + 32] = dc * i * (1 - z * z);
                dGates[at + 48] = dh * t * o * (1 - o);
                dCell[b * hidden + u] = dc * f;
            }
    }

    private static Real Sigmoid(Real x) => 1 / (1 + (Real)Math.Exp(-x));
}
