using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>What joins the samples of the two modalities.</summary>
public enum PairKind
{
    /// <summary>Pair ids: samples with one id show the same thing. Strong pairs.</summary>
    Id,

    /// <summary>Groups of classes: all samples of a group's classes are two sets. Weak pairs.</summary>
    Group,

    /// <summary>Labels that both modalities have: all samples of a label are two sets. Weak pairs that read target labels.</summary>
    Label,
}

/// <summary>What is to be imported, and how.</summary>
/// <param name="Folder">The data set's folder, which must not exist or be empty.</param>
/// <param name="Source">A folder of classes or a feature file; with <paramref name="Manifest"/>, the source modality's name there.</param>
/// <param name="Target">The same of the target modality.</param>
/// <param name="Manifest">A CSV or JSON-lines file with a line a sample, or null.</param>
public sealed record ImportOptions(string Folder, string Source, string Target, string? Manifest = null)
{
    /// <summary>The labels of a feature file; null: FILE.labels.csv beside FILE.npy.</summary>
    public string? SourceLabels { get; init; }

    /// <summary>The same of the target's.</summary>
    public string? TargetLabels { get; init; }

    /// <summary>What pairs the modalities; null: pair ids where both have them, else groups.</summary>
    public PairKind? Pairs { get; init; }

    /// <summary>The data set's name; null: its folder's.</summary>
    public string? Name { get; init; }

    /// <summary>Draws splits and what samples are used for. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Files decoded at the same time; does not change the result. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Pixels a side to which pictures are brought. Default 32.</summary>
    public int ImageSize { get; init; } = 32;

    /// <summary>Seconds of a sound that are kept, from its beginning. Default 10.</summary>
    public int Seconds { get; init; } = 10;
}

/// <summary>What an import made.</summary>
/// <param name="Pairs">What joined the modalities.</param>
/// <param name="Notes">What the user should know of it, a sentence or two each.</param>
public sealed record ImportOutcome(PairKind Pairs, IReadOnlyList<string> Notes);

/// <summary>A sample of the input.</summary>
/// <param name="Where">Its place, for messages.</param>
/// <param name="Label">Its class.</param>
internal sealed record ImportItem(string Where, string Label)
{
    /// <summary>The file that holds it, or null.</summary>
    public string? File { get; init; }

    /// <summary>The text itself, or null.</summary>
    public string? Text { get; init; }

    /// <summary>Its pair id as the user gave it.</summary>
    public string? Pair { get; init; }

    /// <summary>Class and file name in a folder tree: a pair id where the user says so.</summary>
    public string? FileName { get; init; }

    /// <summary>The coarse group of its class.</summary>
    public string? Group { get; init; }

    /// <summary>What it was taken from (a recording, a person, a document); samples of one origin are used for one thing only.</summary>
    public string? Origin { get; init; }

    /// <summary>The split of its class, where the user says.</summary>
    public ConceptSplit? Split { get; init; }

    /// <summary>What it is used for, where the user says.</summary>
    public Part? Part { get; init; }
}

/// <summary>How files are read.</summary>
internal sealed record LoadContext(ImportOptions Options, Action Done, CancellationToken Cancellation)
{
    /// <summary>The preparation of the model for which they are read; null: there is none yet.</summary>
    public string? Preparation { get; init; }
}

/// <summary>One modality of the input.</summary>
/// <param name="Modality">Its name.</param>
/// <param name="From">Where it came from: a file's or folder's name.</param>
/// <param name="Items">Its samples.</param>
/// <param name="Load">Reads what they hold, in the same order.</param>
internal sealed record ImportSide(string Modality, string From, IReadOnlyList<ImportItem> Items, Func<LoadContext, LoadedSamples> Load);
