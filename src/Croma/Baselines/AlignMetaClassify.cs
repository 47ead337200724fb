using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Align + Meta Classify: the two encoders are aligned by ordinary supervised training (no copies, no meta-update, one
/// optimiser throughout), phi is meta-learned on the source side. The ablation of meta-alignment. An iteration makes
/// as many gradient steps as one of CroMA's. #Target: all (0).
/// </summary>
public sealed class AlignMetaClassify : FewShotMethod
{
    private readonly MetaTrainingData _data;
    private readonly SampleReader _sourceReader, _targetReader;
    private readonly InnerLearner _source, _target, _loss;
    private readonly AlignmentStep _step;
    private readonly MetaClassification _classification;

    public AlignMetaClassify(MetaParameters meta, MetaOptions options, MetaTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        (_sourceReader, _targetReader) = (new SampleReader(data.Source, input), new SampleReader(data.Target, input));
        var adam = new AdamOptions { LearningRate = options.AlignmentLearningRate, Beta1 = options.Beta1 };
        (_source, _target, _loss) = (Learner(meta.SourceEncoder), Learner(meta.TargetEncoder), Learner(meta.AlignmentLoss));
        _step = new AlignmentStep(meta.Network, duet, _source, _target, _loss);
        _classification = new MetaClassification(meta, meta.Network.SourceEncoder, meta.SourceEncoder, moveEncoder: false, options, _sourceReader);

        InnerLearner Learner(ParameterVector start) => new(start.Layout, adam, carryOptimizer: true);
    }

    public override string Name => "align-meta-classify";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers =>
        [("source_encoder", _source.Optimizer), ("target_encoder", _target.Optimizer), ("alignment_loss", _loss.Optimizer), .. _classification.Optimizers];

    public override IterationLosses Iterate(int iteration)
    {
        var alignmentLoss = Align(iteration);
        var task = new ClassificationTask(_data.SourceSamples, Options.Ways, Options.Shots, Random("T_s", iteration));
        return new IterationLosses(alignmentLoss, _classification.Learn(task, Random("batches of T_s", iteration)));
    }

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _source, _target, _loss, _step, _classification }) part.Dispose();
        base.Dispose();
    }

    private double Align(int iteration)
    {
        _source.StartFrom(Meta.SourceEncoder);
        _target.StartFrom(Meta.TargetEncoder);
        _loss.StartFrom(Meta.AlignmentLoss);
        var (total, windows) = (0.0, Random("windows of T_a", iteration));
        var draws = Random("T_a", iteration * Options.InnerSteps);
        var pairs = new AlignmentTask(_data, Options.AlignmentBatch, Options.PairDrawing, draws);
        for (var step = 0; step < Options.InnerSteps; step++)
        {
            // every batch is of other concepts: there are no tasks here
            if (step > 0)
            {
                draws.Restart(CounterRandom.Stream("T_a", iteration * Options.InnerSteps + step));
                pairs.DrawConcepts();
            }
            pairs.DrawBatch();
            _sourceReader.Read(_step.SourceBatch, pairs.Source, windows);
            _targetReader.Read(_step.TargetBatch, pairs.Target, windows);
            total += _step.Take(pairs.Groups);
        }
        Meta.SourceEncoder.CopyFrom(_source.Parameters);
        Meta.TargetEncoder.CopyFrom(_target.Parameters);
        Meta.AlignmentLoss.CopyFrom(_loss.Parameters);
        return total / Options.InnerSteps;
    }
}
