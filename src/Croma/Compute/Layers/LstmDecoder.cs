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
    private readonly ParameterBlock _input, _recurrent, _inputBias, _recurrentBias, _weight, _outputBias;
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
        _inputBias = layout.Add(name + ".bias_ih", 1, 4 * hidden, BlockForm.GateVector, scale);
        _recurrentBias = layout.Add(name + ".bias_hh", 1, 4 * hidden, BlockForm.GateVector, scale);
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
        var trained = parameters.IsTrained;
        var y = tape.NewTensor(truth.Rows, truth.Columns, trained || initial.NeedsGradient);
        var inputs = tape.Scratch(truth.Size);
        var states = tape.Scratch(size + truth.Rows * (long)_hidden);
        var gates = tape.Scratch((long)truth.Rows * n);
        var cells = tape.Scratch(forced.Length * size);
        var tanhCells = tape.Scratch(forced.Length * size);
        var bias = tape.Scratch(n);
        VectorKernels.Add(parameters.Values + _inputBias.Offset, parameters.Values + _recurrentBias.Offset, bias, n);
        Copy(initial.Values, states, size);
        for (var t = 0; t < forced.Length; t++)
        {
            var x = inputs + t * frames;
            if (t == 0) NativeMemory.Clear(x, (nuint)(frames * sizeof(Real)));
            else Copy((forced[t] != 0 ? truth : y).Values + (t - 1) * frames, x, frames);
            var at = t * size;
            var state = states + at + size;
            Gemm.Multiply(x, truth.Stride, parameters.Values + _input.Offset, bias, gates + 4 * at, n, batch, n, truth.Columns, Epilogue.Store);
            for (var unit = 0; unit < _hidden; unit += LstmKernels.Units)
            {
                var step = new LstmStep
                {
                    Gates = gates + 4 * at + 4 * unit,
                    PreviousCell = t == 0 ? null : cells + at - size + unit,
                    Cell = cells + at + unit,
                    TanhCell = tanhCells + at + unit,
                    Output = state + unit,
                    Batch = batch,
                    Hidden = _hidden,
                    GatesRow = n,
                };
                Gemm.MultiplyPanel(state - size, _hidden, parameters.Values + _recurrent.Offset + 4L * unit * _hidden, Panels.Width, null, step.Gates, n, batch, _hidden, Epilogue.Add);
                LstmKernels.Forward(step);
            }
            Gemm.Multiply(state, _hidden, parameters.Values + _weight.Offset, parameters.Values + _outputBias.Offset, y.Values + t * frames, y.Stride, batch, y.Columns, _hidden, Epilogue.Store);
        }
        if (y.NeedsGradient)
        {
            var node = tape.Record<DecoderNode>();
            (node.Decoder, node.Parameters, node.Initial, node.Y, node.Steps) = (this, parameters, initial, y, forced.Length);
            node.Forced = tape.Keep(forced);
            node.Inputs = inputs;
            node.States = states;
            node.Gates = gates;
            node.Cells = cells;
            node.TanhCells = tanhCells;
            node.DStates = tape.Scratch(forced.Length * size);
            node.DCell = tape.Scratch(size);
            node.Transposed = tape.Scratch(Panels.Size(n, _hidden));
            node.DBias = tape.Scratch(Math.Max(n, y.Stride));
            foreach (var block in (ReadOnlySpan<ParameterBlock>)[_input, _recurrent, _inputBias, _recurrentBias, _weight, _outputBias]) parameters.Use(block);
        }
        return y;
    }

    private static void Copy(Real* from, Real* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(Real), count * sizeof(Real));

    private sealed class DecoderNode : Node
    {
        public LstmDecoder Decoder = null!;
        public ParameterVector Parameters = null!;
        public Tensor Initial, Y;
        public int Steps;
        public int* Forced;
        public Real* Inputs, States, Gates, Cells, TanhCells, DStates, DCell, DBias, Transposed;

        public override void Backward()
        {
            var (batch, hidden, n) = (Initial.Rows, Decoder._hidden, 4 * Decoder._hidden);
            var (size, frames) = ((long)batch * hidden, (long)batch * Y.Stride);
            var values = Parameters.Values;
            NativeMemory.Clear(DStates, (nuint)(Steps * size * sizeof(Real)));
            NativeMemory.Clear(DCell, (nuint)(size * sizeof(Real)));
            Gemm.Transpose(values + Decoder._recurrent.Offset, Transposed, n, hidden);
            for (var t = Steps - 1; t >= 0; t--)
            {
                var at = t * size;
                var dGates = Gates + 4 * at; // the gates' gradients take the gates' place
                var dWritten = Y.Gradients + t * frames;
                Gemm.InputGradient(dWritten, Y.Stride, values + Decoder._weight.Offset, DStates + at, hidden, batch, Y.Columns, hidden, add: true);
                for (var unit = 0; unit < hidden; unit += LstmKernels.Units)
                    LstmKernels.Backward(new LstmStep
                    {
                        Gates = dGates + 4 * unit,
                        PreviousCell = t == 0 ? null : Cells + at - size + unit,
                        TanhCell = TanhCells + at + unit,
                        Output = DStates + at + unit,
                        Cell = DCell + unit,
                        Batch = batch,
                        Hidden = hidden,
                        GatesRow = n,
                    });
                if (t == 0) break;
                Gemm.Multiply(dGates, n, Transposed, null, DStates + at - size, hidden, batch, hidden, n, Epilogue.Add);
                if (Forced[t] == 0)
                    Gemm.InputGradient(dGates, n, values + Decoder._input.Offset, dWritten - frames, Y.Stride, batch, n, Y.Columns, add: true);
            }
            if (Initial.NeedsGradient) Gemm.Multiply(Gates, n, Transposed, null, Initial.Gradients, hidden, batch, hidden, n, Epilogue.Add);
            if (!Parameters.IsTrained) return;
            Parameters.LearnWeight(Decoder._input, Inputs, Y.Stride, Gates, n, Y.Rows);
            Parameters.LearnWeight(Decoder._recurrent, States, hidden, Gates, n, Y.Rows);
            Parameters.LearnWeight(Decoder._weight, States + size, hidden, Y.Gradients, Y.Stride, Y.Rows);
            SumColumns(Gates, n, n);
            Parameters.Learn(Decoder._inputBias, DBias);
            Parameters.Learn(Decoder._recurrentBias, DBias);
            SumColumns(Y.Gradients, Y.Stride, Y.Columns);
            Parameters.Learn(Decoder._outputBias, DBias);
        }

        private void SumColumns(Real* from, int stride, int columns)
        {
            NativeMemory.Clear(DBias, (nuint)(stride * sizeof(Real)));
            Gemm.AddColumnSums(from, stride, DBias, Y.Rows, columns);
        }
    }
}
