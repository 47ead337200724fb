using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// One time step of an LSTM. Gates lie in panels of 64 columns per 16 units, [i16 f16 g16 o16], so that a cell reads
/// its four gates from one run of memory. hidden is a multiple of 16.
/// </summary>
internal static unsafe class LstmKernels
{
    /// <summary>Units whose gates share a panel.</summary>
    private const int Units = 16;

    /// <summary>
    /// gates[batch, 4 hidden] holds x W_ih + b on entry and the activated gates on return; adds h_{t-1} W_hh first
    /// (<paramref name="hPrevious"/> null: a zero state). Writes cell, tanh(cell) and output, each [batch, hidden].
    /// Odd <paramref name="step"/>s take the panels backwards, so that those still in the cache come first.
    /// </summary>
    public static void Forward(Real* hPrevious, Real* recurrent, Real* gates, Real* cPrevious, Real* cell, Real* tanhCell, Real* output, int batch, int hidden, int step = 0)
    {
        if (hPrevious != null)
            for (var i = 0; i < hidden; i += Units)
            {
                var unit = (step & 1) == 0 ? i : hidden - Units - i;
                Gemm.MultiplyPanel(hPrevious, hidden, recurrent + 4L * unit * hidden, Panels.Width, null, gates + 4 * unit, 4 * hidden, batch, hidden, Epilogue.Add);
            }
        Simd.Run(new CellUpdate(gates, cPrevious, cell, tanhCell, output, batch * hidden));
    }

    /// <summary>
    /// From dOutput[batch, hidden] (already the sum over the step's uses) and dCell (in: from step t+1; out: for step
    /// t-1) to dGates[batch, 4 hidden], the gradient before activation; may be <paramref name="gates"/> itself.
    /// </summary>
    public static void Backward(Real* gates, Real* cPrevious, Real* tanhCell, Real* dOutput, Real* dCell, Real* dGates, int batch, int hidden) =>
        Simd.Run(new CellGradient(gates, cPrevious, tanhCell, dOutput, dCell, dGates, batch * hidden));

    // Neither kernel needs to tell batch and hidden apart: 16 cells in a row always own the next 64 gates.

    /// <summary>c = f c + i g and h = o tanh(c), after activating the gates.</summary>
    private readonly struct CellUpdate(Real* gates, Real* cPrevious, Real* cell, Real* tanhCell, Real* output, int count) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var g = gates;
            var previous = cPrevious;
            var c = cell;
            var t = tanhCell;
            var h = output;
            nint end = count;
            for (nint at = 0; at < end; at += TSimd.Count)
            {
                var gate = g + at / Units * Panels.Width + at % Units;
                var i = Elementary<TSimd, TVector>.Sigmoid(TSimd.Load(gate));
                var f = Elementary<TSimd, TVector>.Sigmoid(TSimd.Load(gate + Units));
                var z = Elementary<TSimd, TVector>.Tanh(TSimd.Load(gate + 2 * Units));
                var o = Elementary<TSimd, TVector>.Sigmoid(TSimd.Load(gate + 3 * Units));
                var value = TSimd.Multiply(i, z);
                if (previous != null) value = TSimd.MultiplyAdd(f, TSimd.Load(previous + at), value);
                var squashed = Elementary<TSimd, TVector>.Tanh(value);
                TSimd.Store(i, gate);
                TSimd.Store(f, gate + Units);
                TSimd.Store(z, gate + 2 * Units);
                TSimd.Store(o, gate + 3 * Units);
                TSimd.Store(value, c + at);
                TSimd.Store(squashed, t + at);
                TSimd.Store(TSimd.Multiply(o, squashed), h + at);
            }
        }
    }

    private readonly struct CellGradient(Real* gates, Real* cPrevious, Real* tanhCell, Real* dOutput, Real* dCell, Real* dGates, int count) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var g = gates;
            var previous = cPrevious;
            var t = tanhCell;
            var dh = dOutput;
            var c = dCell;
            var dg = dGates;
            nint end = count;
            var one = TSimd.Broadcast(1);
            for (nint at = 0; at < end; at += TSimd.Count)
            {
                var gateAt = at / Units * Panels.Width + at % Units;
                var gate = g + gateAt;
                var dGate = dg + gateAt;
                var (i, f) = (TSimd.Load(gate), TSimd.Load(gate + Units));
                var (z, o) = (TSimd.Load(gate + 2 * Units), TSimd.Load(gate + 3 * Units));
                var squashed = TSimd.Load(t + at);
                var dOut = TSimd.Load(dh + at);
                var throughTanh = TSimd.Multiply(TSimd.Multiply(dOut, o), TSimd.NegatedMultiplyAdd(squashed, squashed, one));
                var dc = TSimd.Add(TSimd.Load(c + at), throughTanh);
                var before = previous == null ? TSimd.Broadcast(0) : TSimd.Load(previous + at);
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(dc, z), TSimd.NegatedMultiplyAdd(i, i, i)), dGate);
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(dc, before), TSimd.NegatedMultiplyAdd(f, f, f)), dGate + Units);
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(dc, i), TSimd.NegatedMultiplyAdd(z, z, one)), dGate + 2 * Units);
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(dOut, squashed), TSimd.NegatedMultiplyAdd(o, o, o)), dGate + 3 * Units);
                TSimd.Store(TSimd.Multiply(dc, f), c + at);
            }
        }
    }
}
