using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// CroMA with weak pairs: Algorithm 1 where the alignment task is of sets of samples that share a cluster (Eq. 3). No
/// strong pair and no target label is read. #Target: all that is in a cluster (0).
/// </summary>
public sealed class CromaWeak : FewShotMethod
{
    private readonly WeaklyPairedTrainingData _data;
    private readonly MetaAlignment _alignment;
    private readonly MetaClassification _classification;

    public CromaWeak(MetaParameters meta, MetaOptions options, WeaklyPairedTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        var (sources, targets) = (new SampleReader(data.Source, input), new SampleReader(data.Target, input));
        _alignment = new MetaAlignment(meta, options, sources, targets, duet);
        _classification = new MetaClassification(meta, meta.Network.SourceEncoder, meta.SourceEncoder, options.ClassifierMovesEncoder, options, sources, duet);
    }

    public override string Name => "croma-weak";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => [.. _alignment.Optimizers, .. _classification.Optimizers];

    public override IterationLosses Iterate(int iteration)
    {
        // T_a of weak pairs (X_s, X_t), then as in MetaTraining
        var alignmentTask = new WeakAlignmentTask(_data, Options.AlignmentBatch, Options.SamplesOfSet, Random("T_a", iteration));
        var alignmentLoss = _alignment.Learn(alignmentTask, Random("windows of T_a", iteration));

        var sourceTask = new ClassificationTask(_data.SourceSamples, Options.Ways, Options.Shots, Random("T_s", iteration));
        return new IterationLosses(alignmentLoss, _classification.Learn(sourceTask, Random("batches of T_s", iteration)));
    }

    public override void Dispose()
    {
        _alignment.Dispose();
        _classification.Dispose();
        base.Dispose();
    }
}
