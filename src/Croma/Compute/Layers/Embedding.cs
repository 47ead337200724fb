using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>A table of vectors looked up by token. Starts standard normal, as PyTorch's Embedding does.</summary>
public sealed unsafe class Embedding
{
    private readonly ParameterBlock _table;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="entries">Tokens are 0 ... entries - 1.</param>
    /// <param name="width">Columns of what comes out.</param>
    public Embedding(ParameterLayout layout, string name, int entries, int width) =>
        _table = layout.Add(name + ".weight", entries, width, BlockForm.Rows, 1, normal: true);

    /// <summary>tokens[rows] to y [rows, width].</summary>
    public Tensor Forward(Tape tape, ParameterVector parameters, ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
            if ((uint)token >= (uint)_table.Rows) throw new ArgumentOutOfRangeException(nameof(tokens), $"Token {token} is not in the table of {_table.Rows}.");
        var y = tape.NewTensor(tokens.Length, _table.Columns, parameters.IsTrained);
        var stride = y.Stride;
        for (var i = 0; i < tokens.Length; i++)
            new Span<Real>(parameters.Values + _table.Offset + (long)tokens[i] * stride, stride).CopyTo(new Span<Real>(y.Values + (long)i * stride, stride));
        if (y.NeedsGradient)
        {
            var node = tape.Record<EmbeddingNode>();
            node.Y = y;
            node.Tokens = tape.Keep(tokens);
            parameters.Use(_table);
            node.Gradient = parameters.Gradients + _table.Offset;
        }
        return y;
    }

    private sealed class EmbeddingNode : Node
    {
        public Tensor Y;
        public int* Tokens;
        public Real* Gradient;

        public override void Backward()
        {
            for (var i = 0; i < Y.Rows; i++)
                VectorKernels.AddScaled(Gradient + (long)Tokens[i] * Y.Stride, Y.Gradients + (long)i * Y.Stride, 1, Y.Stride);
        }
    }
}
