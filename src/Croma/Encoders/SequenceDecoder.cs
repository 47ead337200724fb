using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// The shared space to frames: an LSTM whose first state is a linear function of the embedding, with teacher forcing
/// (Tables 5 to 7: rate 0.5, mean squared error). Whether a step is forced is drawn for the whole batch.
/// </summary>
public sealed unsafe class SequenceDecoder : Decoder
{
    private const double TeacherForcing = 0.5;

    private readonly Linear _state;
    private readonly LstmDecoder _lstm;

    /// <param name="dimension">Dimension of the shared space.</param>
    /// <param name="hidden">Units, a multiple of 16.</param>
    /// <param name="features">Numbers a frame.</param>
    public SequenceDecoder(int dimension, int hidden, int features)
    {
        _state = new Linear(Layout, "state", dimension, hidden);
        _lstm = new LstmDecoder(Layout, "lstm", hidden, features);
    }

    public override Tensor Loss(Tape tape, ParameterVector parameters, Tensor embeddings, InputBatch batch, CounterRandom random)
    {
        var forced = new Span<int>(tape.Integers(batch.Steps), batch.Steps);
        foreach (ref var step in forced) step = random.NextDouble() < TeacherForcing ? 1 : 0;
        var truth = tape.Input(batch.Values, batch.Steps * batch.Count, batch.Width);
        var written = _lstm.Forward(tape, parameters, _state.Forward(tape, parameters, embeddings), truth, forced);
        return tape.MeanSquaredError(written, truth, batch.Lengths);
    }
}
