using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation, shared + domain confusion (Tzeng et al. 2015): one encoder, source labels, and the uniform target
/// against a domain classifier that looks at unpaired samples of both modalities. #Target: all (0).
/// </summary>
public sealed class SharedDomainConfusion : SharedEncoderMethod
{
    private readonly int[] _allSources, _allTargets, _sources, _targets;
    private readonly SampleReader _sourceReader, _targetReader;

    public SharedDomainConfusion(MetaParameters meta, MetaOptions options, UnpairedTrainingData data, InputOptions input, ulong seed)
        : base(meta, options, data, data.SourceSamples, input, seed)
    {
        (_allSources, _allTargets) = (data.SourceSamples.Flatten().Samples, [.. data.Samples]);
        (_sources, _targets) = (new int[options.AlignmentBatch], new int[options.AlignmentBatch]);
        (_sourceReader, _targetReader) = (new SampleReader(data.SourceSamples.Contents, input), new SampleReader(data.Target, input));
    }

    public override string Name => "shared-domain-confusion";

    private protected override Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters, CounterRandom random)
    {
        foreach (ref var sample in _sources.AsSpan()) sample = _allSources[random.Next(_allSources.Length)];
        foreach (ref var sample in _targets.AsSpan()) sample = _allTargets[random.Next(_allTargets.Length)];
        var source = Embed(_sourceReader, Meta.Network.SourceEncoder, _sources, random);
        var target = Embed(_targetReader, Meta.Network.TargetEncoder, _targets, random);
        return Meta.Network.AlignmentLoss.Forward(tape, lossParameters, source, target, []);
    }
}
