using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>Domain adaptation, shared + align: one encoder, source labels and the alignment loss of pairs. #Target: all (0).</summary>
public sealed class SharedAlign(MetaParameters meta, MetaOptions options, MetaTrainingData data, InputOptions input, ulong seed)
    : SharedEncoderMethod(meta, options, data, data.SourceSamples, input, seed)
{
    private readonly SampleReader _sources = new(data.Source, input), _targets = new(data.Target, input);
    private AlignmentTask? _pairs;
    private CounterRandom? _windows;

    public override string Name => "shared-align";

    private protected override void Start(ClassificationTask task, int iteration)
    {
        _pairs = new StrongAlignmentTask(data, Options.AlignmentBatch, Options.PairDrawing, Random("T_a", iteration));
        _windows = Random("windows of T_a", iteration);
    }

    private protected override Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters)
    {
        _pairs!.DrawBatch();
        var source = Embed(_sources, Meta.Network.SourceEncoder, _pairs.Source, _windows!);
        var target = Embed(_targets, Meta.Network.TargetEncoder, _pairs.Target, _windows!);
        return Meta.Network.AlignmentLoss.Forward(tape, lossParameters, source, target, _pairs.Groups);
    }
}
