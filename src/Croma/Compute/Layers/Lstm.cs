namespace Croma.Compute.Layers;

/// <summary>
/// One layer of a long short-term memory over time (Hochreiter and Schmidhuber 1997; gates and initial values as in
/// PyTorch: uniform in +-1/sqrt(hidden)). The two biases are PyTorch's: only their sum counts, but as an optimiser like
/// Adam moves each of them, the sum moves twice as far as one would. The state starts at zero.
/// </summary>
public sealed class Lstm
{
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
        Input = layout.Add(name + ".weight_ih", inputs, 4 * hidden, BlockForm.GatePanels, scale);
        Recurrent = layout.Add(name + ".weight_hh", hidden, 4 * hidden, BlockForm.GatePanels, scale);
        InputBias = layout.Add(name + ".bias_ih", 1, 4 * hidden, BlockForm.GateVector, scale);
        RecurrentBias = layout.Add(name + ".bias_hh", 1, 4 * hidden, BlockForm.GateVector, scale);
    }

    internal ParameterBlock Input { get; }

    internal ParameterBlock Recurrent { get; }

    internal ParameterBlock InputBias { get; }

    internal ParameterBlock RecurrentBias { get; }

    /// <summary>x [steps * batch, inputs], time-major, to the outputs of all steps [steps * batch, hidden].</summary>
    public Tensor Forward(Tape tape, ParameterVector parameters, Tensor x, int batch) => Forward(tape, parameters, x, [], x.Rows, batch);

    /// <summary>
    /// The same where inputs repeat, as the characters of a text do: step t of sample b reads row rows[t * batch + b] of
    /// x. Each row is multiplied by the input weights once, however often it is read.
    /// </summary>
    public Tensor Forward(Tape tape, ParameterVector parameters, Tensor x, ReadOnlySpan<int> rows, int batch) =>
        Forward(tape, parameters, x, rows, rows.Length, batch);

    /// <summary>
    /// Two layers that read the same input in different orders, such as the directions of a bidirectional LSTM, side by
    /// side.
    /// </summary>
    public static (Tensor First, Tensor Second) Forward(Tape tape, ParameterVector parameters, Tensor x,
        Lstm first, ReadOnlySpan<int> firstRows, Lstm second, ReadOnlySpan<int> secondRows, int batch)
    {
        var (y1, y2) = (first.Output(tape, parameters, x, firstRows, firstRows.Length, batch), second.Output(tape, parameters, x, secondRows, secondRows.Length, batch));
        tape.Record<LstmPairNode>().Forward(tape, parameters, x, first, firstRows, y1, second, secondRows, y2, batch);
        return (y1, y2);
    }

    private unsafe Tensor Forward(Tape tape, ParameterVector parameters, Tensor x, ReadOnlySpan<int> rows, int count, int batch)
    {
        var y = Output(tape, parameters, x, rows, count, batch);
        var node = tape.Record<LstmNode>();
        node.Prepare(tape, this, parameters, x, x.Gradients, rows, y, batch);
        node.Run();
        return y;
    }

    private Tensor Output(Tape tape, ParameterVector parameters, Tensor x, ReadOnlySpan<int> rows, int count, int batch)
    {
        if (x.Columns != Input.Rows) throw new ArgumentException($"'{Input.Name}' takes {Input.Rows} columns, not {x.Columns}.", nameof(x));
        if (batch <= 0 || count == 0 || count % batch != 0) throw new ArgumentException($"{count} rows are no whole number of steps of {batch}.", nameof(batch));
        foreach (var row in rows)
            if ((uint)row >= (uint)x.Rows) throw new ArgumentOutOfRangeException(nameof(rows), $"Row {row} is not in an input of {x.Rows}.");
        var y = tape.NewTensor(count, _hidden, parameters.IsTrained || x.NeedsGradient);
        if (y.NeedsGradient)
            foreach (var block in (ReadOnlySpan<ParameterBlock>)[Input, Recurrent, InputBias, RecurrentBias]) parameters.Use(block);
        return y;
    }
}
