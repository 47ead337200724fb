using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Align + Meta Classify: the two encoders are aligned by ordinary supervised training, phi is meta-learned on the
/// source side. The ablation of meta-alignment. An iteration makes as many gradient steps as one of CroMA's.
/// #Target: all (0).
/// </summary>
public sealed class AlignMetaClassify : FewShotMethod
{
    private readonly PairedTrainingData _data;
    private readonly SupervisedAlignment _alignment;
    private readonly MetaClassification _classification;

    public AlignMetaClassify(MetaParameters meta, MetaOptions options, PairedTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        _alignment = new SupervisedAlignment(meta, options, data, input, duet, seed);
        _classification = new MetaClassification(meta, meta.Network.SourceEncoder, meta.SourceEncoder, moveEncoder: false, options, new SampleReader(data.Source, input), duet);
    }

    public override string Name => "align-meta-classify";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => [.. _alignment.Optimizers, .. _classification.Optimizers];

    public override IterationLosses Iterate(int iteration)
    {
        var alignmentLoss = _alignment.Learn(iteration);
        var task = new ClassificationTask(_data.SourceSamples, Options.Ways, Options.Shots, Random("T_s", iteration));
        return new IterationLosses(alignmentLoss, _classification.Learn(task, Random("batches of T_s", iteration)));
    }

    public override void Dispose()
    {
        _alignment.Dispose();
        _classification.Dispose();
        base.Dispose();
    }
}
