using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Within-modality generalisation: Reptile on labelled tasks of the target modality (Nichol and Schulman 2018). It
/// reads target labels of the meta-train concepts, which the paper's setting says nobody has. #Target: all (all).
/// </summary>
public sealed class Oracle : FewShotMethod
{
    private readonly TargetLabelledTrainingData _data;
    private readonly MetaClassification _classification;

    public Oracle(MetaParameters meta, MetaOptions options, TargetLabelledTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        _classification = new MetaClassification(meta, meta.Network.TargetEncoder, meta.TargetEncoder, moveEncoder: true, options, new SampleReader(data.TargetLabelledSamples.Contents, input), duet);
    }

    public override string Name => "oracle";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => _classification.Optimizers;

    public override IterationLosses Iterate(int iteration)
    {
        var task = new ClassificationTask(_data.TargetLabelledSamples, Options.Ways, Options.Shots, Random("T_t", iteration));
        return new IterationLosses(double.NaN, _classification.Learn(task, Random("batches of T_t", iteration)));
    }

    public override void Dispose()
    {
        _classification.Dispose();
        base.Dispose();
    }
}
