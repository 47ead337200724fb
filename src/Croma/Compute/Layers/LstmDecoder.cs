using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>
/// One LSTM layer with a linear layer on top that writes a sequence step by step: each step's input is the frame
/// before it, the true one where it is forced (Williams and Zipser 1989), otherwise the one just written. Starts from
/// a given output state, a zero cell and a zero frame. The gradient goes through the frames fed back.
/// </summary>
public sealed unsafe class LstmDecoder
{
    private readonly ParameterBlock _input, _recurrent, _bias, _weight, _outputBias;
    private readonly int _hidden;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="hidden">Units, a multiple of 16.</param>
    /// <param name="outputs">Columns of a frame.</param>
    public LstmDecoder(ParameterLayout layout, string name, int hidden, int outputs)
    {
        if (hidden <= 0 || hidden % 16 != 0) throw new ArgumentOutOfRangeException(nameof(hidden), $"An LSTM has a multiple of 16 units, not {hidden}.");
        _hidden = hidden;
        var scale = 1 / Math.Sqrt(hidden);
        _input = layout.Add(name + ".weight_ih", outputs, 4 * hidden, BlockForm.GatePanels, scale);
        _recurrent = layout.Add(name + ".weight_hh", hidden, 4 * hidden, BlockForm.GatePanels, scale);
        _bias = layout.Add(name + ".bias", 1, 4 * hidden, BlockForm.GateVector, scale);
        _weight = layout.Add(name + ".output.weight", hidden, outputs, BlockForm.Panels, scale);
        _outputBias = layout.Add(name + ".output.bias", 1, outputs, BlockForm.Vector, scale);
    }

    /// <summary>The frames that are written: [steps * batch, outputs], time-major.</summary>
    /// <param name="tape">Where it is recorded.</param>
    /// <param name="parameters">A vector of the layout.</param>
    /// <param name="initial">The output state before the first step [batch, hidden].</param>
    /// <param name="truth">The true frames [steps * batch, outputs], constant.</param>
    /// <param name="forced">For each step 1 where its input is the true frame before it, 0 where it is the written one.</param>
    public Tensor Forward(Tape tape, ParameterVector parameters, Tensor initial, Tensor truth, ReadOnlySpan<int> forced)
    {
        if (initial.Columns != _hidden) throw new ArgumentException($"'{_recurrent.Name}' takes a state of {_hidden} columns, not {initial.Columns}.", nameof(initial));
        if (truth.Columns != _weight.Columns || truth.Rows != forced.Length * initial.Rows)
            throw new ArgumentException($"{forced.Length} steps of {initial.Rows} frames of {_weight.Columns} numbers are needed, not {truth.Rows} x {truth.Columns}.", nameof(truth));
        var (batch, n, size, frames) = (initial.Rows, 4 * _hidden, (long)initial.Rows * _hidden, (long)initial.Rows * truth.Stride);
        var trained = parameters.Gradients != null;
        var y = tape.NewTensor(truth.Rows, truth.Columns, trained || initial.NeedsGradient);
        var inputs = tape.Scratch(truth.Size);
        var states = tape.Scratch(size + truth.Rows * (long)_hidden);
        var gates = tape.Scratch((long)truth.Rows * n);
        var cells = tape.Scratch(forced.Length * size);
        var tanhCells = tape.Scratch(forced.Length * size);
        Copy(initial.Values, states, size);
        for (var t = 0; t < forced.Length; t++)
        {
            var x = inputs + t * frames;
            if (t == 0) NativeMemory.Clear(x, (nuint)(frames * sizeof(Real)));
            else Copy((forced[t] != 0 ? truth : y).Values + (t - 1) * frames, x, frames);
            var at = t * size;
            var state = states + at + size;
            Gemm.Multiply(x, truth.Stride, parameters.Values + _input.Offset, parameters.Values + _bias.Offset, gates + 4 * at, n, batch, n, truth.Columns, Epilogue.Store);
            LstmKernels.Forward(state - size, parameters.Values + _recurrent.Offset, gates + 4 * at, t == 0 ? null : cells + at - size, cells + at, tanhCells + at, state, batch, _hidden, t);
            Gemm.Multiply(state, _hidden, parameters.Values + _weight.Offset, parameters.Values + _outputBias.Offset, y.Values + t * frames, y.Stride, batch, y.Columns, _hidden, Epilogue.Store);
        }
        if (y.NeedsGradient)
        {
            var node = tape.Record<DecoderNode>();
            (node.Decoder, node.Initial, node.Y, node.Steps) = (this, initial, y, forced.Length);
            node.Forced = tape.Keep(forced);
            node.Inputs = inputs;
            node.States = states;
            node.Gates = gates;
            node.Cells = cells;
            node.TanhCells = tanhCells;
            node.DStates = tape.Scratch(forced.Length * size);
            node.DGates = tape.Scratch((long)truth.Rows * n);
            node.DCell = tape.Scratch(size);
            node.Transposed = tape.Scratch(Panels.Size(n, _hidden));
            node.Values = parameters.Values;
            node.Gradients = trained ? parameters.Gradients : null;
        }
        return y;
    }

    private static void Copy(Real* from, Real* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(Real), count * sizeof(Real));

    private sealed class DecoderNode : Node
    {
        public LstmDecoder Decoder = null!;
        public Tensor Initial, Y;
        public int Steps;
        public int* Forced;
        public Real* Inputs, States, Gates, Cells, TanhCells, DStates, DGates, DCell, Transposed, Values, Gradients;

        public override void Backward()
        {
            var (batch, hidden, n) = (Initial.Rows, Decoder._hidden, 4 * Decoder._hidden);
            var (size, frames) = ((long)batch * hidden, (long)batch * Y.Stride);
            NativeMemory.Clear(DStates, (nuint)(Steps * size * sizeof(Real)));
            NativeMemory.Clear(DCell, (nuint)(size * sizeof(Real)));
            Gemm.Transpose(Values + Decoder._recurrent.Offset, Transposed, n, hidden);
            for (var t = Steps - 1; t >= 0; t--)
            {
                var at = t * size;
                var dGates = DGates + 4 * at;
                var dWritten = Y.Gradients + t * frames;
                Gemm.InputGradient(dWritten, Y.Stride, Values + Decoder._weight.Offset, DStates + at, hidden, batch, Y.Columns, hidden, add: true);
                LstmKernels.Backward(Gates + 4 * at, t == 0 ? null : Cells + at - size, TanhCells + at, DStates + at, DCell, dGates, batch, hidden);
                if (t == 0) break;
                Gemm.Multiply(dGates, n, Transposed, null, DStates + at - size, hidden, batch, hidden, n, Epilogue.Add);
                if (Forced[t] == 0)
                    Gemm.InputGradient(dGates, n, Values + Decoder._input.Offset, dWritten - frames, Y.Stride, batch, n, Y.Columns, add: true);
            }
            if (Initial.NeedsGradient) Gemm.Multiply(DGates, n, Transposed, null, Initial.Gradients, hidden, batch, hidden, n, Epilogue.Add);
            if (Gradients == null) return;
            Gemm.WeightGradient(Inputs, Y.Stride, DGates, n, Gradients + Decoder._input.Offset, Gradients + Decoder._bias.Offset, Y.Rows, n, Y.Columns);
            Gemm.WeightGradient(States, hidden, DGates, n, Gradients + Decoder._recurrent.Offset, null, Y.Rows, n, hidden);
            Gemm.WeightGradient(States + size, hidden, Y.Gradients, Y.Stride, Gradients + Decoder._weight.Offset, Gradients + Decoder._outputBias.Offset, Y.Rows, Y.Columns, hidden);
        }
    }
}
