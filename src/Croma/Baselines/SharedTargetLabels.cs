using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation, shared + target labels: one encoder, and each source task comes with a target task of the same
/// concepts, which one phi classifies too. #Target: all (all).
/// </summary>
public sealed class SharedTargetLabels(MetaParameters meta, MetaOptions options, TargetLabelledTrainingData data, InputOptions input, ulong seed)
    : SharedEncoderMethod(meta, options, data, data.SourceSamples, input, seed)
{
    private readonly SampleReader _targets = new(data.TargetLabelledSamples.Modality, input);
    private ClassificationTask? _task;
    private BatchOrder? _order;
    private CounterRandom? _random;

    public override string Name => "shared-target-labels";

    private protected override void Start(ClassificationTask task, int iteration)
    {
        _task = new ClassificationTask(data.TargetLabelledSamples, task.Concepts, Options.Shots, Random("T_t", iteration));
        _random = Random("batches of T_t", iteration);
        _order = new BatchOrder(_task.Samples.Length, Options.ClassifierBatch, _random);
    }

    private protected override Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters) =>
        CrossEntropy(_targets, Meta.Network.TargetEncoder, _task!, _order!.Next(), _random!);

    private protected override IterationLosses Report(double further, double classification) => new(double.NaN, (further + classification) / 2);
}
