using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>The shared space to feature vectors: the MLP encoder's layers the other way round.</summary>
public sealed class VectorDecoder : Decoder
{
    private readonly Linear[] _layers;

    /// <param name="dimension">Dimension of the shared space.</param>
    /// <param name="hidden">Width of each hidden layer, in the encoder's order.</param>
    /// <param name="features">Numbers a sample.</param>
    public VectorDecoder(int dimension, IReadOnlyList<int> hidden, int features)
    {
        int[] widths = [dimension, .. hidden.Reverse(), features];
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i => new Linear(Layout, $"layer.{i}", widths[i], widths[i + 1], relu: i < hidden.Count))];
    }

    public override Tensor Loss(Tape tape, ParameterVector parameters, Tensor embeddings, InputBatch batch, CounterRandom random)
    {
        var x = embeddings;
        foreach (var layer in _layers) x = layer.Forward(tape, parameters, x);
        return tape.MeanSquaredError(x, tape.Input(batch.Values, batch.Count, batch.Width), batch.Lengths);
    }
}
