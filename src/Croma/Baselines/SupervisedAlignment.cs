using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>The two encoders aligned by ordinary supervised training: no copies, no meta-update, one optimiser throughout.</summary>
internal sealed class SupervisedAlignment : IDisposable
{
    private readonly MetaParameters _meta;
    private readonly MetaOptions _options;
    private readonly PairedTrainingData _data;
    private readonly ulong _seed;
    private readonly SampleReader _sourceReader, _targetReader;
    private readonly InnerLearner _source, _target, _loss;
    private readonly AlignmentStep _step;

    public SupervisedAlignment(MetaParameters meta, MetaOptions options, PairedTrainingData data, InputOptions input, Duet duet, ulong seed)
    {
        (_meta, _options, _data, _seed) = (meta, options, data, seed);
        (_sourceReader, _targetReader) = (new SampleReader(data.Source, input), new SampleReader(data.Target, input));
        var adam = new AdamOptions { LearningRate = options.AlignmentLearningRate, Beta1 = options.Beta1 };
        (_source, _target, _loss) = (Learner(meta.SourceEncoder), Learner(meta.TargetEncoder), Learner(meta.AlignmentLoss));
        _step = new AlignmentStep(meta.Network, duet, _source, _target, _loss);

        InnerLearner Learner(ParameterVector start) => new(start.Layout, adam, carryOptimizer: true);
    }

    public IEnumerable<(string Name, Adam Optimizer)> Optimizers =>
        [("source_encoder", _source.Optimizer), ("target_encoder", _target.Optimizer), ("alignment_loss", _loss.Optimizer)];

    /// <summary>As many gradient steps as an iteration of CroMA makes; returns their mean loss.</summary>
    public double Learn(int iteration)
    {
        _source.StartFrom(_meta.SourceEncoder);
        _target.StartFrom(_meta.TargetEncoder);
        _loss.StartFrom(_meta.AlignmentLoss);
        var (total, windows) = (0.0, Random("windows of T_a", iteration));
        var draws = Random("T_a", iteration * _options.InnerSteps);
        var pairs = _data.NewTask(_options, draws);
        for (var step = 0; step < _options.InnerSteps; step++)
        {
            // every batch is of other concepts or sets: there are no tasks here
            if (step > 0)
            {
                draws.Restart(CounterRandom.Stream("T_a", iteration * _options.InnerSteps + step));
                pairs.DrawTask();
            }
            pairs.DrawBatch();
            _sourceReader.Read(_step.SourceBatch, pairs.Source, windows);
            _targetReader.Read(_step.TargetBatch, pairs.Target, windows);
            _step.DrawNoise(windows);
            total += _step.Take(pairs.Groups);
        }
        _meta.SourceEncoder.CopyFrom(_source.Parameters);
        _meta.TargetEncoder.CopyFrom(_target.Parameters);
        _meta.AlignmentLoss.CopyFrom(_loss.Parameters);
        return total / _options.InnerSteps;
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _source, _target, _loss, _step }) part.Dispose();
    }

    private CounterRandom Random(string use, int index) => new(_seed, CounterRandom.Stream(use, index));
}
