using Croma.Compute;
using Croma.Encoders;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>One gradient step on the cross-entropy of phi(e(x)).</summary>
/// <param name="encoder">e.</param>
/// <param name="classifier">phi.</param>
/// <param name="duet">Threads of the step; null: the caller's only.</param>
public sealed class ClassificationStep(Encoder encoder, Classifier classifier, Duet? duet = null) : IDisposable
{
    private readonly Tape _tape = new(duet);
    private readonly InputBatch _batch = new();
    private int[] _samples = [], _labels = [];
    private int _count;

    /// <summary>Reads a batch.</summary>
    /// <param name="reader">Reads the encoder's modality.</param>
    /// <param name="samples">Sample numbers of the task.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="positions">Which of them make the batch.</param>
    /// <param name="window">Draws windows from long samples, and what dropout leaves out.</param>
    public void Draw(SampleReader reader, int[] samples, int[] labels, ReadOnlySpan<int> positions, CounterRandom? window)
    {
        _count = positions.Length;
        if (_samples.Length < _count) (_samples, _labels) = (new int[_count], new int[_count]);
        for (var i = 0; i < _count; i++) (_samples[i], _labels[i]) = (samples[positions[i]], labels[positions[i]]);
        reader.Read(_batch, _samples.AsSpan(0, _count), window);
        _batch.DrawNoise(encoder, window);
    }

    /// <summary>Takes the step and returns the loss before it.</summary>
    /// <param name="encoderLearner">e~, moved; null: the encoder stands still.</param>
    /// <param name="frozenEncoder">The encoder's parameters where it stands still.</param>
    /// <param name="classifierLearner">phi~, moved.</param>
    public Real Take(InnerLearner? encoderLearner, ParameterVector frozenEncoder, InnerLearner classifierLearner)
    {
        _tape.Clear();
        var embeddings = encoder.Encode(_tape, encoderLearner?.Parameters ?? frozenEncoder, _batch);
        var loss = _tape.CrossEntropy(classifier.Classify(_tape, classifierLearner.Parameters, embeddings), _labels.AsSpan(0, _count));
        _tape.Backward(loss);
        encoderLearner?.Step();
        classifierLearner.Step();
        return loss.Scalar;
    }

    public void Dispose() => _tape.Dispose();
}
