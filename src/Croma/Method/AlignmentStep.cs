using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;

namespace Croma.Method;

/// <summary>
/// One gradient step on the alignment loss: the two encoders run side by side, meet in the loss, and go back side by
/// side. Each has a tape of its own, so the result does not depend on the number of threads.
/// </summary>
public sealed class AlignmentStep : IDisposable
{
    private readonly Network _network;
    private readonly Duet _duet;
    private readonly InnerLearner _source, _target, _loss;
    private readonly Tape _sourceTape = new(), _targetTape = new(), _lossTape = new();
    private readonly Action _encodeSource, _encodeTarget, _learnSource, _learnTarget;
    private Tensor _es, _et;

    /// <param name="network">Encoders and loss.</param>
    /// <param name="duet">The threads.</param>
    /// <param name="source">e~_s.</param>
    /// <param name="target">e~_t.</param>
    /// <param name="loss">The loss's own parameters.</param>
    public AlignmentStep(Network network, Duet duet, InnerLearner source, InnerLearner target, InnerLearner loss)
    {
        (_network, _duet, _source, _target, _loss) = (network, duet, source, target, loss);
        _encodeSource = () => _es = Encode(_sourceTape, _network.SourceEncoder, _source, SourceBatch);
        _encodeTarget = () => _et = Encode(_targetTape, _network.TargetEncoder, _target, TargetBatch);
        _learnSource = () => Learn(_sourceTape, _source);
        _learnTarget = () => Learn(_targetTape, _target);
    }

    /// <summary>x_s of the pairs.</summary>
    public InputBatch SourceBatch { get; } = new();

    /// <summary>x_t of the pairs.</summary>
    public InputBatch TargetBatch { get; } = new();

    /// <summary>Draws what dropout leaves out in this step, when the batches are read.</summary>
    public void DrawNoise(CounterRandom random)
    {
        SourceBatch.DrawNoise(_network.SourceEncoder, random);
        TargetBatch.DrawNoise(_network.TargetEncoder, random);
    }

    /// <summary>Takes the step and returns the loss before it.</summary>
    /// <param name="groups">Which pairs belong together.</param>
    public Real Take(ReadOnlySpan<int> groups)
    {
        _duet.Run(_encodeTarget, _encodeSource);
        _lossTape.Clear();
        var loss = _network.AlignmentLoss.Forward(_lossTape, _loss.Parameters, _es, _et, groups);
        _lossTape.Backward(loss);
        _loss.Step();
        _duet.Run(_learnTarget, _learnSource);
        return loss.Scalar;
    }

    public void Dispose()
    {
        _sourceTape.Dispose();
        _targetTape.Dispose();
        _lossTape.Dispose();
    }

    private static Tensor Encode(Tape tape, Encoder encoder, InnerLearner learner, InputBatch batch)
    {
        tape.Clear();
        return encoder.Encode(tape, learner.Parameters, batch);
    }

    private static void Learn(Tape tape, InnerLearner learner)
    {
        tape.Backward();
        learner.Step();
    }
}
