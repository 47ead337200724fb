using Croma.Data;

namespace Croma.Tasks;

/// <summary>Samples that a method was handed, without what they are of.</summary>
/// <param name="Contents">What they hold.</param>
/// <param name="Samples">Their numbers.</param>
internal sealed record SamplePool(SampleContents Contents, IReadOnlyList<int> Samples)
{
    public static SamplePool Of(LabelledSamples samples) => new(samples.Contents, samples.Flatten().Samples);
}
