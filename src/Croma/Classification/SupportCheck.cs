using Croma.Configuration;
using Croma.Data;

namespace Croma.Classification;

/// <summary>What labelled samples must be for a classifier to be made of them.</summary>
internal static class SupportCheck
{
    private const int MostClasses = 100;

    /// <param name="support">The samples.</param>
    /// <param name="shape">What the model's target samples look like.</param>
    /// <param name="sourceShape">What its source samples look like; read where the support has some.</param>
    public static void Require(SupportSamples support, SampleShape shape, Func<SampleShape> sourceShape)
    {
        var (contents, labels, classes) = support;
        RequireShape(contents.Shape, shape);
        if (support.Source is { } source)
        {
            RequireShape(source.Contents.Shape, sourceShape());
            if (source.Classes.FirstOrDefault(c => !classes.Contains(c)) is { } unknown)
                throw new CromaException($"Source samples are of '{unknown}', which is none of the support's classes{Closest.Hint(unknown, classes)}");
            RequireLabels(source);
        }
        if (classes.Count is < 2 or > MostClasses) throw new CromaException($"A classifier has 2 to {MostClasses} classes; there are {classes.Count}.");
        if (classes.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new CromaException($"The class '{twice.Key}' is named twice.");
        RequireLabels(support);
        foreach (var (i, name) in classes.Index())
            if (!labels.Contains(i)) throw new CromaException($"The class '{name}' has no sample: give one or more of each.");
    }

    private static void RequireLabels(SupportSamples samples)
    {
        var (contents, labels, classes) = samples;
        if (labels.Count != contents.Count) throw new CromaException($"There are {contents.Count} samples and {labels.Count} labels: each sample has one.");
        foreach (var (i, label) in labels.Index())
            if (label < 0 || label >= classes.Count) throw new CromaException($"Sample {i} is said to be of class {label}; classes are 0 to {classes.Count - 1}.");
    }

    public static void RequireShape(SampleShape given, SampleShape wanted)
    {
        if ((given.Kind, given.Width, given.ImageHeight, given.ImageWidth) != (wanted.Kind, wanted.Width, wanted.ImageHeight, wanted.ImageWidth))
            throw new CromaException($"The samples are {Describe(given)}; the model takes {Describe(wanted)}.");
    }

    private static string Describe(SampleShape shape) => shape.Kind switch
    {
        ModalityKind.Bytes => "text",
        ModalityKind.Images => $"images of {shape.ImageHeight} x {shape.ImageWidth} pixels",
        ModalityKind.Frames => $"sequences of vectors of {shape.Width} numbers",
        _ => $"vectors of {shape.Width} numbers",
    };
}
