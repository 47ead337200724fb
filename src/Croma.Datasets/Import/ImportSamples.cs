using System.Text;
using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>A sample in memory, and what is known of it: the columns of a manifest.</summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="Label">Its class.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Pair">Samples with one id show the same thing: strong pairs. Null: it is in no pair.</param>
public sealed record ImportSample<T>(string Label, T Value, string? Pair = null)
{
    /// <summary>The coarse class of its class: weak pairs, where there are no pair ids. Default null: none.</summary>
    public string? Group { get; init; }

    /// <summary>The recording, person or document it was taken from: its samples are used for one thing only. Default null: its own.</summary>
    public string? Origin { get; init; }

    /// <summary>Who may see its class: said of every class, or of none (the default, null: drawn).</summary>
    public ConceptSplit? Split { get; init; }

    /// <summary>What it is used for. Default null: drawn.</summary>
    public Part? Part { get; init; }
}

/// <summary>One modality of what is imported from memory (<see cref="Importer.Run(string, ImportSamples, ImportSamples, PairKind?, ulong, CancellationToken)"/>).</summary>
public sealed class ImportSamples
{
    private ImportSamples(ImportSide side) => Side = side;

    internal ImportSide Side { get; }

    /// <summary>Texts.</summary>
    /// <param name="modality">The modality's name.</param>
    /// <param name="samples">One or more.</param>
    public static ImportSamples Texts(string modality, IEnumerable<ImportSample<string>> samples)
    {
        ImportSample<string>[] all = [.. samples];
        Require(modality, all, text => text.Length > 0 ? null : "the text is empty");
        return Of(modality, all, () => LoadedSamples.Texts([.. all.Select(sample => Encoding.UTF8.GetBytes(sample.Value))]));
    }

    /// <summary>One vector a sample, all of one length.</summary>
    /// <param name="modality">The modality's name.</param>
    /// <param name="samples">One or more.</param>
    /// <param name="preparation">What made the vectors, in up to 100 characters, where later ones must be made alike; null: not said.</param>
    public static ImportSamples Vectors(string modality, IEnumerable<ImportSample<float[]>> samples, string? preparation = null)
    {
        ImportSample<float[]>[] all = [.. samples];
        var width = all is [var first, ..] ? first.Value.Length : 0;
        Require(modality, all, vector => vector.Length == width && width > 0 ? null : $"it has {vector.Length} numbers, the first {width}: all must have as many, one or more");
        return Of(modality, all, () => LoadedSamples.Vectors(Halves(modality, all, width), width, sequences: false, preparation));
    }

    /// <summary>Sequences of vectors, such as windows of a sensor with several channels.</summary>
    /// <param name="modality">The modality's name.</param>
    /// <param name="width">Numbers a step.</param>
    /// <param name="samples">One or more; each holds step after step.</param>
    public static ImportSamples Sequences(string modality, int width, IEnumerable<ImportSample<float[]>> samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ImportSample<float[]>[] all = [.. samples];
        Require(modality, all, steps => steps.Length > 0 && steps.Length % width == 0 ? null : $"it has {steps.Length} numbers, which are not whole steps of {width}");
        return Of(modality, all, () => LoadedSamples.Vectors(Halves(modality, all, width), width, sequences: true));
    }

    private static void Require<T>(string modality, ImportSample<T>[] samples, Func<T, string?> check)
    {
        if (samples.Length == 0) throw new CromaException($"'{modality}' has no samples.");
        foreach (var (i, sample) in samples.Index())
        {
            if (string.IsNullOrWhiteSpace(sample.Label)) throw new CromaException($"{Where(modality, i)}: the label is empty; every sample is of a class");
            if (check(sample.Value) is { } wrong) throw new CromaException($"{Where(modality, i)}: {wrong}");
        }
    }

    private static ImportSamples Of<T>(string modality, ImportSample<T>[] samples, Func<LoadedSamples> load) => new(new ImportSide(modality, "memory",
        [.. samples.Select((s, i) => new ImportItem(Where(modality, i), s.Label) { Pair = s.Pair, Group = s.Group, Origin = s.Origin, Split = s.Split, Part = s.Part })], _ => load()));

    private static Half[][] Halves(string modality, ImportSample<float[]>[] samples, int width) =>
        [.. samples.Select((sample, i) => HalfPrecision.Convert(sample.Value, width, Where(modality, i), 0))];

    private static string Where(string modality, int index) => $"sample {index} of '{modality}'";
}
