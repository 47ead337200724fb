using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// Text to the shared space: embedded characters (UTF-8 bytes, so that no script is out of vocabulary; Xue et al.,
/// ByT5, 2022), an LSTM in each direction, the maximum over time, a linear layer (Table 7: embedding 256, one
/// bidirectional layer of 256).
/// </summary>
public sealed class TextLstm : Encoder
{
    /// <summary>One token for each value of a byte.</summary>
    public const int Tokens = 256;

    private readonly Embedding _embedding;
    private readonly Lstm _forward, _backward;
    private readonly Linear _projection;

    /// <param name="embedding">Width of a character's vector.</param>
    /// <param name="hidden">Units a direction, a multiple of 16.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public TextLstm(int embedding, int hidden, int dimension)
    {
        _embedding = new Embedding(Layout, "embedding", Tokens, embedding);
        _forward = new Lstm(Layout, "lstm.forward", embedding, hidden);
        _backward = new Lstm(Layout, "lstm.backward", embedding, hidden);
        _projection = new Linear(Layout, "projection", 2 * hidden, dimension);
        Dimension = dimension;
    }

    public override int Dimension { get; }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var characters = _embedding.Forward(tape, parameters, tape.Distinct(batch.Tokens, Tokens, out var rows));
        var (forward, backward) = Lstm.Forward(tape, parameters, characters, _forward, rows, _backward, tape.Reverse(rows, batch.Lengths), batch.Count);
        return _projection.Forward(tape, parameters, tape.Concatenate(tape.MaxOverTime(forward, batch.Lengths), tape.MaxOverTime(backward, batch.Lengths)));
    }
}
