using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation, shared + target labels: one encoder and one classifier of the meta-train concepts, for source and
/// target samples alike. #Target: all (all).
/// </summary>
public sealed class SharedTargetLabels : SharedEncoderMethod
{
    private readonly int[] _targets, _labels;
    private readonly SampleReader _reader;

    public SharedTargetLabels(MetaParameters meta, MetaOptions options, TargetLabelledTrainingData data, InputOptions input, ulong seed)
        : base(meta, options, data, data.SourceSamples, input, seed)
    {
        (_targets, _labels) = data.TargetLabelledSamples.Flatten();
        _reader = new SampleReader(data.TargetLabelledSamples.Contents, input);
    }

    public override string Name => "shared-target-labels";

    private protected override Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters, CounterRandom random) =>
        CrossEntropy(_reader, Meta.Network.TargetEncoder, _targets, _labels, random);

    private protected override IterationLosses Report(double further, double classification) => new(double.NaN, (further + classification) / 2);
}
