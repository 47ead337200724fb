using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>Domain adaptation, shared + align: one encoder, source labels and the alignment loss of pairs. #Target: all (0).</summary>
public sealed class SharedAlign(MetaParameters meta, MetaOptions options, MetaTrainingData data, InputOptions input, ulong seed)
    : SharedEncoderMethod(meta, options, data, data.SourceSamples, input, seed)
{
    private readonly SampleReader _sources = new(data.Source, input), _targets = new(data.Target, input);

    private StrongAlignmentTask? _pairs;

    public override string Name => "shared-align";

    private protected override void Start(CounterRandom random) => _pairs = new StrongAlignmentTask(data, Options.AlignmentBatch, Options.PairDrawing, random);

    private protected override Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters, CounterRandom random)
    {
        _pairs!.DrawTask();
        _pairs.DrawBatch();
        var source = Embed(_sources, Meta.Network.SourceEncoder, _pairs.Source, random);
        var target = Embed(_targets, Meta.Network.TargetEncoder, _pairs.Target, random);
        return Meta.Network.AlignmentLoss.Forward(tape, lossParameters, source, target, _pairs.Groups);
    }
}
