using Croma.Data;

namespace Croma.Classification;

/// <summary>Labelled samples of concepts that a classifier is made of.</summary>
/// <param name="Contents">What they hold.</param>
/// <param name="Labels">The class of each, as a position in <paramref name="Classes"/>.</param>
/// <param name="Classes">Names, two or more.</param>
public sealed record SupportSamples(SampleContents Contents, IReadOnlyList<int> Labels, IReadOnlyList<string> Classes)
{
    /// <summary>
    /// Labelled samples of the model's source modality (a few texts of each class, say) that fine-tuning learns from too: cross-modal
    /// fine-tuning, <see cref="Croma.Method.Adaptation"/>. Their classes are some or all of <see cref="Classes"/>. Default null: none.
    /// </summary>
    public SupportSamples? Source { get; init; }

    /// <summary>Takes the classes' names from the samples' labels; classes are in the order of the alphabet.</summary>
    /// <param name="contents">What they hold.</param>
    /// <param name="labels">The name of each one's class.</param>
    public static SupportSamples Of(SampleContents contents, IReadOnlyList<string> labels)
    {
        string[] classes = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        return new SupportSamples(contents, [.. labels.Select(label => Array.IndexOf(classes, label))], classes);
    }
}
