using Croma.Compute;
using Croma.Encoders;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>
/// Reptile on classification tasks of one modality. For CroMA it is section 4.2's cross-modal classifier: phi learns
/// on the source side of the shared space (and e_s with it, where the options say so). The oracle and other baselines
/// use the same with an encoder of their own.
/// </summary>
public sealed class MetaClassification : IDisposable
{
    private readonly MetaParameters _meta;
    private readonly ParameterVector _metaEncoder;
    private readonly MetaOptions _options;
    private readonly SampleReader _reader;
    private readonly bool _moveEncoder;
    private readonly InnerLearner _encoderLearner, _classifier;
    private readonly Reptile _encoderUpdate, _classifierUpdate;
    private readonly ClassificationStep _step;

    /// <param name="meta">The meta-parameters: phi is updated, the encoder where <paramref name="moveEncoder"/> says so.</param>
    /// <param name="encoder">e_s or e_t.</param>
    /// <param name="metaEncoder">Its meta-parameters.</param>
    /// <param name="moveEncoder">Whether the inner steps move the encoder too.</param>
    /// <param name="options">Meta-training.</param>
    /// <param name="reader">Reads the encoder's modality.</param>
    /// <param name="duet">The threads.</param>
    public MetaClassification(MetaParameters meta, Encoder encoder, ParameterVector metaEncoder, bool moveEncoder, MetaOptions options, SampleReader reader, Duet duet)
    {
        (_meta, _metaEncoder, _options, _reader, _moveEncoder) = (meta, metaEncoder, options, reader, moveEncoder);
        (_encoderLearner, _encoderUpdate) = Learner(encoder.Layout, options.EncoderLearningRate);
        (_classifier, _classifierUpdate) = Learner(meta.Classifier.Layout, options.ClassifierLearningRate);
        _step = new ClassificationStep(encoder, meta.Network.Classifier, duet);

        (InnerLearner, Reptile) Learner(ParameterLayout layout, double learningRate) =>
            (new(layout, new AdamOptions { LearningRate = learningRate, Beta1 = options.Beta1 }, options.CarryOptimizer), new(layout, options));
    }

    /// <summary>Everything that outlives an iteration besides the meta-parameters, for checkpoints.</summary>
    public IEnumerable<(string Name, Adam Optimizer)> Optimizers => TrainingState.Of(_options,
        ("classification_encoder", _encoderLearner, _encoderUpdate), ("classifier", _classifier, _classifierUpdate));

    /// <summary>Learns one task and moves the meta-parameters; returns the mean loss of the inner steps.</summary>
    public double Learn(ClassificationTask task, CounterRandom random)
    {
        // phi := phi^meta (and e_s := e_s^meta)
        _classifier.StartFrom(_meta.Classifier);
        if (_moveEncoder) _encoderLearner.StartFrom(_metaEncoder);

        // phi~: n gradient steps on the cross-entropy of phi(e_s(x_s))
        var order = new BatchOrder(task.Samples.Length, _options.ClassifierBatch, random);
        var total = 0.0;
        for (var step = 0; step < _options.InnerSteps; step++)
        {
            _step.Draw(_reader, task.Samples, task.Labels, order.Next(), random);
            total += _step.Take(_moveEncoder ? _encoderLearner : null, _metaEncoder, _classifier);
        }

        // phi^meta <- phi^meta + epsilon (phi~ - phi^meta)
        _classifierUpdate.Update(_meta.Classifier, _classifier.Parameters);
        if (_moveEncoder) _encoderUpdate.Update(_metaEncoder, _encoderLearner.Parameters);
        return total / _options.InnerSteps;
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _encoderLearner, _classifier, _encoderUpdate, _classifierUpdate, _step }) part.Dispose();
    }
}
