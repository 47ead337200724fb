using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>
/// The passes of an <see cref="Lstm"/>. Two threads share the units: each works out its own gates, cells and outputs and
/// learns its own columns of the weights, so nothing is summed across threads; they meet once a time step, when all have
/// to know all outputs (or, backwards, the gradients of all gates).
/// </summary>
internal sealed unsafe class LstmNode : Node, ISplit
{
    /// <summary>Rows of gates that are worked out at once where none are kept for a backward pass.</summary>
    private const int RowsAtOnce = 512;

    /// <summary>Multiply-adds of a time step from which on sharing it is quicker than the meeting after it.</summary>
    private const int FewestToShare = 1 << 19;

    /// <summary>Units whose gates share a panel.</summary>
    private const int Units = LstmKernels.Units;

    private Tape _tape = null!;
    private Lstm _layer = null!;
    private ParameterVector _parameters = null!;
    private Tensor _x, _y;
    private int _batch, _hidden, _steps, _stepsAtOnce, _cellsKept;
    private bool _backward;
    private int* _rows;
    private Real* _dx, _bias, _projected, _gates, _cells, _tanhCells;
    private Real* _dCell, _recurrentTransposed, _inputTransposed;

    /// <summary>Gates of a sample at a step.</summary>
    private int Columns => 4 * _hidden;

    /// <summary>
    /// From one sample's gates to the next one's: a line of the cache more than they need, as rows that lie a power of
    /// two apart would all want the same few places in it.
    /// </summary>
    private int GatesRow => Columns + Panels.Granularity;

    /// <summary>Takes memory for a pass over x, whose gradient is added to <paramref name="dx"/>.</summary>
    public void Prepare(Tape tape, Lstm layer, ParameterVector parameters, Tensor x, Real* dx, ReadOnlySpan<int> rows, Tensor y, int batch)
    {
        (_tape, _layer, _parameters, _x, _y, _batch, _hidden, _steps) = (tape, layer, parameters, x, y, batch, y.Columns, y.Rows / batch);
        _dx = dx;
        // a backward pass wants gates and cells of all steps, prediction only the cell before
        (_stepsAtOnce, _cellsKept) = y.NeedsGradient ? (_steps, _steps) : (Math.Clamp(RowsAtOnce / batch, 1, _steps), 2);
        _gates = tape.Scratch(_stepsAtOnce * batch * (long)GatesRow);
        _cells = tape.Scratch((long)_cellsKept * batch * _hidden);
        _tanhCells = tape.Scratch((long)_cellsKept * batch * _hidden);
        _rows = rows.IsEmpty ? null : tape.Keep(rows);
        _projected = rows.IsEmpty ? null : tape.Scratch((long)x.Rows * GatesRow);
        _bias = tape.Scratch(Columns);
        VectorKernels.Add(Values(layer.InputBias), Values(layer.RecurrentBias), _bias, Columns);
        if (y.NeedsGradient)
        {
            _dCell = tape.Scratch((long)batch * _hidden);
            _recurrentTransposed = tape.Scratch(Panels.Size(Columns, _hidden));
            _inputTransposed = dx != null ? tape.Scratch(Panels.Size(Columns, x.Columns)) : null;
        }
        _backward = false;
    }

    /// <summary>What comes before the backward pass: sums start at zero.</summary>
    public void PrepareBackward()
    {
        NativeMemory.Clear(_dCell, (nuint)(_batch * _hidden) * sizeof(Real));
        NativeMemory.Clear(_bias, (nuint)Columns * sizeof(Real));
        _backward = true;
    }

    public override void Backward()
    {
        if (!_y.NeedsGradient) return;
        PrepareBackward();
        Run();
        LearnBiases();
    }

    /// <summary>Makes the pass, on two threads where a step is work enough for that.</summary>
    public void Run()
    {
        if (_batch * Columns * _hidden >= FewestToShare) _tape.Split(this);
        else Run(0, 1);
    }

    /// <summary>What comes after the backward pass.</summary>
    public void LearnBiases()
    {
        if (!_parameters.IsTrained) return;
        _parameters.Learn(_layer.InputBias, _bias);
        _parameters.Learn(_layer.RecurrentBias, _bias);
    }

    public void Run(int part, int parts)
    {
        // whole panels of the outputs, so that forwards and backwards a thread has the same units
        var (from, to) = Share(_hidden, part, parts);
        if (_backward) Backward(from, to, part, parts);
        else Forward(from, to, part, parts);
    }

    private void Forward(int from, int to, int part, int parts)
    {
        if (_rows != null) Project(_x.Values, _projected, _x.Rows, from, to);
        for (var t = 0; t < _steps; t++)
        {
            var within = t % _stepsAtOnce;
            if (within == 0 && _rows == null)
                Project(_x.Values + (long)t * _batch * _x.Stride, _gates, Math.Min(_stepsAtOnce, _steps - t) * _batch, from, to);
            var gates = _gates + within * _batch * (long)GatesRow;
            if (_rows != null) Elementwise.Gather(_projected, _rows + t * _batch, gates, _batch, GatesRow, 4 * from, 4 * to);
            for (var i = from; i < to; i += Units)
            {
                // odd steps go backwards: the weights that are still in the cache come first
                var unit = (t & 1) == 0 ? i : from + to - Units - i;
                var step = new LstmStep
                {
                    Gates = gates + 4 * unit,
                    PreviousCell = t == 0 ? null : Cell(_cells, t - 1) + unit,
                    Cell = Cell(_cells, t) + unit,
                    TanhCell = Cell(_tanhCells, t) + unit,
                    Output = Row(_y.Values, t) + unit,
                    Batch = _batch,
                    Hidden = _hidden,
                    GatesRow = GatesRow,
                };
                if (t > 0)
                    Gemm.MultiplyPanel(Row(_y.Values, t - 1), _hidden, Values(_layer.Recurrent) + 4L * unit * _hidden, Panels.Width, null, step.Gates, GatesRow, _batch, _hidden, Epilogue.Add);
                LstmKernels.Forward(step);
            }
            if (parts > 1) MeetAndFetch(part, Row(_y.Values, t), _hidden, from, to, _hidden);
        }
    }

    // the gates' gradients take the gates' place, step by step
    private void Backward(int from, int to, int part, int parts)
    {
        Gemm.Transpose(Values(_layer.Recurrent), _recurrentTransposed, Columns, _hidden, from, to);
        var (inputFrom, inputTo) = Share(_x.Columns, part, parts);
        if (_inputTransposed != null) Gemm.Transpose(Values(_layer.Input), _inputTransposed, Columns, _x.Columns, inputFrom, inputTo);
        var rowsOfGates = (long)_batch * GatesRow;
        for (var t = _steps - 1; t >= 0; t--)
        {
            var dOutput = Row(_y.Gradients, t);
            if (t < _steps - 1)
                Gemm.Multiply(_gates + (t + 1) * rowsOfGates, GatesRow, _recurrentTransposed, null, dOutput, _hidden, _batch, _hidden, Columns, Epilogue.Add, from, to);
            for (var unit = from; unit < to; unit += Units)
                LstmKernels.Backward(new LstmStep
                {
                    Gates = _gates + t * rowsOfGates + 4 * unit,
                    PreviousCell = t == 0 ? null : Cell(_cells, t - 1) + unit,
                    TanhCell = Cell(_tanhCells, t) + unit,
                    Output = dOutput + unit,
                    Cell = _dCell + unit,
                    Batch = _batch,
                    Hidden = _hidden,
                    GatesRow = GatesRow,
                });
            if (parts > 1) MeetAndFetch(part, _gates + t * rowsOfGates, GatesRow, 4 * from, 4 * to, Columns);
        }
        var (dInput, rows) = _rows == null ? ((nint)_gates, _y.Rows) : ((nint)_projected, _x.Rows);
        if (_rows != null)
        {
            Elementwise.ScatterSums(_gates, _rows, _projected, _y.Rows, _x.Rows, GatesRow, 4 * from, 4 * to);
            if (parts > 1) _tape.Meet(part);
        }
        if (_inputTransposed != null)
            Gemm.Multiply((Real*)dInput, GatesRow, _inputTransposed, null, _dx, _x.Stride, rows, _x.Columns, Columns, Epilogue.Add, inputFrom, inputTo);
        if (!_parameters.IsTrained) return;
        _parameters.LearnWeight(_layer.Input, _x.Values, _x.Stride, (Real*)dInput, GatesRow, rows, 4 * from, 4 * to);
        if (_steps > 1) _parameters.LearnWeight(_layer.Recurrent, _y.Values, _hidden, _gates + rowsOfGates, GatesRow, (_steps - 1) * _batch, 4 * from, 4 * to);
        Gemm.AddColumnSums((Real*)dInput + 4 * from, GatesRow, _bias + 4 * from, rows, 4 * (to - from));
    }

    /// <summary>Waits for the other thread, then asks for the columns that it has written.</summary>
    private void MeetAndFetch(int part, Real* rows, int stride, int from, int to, int columns)
    {
        _tape.Meet(part);
        LstmKernels.Fetch(rows, stride, _batch, 0, from);
        LstmKernels.Fetch(rows, stride, _batch, to, columns);
    }

    /// <summary>x W_ih + b, the columns of some units.</summary>
    private void Project(Real* x, Real* gates, int rows, int from, int to) =>
        Gemm.Multiply(x, _x.Stride, Values(_layer.Input), _bias, gates, GatesRow, rows, Columns, _x.Columns, Epilogue.Store, 4 * from, 4 * to);

    private Real* Values(ParameterBlock block) => _parameters.Values + block.Offset;

    private Real* Cell(Real* cells, int t) => cells + (long)(t % _cellsKept) * _batch * _hidden;

    private Real* Row(Real* values, int t) => values + (long)t * _batch * _hidden;

    /// <summary>The columns of one thread: whole panels.</summary>
    private static (int From, int To) Share(int columns, int part, int parts)
    {
        var panels = (Panels.Padded(columns) + Panels.Width - 1) / Panels.Width;
        var middle = (panels + 1) / 2 * Panels.Width;
        return parts == 1 ? (0, Panels.Padded(columns)) : part == 0 ? (0, Math.Min(middle, Panels.Padded(columns))) : (Math.Min(middle, Panels.Padded(columns)), Panels.Padded(columns));
    }
}
