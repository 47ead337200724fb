using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Unsupervised meta-learning by weak labels (Hsu et al. 2019, as the paper adapts it in Appendix D.1): Reptile on
/// classification of the weak clusters in the target modality. #Target: all (0).
/// </summary>
public sealed class UnsupervisedWeakLabels : FewShotMethod
{
    private readonly WeaklyLabelledTrainingData _data;
    private readonly MetaClassification _classification;

    public UnsupervisedWeakLabels(MetaParameters meta, MetaOptions options, WeaklyLabelledTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        _classification = new MetaClassification(meta, meta.Network.TargetEncoder, meta.TargetEncoder, moveEncoder: true, options, new SampleReader(data.Target, input), duet);
    }

    public override string Name => "unsupervised-meta-weak-labels";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => _classification.Optimizers;

    public override IterationLosses Iterate(int iteration)
    {
        var task = new ClassificationTask(_data.Clusters, Options.Ways, Options.Shots, Random("T_w", iteration));
        return new IterationLosses(double.NaN, _classification.Learn(task, Random("batches of T_w", iteration)));
    }

    public override void Dispose()
    {
        _classification.Dispose();
        base.Dispose();
    }
}
