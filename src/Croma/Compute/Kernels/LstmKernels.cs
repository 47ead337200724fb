using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>16 units of an LSTM at one time step: pointers to the first unit's numbers of the first sample.</summary>
internal unsafe struct LstmStep
{
    /// <summary>The units' panel of gates [i16 f16 g16 o16] of a sample: a run of memory, so that a cell finds its four gates together.</summary>
    public required Real* Gates;

    /// <summary>c_{t-1} [batch, hidden]; null: zero.</summary>
    public required Real* PreviousCell;

    /// <summary>Forwards c_t; backwards the cell's gradient, in from step t+1, out for step t-1.</summary>
    public required Real* Cell;

    public required Real* TanhCell;

    /// <summary>Forwards h_t; backwards its gradient, the sum over all its uses.</summary>
    public required Real* Output;

    /// <summary>Samples, units of the layer, and numbers from one sample's gates to the next one's.</summary>
    public required int Batch, Hidden, GatesRow;
}

/// <summary>The cell of an LSTM and its gradient.</summary>
internal static unsafe class LstmKernels
{
    /// <summary>Units whose gates share a panel.</summary>
    public const int Units = 16;

    /// <summary>Activates the gates, which hold x W_ih + h_{t-1} W_hh + b; c = f c + i g, h = o tanh(c).</summary>
    public static void Forward(in LstmStep step) => Simd.Run(new CellUpdate(step));

    /// <summary>The gates' gradients before activation, in the gates' place.</summary>
    public static void Backward(in LstmStep step) => Simd.Run(new CellGradient(step));

    /// <summary>
    /// Asks for columns of some rows that another thread has just written: all at once they come much sooner than one
    /// after the other, when a product needs them.
    /// </summary>
    public static void Fetch(Real* rows, int stride, int count, int from, int to) => Simd.Run(new Fetching(rows, stride, count, from, to));

    private readonly struct Fetching(Real* rows, int stride, int count, int from, int to) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            for (var r = 0; r < count; r++)
                for (var c = from; c < to; c += 64 / sizeof(Real)) TSimd.Prefetch(rows + (long)r * stride + c);
        }
    }

    private readonly struct CellUpdate(LstmStep step) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var (hidden, gatesRow, batch) = ((nint)step.Hidden, (nint)step.GatesRow, step.Batch);
            for (nint part = 0; part < Units; part += TSimd.Count)
            {
                var gate = step.Gates + part;
                var previous = step.PreviousCell;
                var at = part;
                for (var left = batch; left > 0; left--, at += hidden, gate += gatesRow)
                {
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
                    TSimd.Store(value, step.Cell + at);
                    TSimd.Store(squashed, step.TanhCell + at);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(o, squashed)), step.Output + at);
                }
            }
        }
    }

    private readonly struct CellGradient(LstmStep step) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var (hidden, gatesRow, batch) = ((nint)step.Hidden, (nint)step.GatesRow, step.Batch);
            var one = TSimd.Broadcast(1);
            for (nint part = 0; part < Units; part += TSimd.Count)
            {
                var gate = step.Gates + part;
                var previous = step.PreviousCell;
                var at = part;
                for (var left = batch; left > 0; left--, at += hidden, gate += gatesRow)
                {
                    var (i, f) = (TSimd.Load(gate), TSimd.Load(gate + Units));
                    var (z, o) = (TSimd.Load(gate + 2 * Units), TSimd.Load(gate + 3 * Units));
                    var squashed = TSimd.Load(step.TanhCell + at);
                    var dOutput = TSimd.Load(step.Output + at);
                    var throughTanh = TSimd.Multiply(TSimd.Multiply(dOutput, o), TSimd.NegatedMultiplyAdd(squashed, squashed, one));
                    var dCell = TSimd.Add(TSimd.Load(step.Cell + at), throughTanh);
                    var before = previous == null ? TSimd.Broadcast(0) : TSimd.Load(previous + at);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(TSimd.Multiply(dCell, z), TSimd.NegatedMultiplyAdd(i, i, i))), gate);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(TSimd.Multiply(dCell, before), TSimd.NegatedMultiplyAdd(f, f, f))), gate + Units);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(TSimd.Multiply(dCell, i), TSimd.NegatedMultiplyAdd(z, z, one))), gate + 2 * Units);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(TSimd.Multiply(dOutput, squashed), TSimd.NegatedMultiplyAdd(o, o, o))), gate + 3 * Units);
                    TSimd.Store(TSimd.DropTiny(TSimd.Multiply(dCell, f)), step.Cell + at);
                }
            }
        }
    }
}
