using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>y = x W + b, or max(0, x W + b). Starts as PyTorch's Linear does: uniform in +-1/sqrt(inputs).</summary>
public sealed unsafe class Linear
{
    private readonly ParameterBlock _weight, _bias;
    private readonly bool _relu;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="outputs">Columns of y.</param>
    /// <param name="relu">Whether a ReLU follows, fused.</param>
    public Linear(ParameterLayout layout, string name, int inputs, int outputs, bool relu = false)
    {
        var scale = 1 / Math.Sqrt(inputs);
        _weight = layout.Add(name + ".weight", inputs, outputs, BlockForm.Panels, scale);
        _bias = layout.Add(name + ".bias", 1, outputs, BlockForm.Vector, scale);
        _relu = relu;
    }

    /// <summary>x [rows, inputs] to y [rows, outputs].</summary>
    public Tensor Forward(Tape tape, ParameterVector parameters, Tensor x)
    {
        if (x.Columns != _weight.Rows) throw new ArgumentException($"'{_weight.Name}' takes {_weight.Rows} columns, not {x.Columns}.", nameof(x));
        var trained = parameters.IsTrained;
        var y = tape.NewTensor(x.Rows, _weight.Columns, trained || x.NeedsGradient);
        var weight = parameters.Values + _weight.Offset;
        Gemm.Multiply(x.Values, x.Stride, weight, parameters.Values + _bias.Offset, y.Values, y.Stride, x.Rows, y.Columns, x.Columns,
            _relu ? Epilogue.Relu : Epilogue.Store);
        if (y.NeedsGradient)
        {
            var node = tape.Record<LinearNode>();
            (node.X, node.Y, node.Relu) = (x, y, _relu);
            node.Weight = weight;
            (node.Parameters, node.WeightBlock, node.BiasBlock) = (parameters, _weight, _bias);
            node.BiasGradient = trained ? tape.Scratch(y.Stride) : null;
            parameters.Use(_weight);
            parameters.Use(_bias);
        }
        return y;
    }

    /// <summary>Shifts and divides what comes out, column by column.</summary>
    /// <param name="parameters">Changed: W / deviation, (b - mean) / deviation.</param>
    /// <param name="mean">One a column.</param>
    /// <param name="deviation">One a column, above 0.</param>
    internal void Rescale(ParameterVector parameters, ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation)
    {
        var (weight, bias) = (parameters.Read(_weight), parameters.Read(_bias));
        for (var i = 0; i < weight.Length; i++) weight[i] = (Real)(weight[i] / deviation[i % _weight.Columns]);
        for (var i = 0; i < bias.Length; i++) bias[i] = (Real)((bias[i] - mean[i]) / deviation[i]);
        parameters.Write(_weight, weight);
        parameters.Write(_bias, bias);
    }

    private sealed class LinearNode : Node
    {
        public Tensor X, Y;
        public bool Relu;
        public ParameterVector Parameters = null!;
        public ParameterBlock WeightBlock = null!, BiasBlock = null!;
        public Real* Weight, BiasGradient;

        public override void Backward()
        {
            if (Relu) Elementwise.ZeroWhereNotPositive(Y.Values, Y.Gradients, Y.Size);
            if (X.NeedsGradient)
                Gemm.InputGradient(Y.Gradients, Y.Stride, Weight, X.Gradients, X.Stride, X.Rows, Y.Columns, X.Columns, add: true);
            if (BiasGradient == null) return;
            Parameters.LearnWeight(WeightBlock, X.Values, X.Stride, Y.Gradients, Y.Stride, X.Rows);
            new Span<Real>(BiasGradient, Y.Stride).Clear();
            Gemm.AddColumnSums(Y.Gradients, Y.Stride, BiasGradient, Y.Rows, Y.Columns);
            Parameters.Learn(BiasBlock, BiasGradient);
        }
    }
}
