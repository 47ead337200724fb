using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>Precomputed features to the shared space: hidden layers with ReLU, then a linear layer.</summary>
public sealed class Mlp : Encoder
{
    private readonly Linear[] _layers;

    /// <param name="features">Numbers a sample.</param>
    /// <param name="hidden">Width of each hidden layer; none makes it a linear projection.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public Mlp(int features, IReadOnlyList<int> hidden, int dimension)
    {
        int[] widths = [features, .. hidden, dimension];
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i => new Linear(Layout, $"layer.{i}", widths[i], widths[i + 1], relu: i < hidden.Count))];
        Dimension = dimension;
    }

    public override int Dimension { get; }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var x = tape.Input(batch.Values, batch.Count, batch.Width);
        foreach (var layer in _layers) x = layer.Forward(tape, parameters, x);
        return x;
    }
}
