using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// Frames to the shared space: stacked LSTM layers, the maximum over time, a linear layer (Table 7: two layers of 256;
/// max pooling and the linear layer as in the released code).
/// </summary>
public sealed class SpeechLstm : Encoder
{
    private readonly Lstm[] _layers;
    private readonly Linear _projection;

    /// <param name="features">Numbers a frame.</param>
    /// <param name="hidden">Units a layer, a multiple of 16.</param>
    /// <param name="layers">LSTM layers.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public SpeechLstm(int features, int hidden, int layers, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        _layers = [.. Enumerable.Range(0, layers).Select(i => new Lstm(Layout, $"lstm.{i}", i == 0 ? features : hidden, hidden))];
        _projection = new Linear(Layout, "projection", hidden, dimension);
        Dimension = dimension;
    }

    public override int Dimension { get; }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var x = tape.Input(batch.Values, batch.Steps * batch.Count, batch.Width);
        foreach (var layer in _layers) x = layer.Forward(tape, parameters, x, batch.Count);
        return _projection.Forward(tape, parameters, tape.MaxOverTime(x, batch.Lengths));
    }
}
