using Croma.Compute;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>Section 4.1: e_s and e_t learn a shared space from which a new alignment task is a few steps away.</summary>
public sealed class MetaAlignment : IDisposable
{
    private readonly MetaParameters _meta;
    private readonly MetaOptions _options;
    private readonly SampleReader _sourceReader, _targetReader;
    private readonly InnerLearner _source, _target, _loss;
    private readonly Reptile _sourceUpdate, _targetUpdate, _lossUpdate;
    private readonly AlignmentStep _step;

    public MetaAlignment(MetaParameters meta, MetaOptions options, SampleReader sourceReader, SampleReader targetReader, Duet duet)
    {
        (_meta, _options, _sourceReader, _targetReader) = (meta, options, sourceReader, targetReader);
        var adam = new AdamOptions { LearningRate = options.AlignmentLearningRate, Beta1 = options.Beta1 };
        (_source, _sourceUpdate) = Learner(meta.SourceEncoder.Layout);
        (_target, _targetUpdate) = Learner(meta.TargetEncoder.Layout);
        (_loss, _lossUpdate) = Learner(meta.AlignmentLoss.Layout);
        _step = new AlignmentStep(meta.Network, duet, _source, _target, _loss);

        (InnerLearner, Reptile) Learner(ParameterLayout layout) => (new(layout, adam, options.CarryOptimizer), new(layout, options));
    }

    /// <summary>Everything that outlives an iteration besides the meta-parameters, for checkpoints.</summary>
    public IEnumerable<(string Name, Adam Optimizer)> Optimizers => TrainingState.Of(_options,
        ("source_encoder", _source, _sourceUpdate), ("target_encoder", _target, _targetUpdate), ("alignment_loss", _loss, _lossUpdate));

    /// <summary>Learns one task and moves the meta-parameters; returns the mean loss of the inner steps.</summary>
    public double Learn(AlignmentTask task, CounterRandom random)
    {
        // e_s := e_s^meta, e_t := e_t^meta
        _source.StartFrom(_meta.SourceEncoder);
        _target.StartFrom(_meta.TargetEncoder);
        _loss.StartFrom(_meta.AlignmentLoss);

        // e~_s, e~_t: n gradient steps on the alignment loss
        var total = 0.0;
        for (var step = 0; step < _options.InnerSteps; step++)
        {
            task.DrawBatch();
            _sourceReader.Read(_step.SourceBatch, task.Source, random);
            _targetReader.Read(_step.TargetBatch, task.Target, random);
            _step.DrawNoise(random);
            total += _step.Take(task.Groups);
        }

        // e^meta <- e^meta + epsilon (e~ - e^meta)
        _sourceUpdate.Update(_meta.SourceEncoder, _source.Parameters);
        _targetUpdate.Update(_meta.TargetEncoder, _target.Parameters);
        _lossUpdate.Update(_meta.AlignmentLoss, _loss.Parameters);
        return total / _options.InnerSteps;
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _source, _target, _loss, _sourceUpdate, _targetUpdate, _lossUpdate, _step }) part.Dispose();
    }
}
