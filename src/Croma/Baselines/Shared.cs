using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation, shared: one encoder, source labels only. The target's linear input layer stays as it was
/// initialised until meta-test trains it. #Target: 0 (0), as no target sample is read (the paper prints all (0)).
/// </summary>
public sealed class Shared(MetaParameters meta, MetaOptions options, SourceTrainingData data, InputOptions input, ulong seed)
    : SharedEncoderMethod(meta, options, data, data.SourceSamples, input, seed)
{
    public override string Name => "shared";
}
