using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// One modality's way into an encoder that both share (Appendix D.2 of the paper): the target's input passes a linear
/// layer to the source's dimension, text an embedding, and all later layers are the same parameters. The two ways have
/// one layout, so one vector holds the whole encoder.
/// </summary>
public sealed class SharedEncoder : Encoder
{
    private readonly SharedLayers _layers;
    private readonly Embedding? _embedding;
    private readonly Linear? _linear;

    private SharedEncoder(SharedLayers layers, Embedding? embedding, Linear? linear) : base(layers.Layout) =>
        (_layers, _embedding, _linear) = (layers, embedding, linear);

    public override int Dimension => _layers.Dimension;

    /// <summary>Both ways into one encoder.</summary>
    /// <param name="sourceWidth">Numbers a frame of the source modality; 0 for text.</param>
    /// <param name="targetWidth">Numbers a frame of the target modality; 0 for text.</param>
    /// <param name="sequences">Whether either modality has sequences: the later layers are then the text encoder's, otherwise the MLP's.</param>
    /// <param name="sizes">Sizes of the layers.</param>
    public static (SharedEncoder Source, SharedEncoder Target) Create(int sourceWidth, int targetWidth, bool sequences, EncoderOptions sizes)
    {
        var layers = new SharedLayers(sourceWidth == 0 ? sizes.TextEmbedding : sourceWidth, sequences, sizes);
        return (new SharedEncoder(layers, Text("source", sourceWidth), null),
            new SharedEncoder(layers, Text("target", targetWidth), targetWidth == 0 ? null : new Linear(layers.Layout, "target.linear", targetWidth, layers.Inputs)));

        Embedding? Text(string name, int width) => width == 0 ? new Embedding(layers.Layout, name + ".embedding", TextLstm.Tokens, layers.Inputs) : null;
    }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var forward = Enter(tape, parameters, batch, reversed: false);
        return _layers.TakesSequences
            ? _layers.Encode(tape, parameters, forward, Enter(tape, parameters, batch, reversed: true), batch.Lengths)
            : _layers.Encode(tape, parameters, forward);
    }

    private Tensor Enter(Tape tape, ParameterVector parameters, InputBatch batch, bool reversed)
    {
        if (_embedding != null) return _embedding.Forward(tape, parameters, reversed ? tape.Reverse(batch.Tokens, batch.Lengths) : batch.Tokens);
        var x = reversed ? tape.ReversedInput(batch.Values, batch.Width, batch.Lengths) : tape.Input(batch.Values, batch.Steps * batch.Count, batch.Width);
        return _linear?.Forward(tape, parameters, x) ?? x;
    }
}

/// <summary>What both modalities share: a bidirectional LSTM, maximum over time and projection, or an MLP.</summary>
internal sealed class SharedLayers
{
    private readonly Lstm? _forward, _backward;
    private readonly Linear[] _linear;

    public SharedLayers(int inputs, bool sequences, EncoderOptions sizes)
    {
        (Inputs, Dimension) = (inputs, sizes.Dimension);
        if (sequences)
        {
            _forward = new Lstm(Layout, "lstm.forward", inputs, sizes.Hidden);
            _backward = new Lstm(Layout, "lstm.backward", inputs, sizes.Hidden);
        }
        int[] widths = sequences ? [2 * sizes.Hidden, Dimension] : [inputs, .. sizes.FeatureHidden, Dimension];
        _linear = [.. Enumerable.Range(0, widths.Length - 1).Select(i => new Linear(Layout, $"layer.{i}", widths[i], widths[i + 1], relu: i < widths.Length - 2))];
    }

    public ParameterLayout Layout { get; } = new();

    public int Inputs { get; }

    public int Dimension { get; }

    public bool TakesSequences => _forward != null;

    /// <summary>Sequences [steps * batch, Inputs], both ways round, to embeddings [batch, Dimension].</summary>
    public Tensor Encode(Tape tape, ParameterVector parameters, Tensor x, Tensor reversed, ReadOnlySpan<int> lengths)
    {
        var (forward, backward) = (_forward!.Forward(tape, parameters, x, lengths.Length), _backward!.Forward(tape, parameters, reversed, lengths.Length));
        return Encode(tape, parameters, tape.Concatenate(tape.MaxOverTime(forward, lengths), tape.MaxOverTime(backward, lengths)));
    }

    /// <summary>Vectors to embeddings [batch, Dimension].</summary>
    public Tensor Encode(Tape tape, ParameterVector parameters, Tensor x)
    {
        foreach (var layer in _linear) x = layer.Forward(tape, parameters, x);
        return x;
    }
}
