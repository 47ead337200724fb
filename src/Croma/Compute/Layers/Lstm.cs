using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>
/// One layer of a long short-term memory over time (Hochreiter and Schmidhuber 1997; gates and initial values as in
/// PyTorch: uniform in +-1/sqrt(hidden)). The two biases are PyTorch's: only their sum counts, but as an optimiser like
/// Adam moves each of them, the sum moves twice as far as one would. The state starts at zero.
/// </summary>
public sealed unsafe class Lstm
{
    private readonly ParameterBlock _input, _recurrent, _inputBias, _recurrentBias;
    private readonly int _hidden;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="hidden">Units, a multiple of 16.</param>
    public Lstm(ParameterLayout layout, string name, int inputs, int hidden)
    {
        if (hidden <= 0 || hidden % 16 != 0) throw new ArgumentOutOfRangeException(nameof(hidden), $"An LSTM has a multiple of 16 units, not {hidden}.");
        _hidden = hidden;
        var scale = 1 / Math.Sqrt(hidden);
        _input = layout.Add(name + ".weight_ih", inputs, 4 * hidden, BlockForm.GatePanels, scale);
        _recurrent = layout.Add(name + ".weight_hh", hidden, 4 * hidden, BlockForm.GatePanels, scale);
        _inputBias = layout.Add(name + ".bias_ih", 1, 4 * hidden, BlockForm.GateVector, scale);
        _recurrentBias = layout.Add(name + ".bias_hh", 1, 4 * hidden, BlockForm.GateVector, scale);
    }

    /// <summary>x [steps * batch, inputs], time-major, to the outputs of all steps [steps * batch, hidden].</summary>
    public Tensor Forward(Tape tape, ParameterVector parameters, Tensor x, int batch)
    {
        if (x.Columns != _input.Rows) throw new ArgumentException($"'{_input.Name}' takes {_input.Rows} columns, not {x.Columns}.", nameof(x));
        if (batch <= 0 || x.Rows % batch != 0) throw new ArgumentException($"{x.Rows} rows are no whole number of steps of {batch}.", nameof(batch));
        var (steps, n, size) = (x.Rows / batch, 4 * _hidden, (long)batch * _hidden);
        var trained = parameters.IsTrained;
        var y = tape.NewTensor(x.Rows, _hidden, trained || x.NeedsGradient);
        var gates = tape.Scratch((long)x.Rows * n);
        var cells = tape.Scratch(steps * size);
        var tanhCells = tape.Scratch(steps * size);
        var recurrent = parameters.Values + _recurrent.Offset;

        var bias = tape.Scratch(n);
        VectorKernels.Add(parameters.Values + _inputBias.Offset, parameters.Values + _recurrentBias.Offset, bias, n);
        Gemm.Multiply(x.Values, x.Stride, parameters.Values + _input.Offset, bias, gates, n, x.Rows, n, x.Columns, Epilogue.Store);
        for (var t = 0; t < steps; t++)
            LstmKernels.Forward(t == 0 ? null : y.Values + (t - 1) * size, recurrent, gates + t * batch * (long)n,
                t == 0 ? null : cells + (t - 1) * size, cells + t * size, tanhCells + t * size, y.Values + t * size, batch, _hidden, t);

        if (y.NeedsGradient)
        {
            var node = tape.Record<LstmNode>();
            (node.X, node.Y, node.Batch, node.Hidden) = (x, y, batch, _hidden);
            (node.Layer, node.Parameters) = (this, parameters);
            node.DBias = tape.Scratch(n);
            node.Gates = gates;
            node.Cells = cells;
            node.TanhCells = tanhCells;
            node.Input = parameters.Values + _input.Offset;
            node.Recurrent = recurrent;
            node.DGates = tape.Scratch((long)x.Rows * n);
            node.DCell = tape.Scratch(size);
            node.Transposed = tape.Scratch(Panels.Size(n, _hidden));
            parameters.Use(_input);
            parameters.Use(_recurrent);
            parameters.Use(_inputBias);
            parameters.Use(_recurrentBias);
        }
        return y;
    }

    private sealed class LstmNode : Node
    {
        public Tensor X, Y;
        public int Batch, Hidden;
        public Lstm Layer = null!;
        public ParameterVector Parameters = null!;
        public Real* Gates, Cells, TanhCells, DGates, DCell, DBias, Transposed, Input, Recurrent;

        public override void Backward()
        {
            var (steps, n, size) = (X.Rows / Batch, 4 * Hidden, (long)Batch * Hidden);
            var rowsOfGates = (long)Batch * n;
            NativeMemory.Clear(DCell, (nuint)(size * sizeof(Real)));
            Gemm.Transpose(Recurrent, Transposed, n, Hidden);
            for (var t = steps - 1; t >= 0; t--)
            {
                if (t < steps - 1)
                    Gemm.Multiply(DGates + (t + 1) * rowsOfGates, n, Transposed, null, Y.Gradients + t * size, Hidden, Batch, Hidden, n, Epilogue.Add);
                LstmKernels.Backward(Gates + t * rowsOfGates, t == 0 ? null : Cells + (t - 1) * size, TanhCells + t * size,
                    Y.Gradients + t * size, DCell, DGates + t * rowsOfGates, Batch, Hidden);
            }
            if (X.NeedsGradient)
                Gemm.InputGradient(DGates, n, Input, X.Gradients, X.Stride, X.Rows, n, X.Columns, add: true);
            if (!Parameters.IsTrained) return;
            Parameters.LearnWeight(Layer._input, X.Values, X.Stride, DGates, n, X.Rows);
            if (steps > 1) Parameters.LearnWeight(Layer._recurrent, Y.Values, Hidden, DGates + rowsOfGates, n, (steps - 1) * Batch);
            NativeMemory.Clear(DBias, (nuint)n * sizeof(Real));
            Gemm.AddColumnSums(DGates, n, DBias, X.Rows, n);
            Parameters.Learn(Layer._inputBias, DBias);
            Parameters.Learn(Layer._recurrentBias, DBias);
        }
    }
}
