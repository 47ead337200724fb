using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Croma.Data;

/// <summary>Where something in a data set came from.</summary>
/// <param name="What">What it is.</param>
/// <param name="From">Who made it, or where it was got.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Note">What was done with it; what to know before using it.</param>
public sealed record Provenance(string What, string From, string Version, string Licence, string Note);

/// <summary>How the manifest describes a modality.</summary>
/// <param name="Modality">Its name, such as "text".</param>
/// <param name="Kind">How its samples are stored.</param>
/// <param name="File">Its safetensors file, in the manifest's own folder.</param>
/// <param name="Features">Numbers a vector or an image has; 0 for bytes.</param>
/// <param name="FramesPerSecond">Frames a second; 0 where the samples have no time.</param>
/// <param name="Height">Pixels of an image from top to bottom; 0 where there are no images.</param>
/// <param name="Width">Pixels of an image from left to right.</param>
/// <param name="Preparation">How files became samples, where a file of a user's can be prepared alike; otherwise null.</param>
public sealed record ModalityDescription(string Modality, ModalityKind Kind, string File, int Features, double FramesPerSecond,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Height = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Width = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Preparation = null)
{
    /// <summary>Red, green and blue.</summary>
    public const int Colours = 3;
}

/// <summary>A file of a data set.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
public sealed record DatasetFile(long Bytes, string Sha256);

/// <summary>The content of <c>manifest.json</c>: what a data-set folder holds and where it came from.</summary>
/// <param name="Format">Always "croma-dataset".</param>
/// <param name="FormatVersion">The version of the folder's format: 1; 2 where concepts have clusters; 3 where there are images; 4 where a modality has a preparation; 5 where that has over 100 characters.</param>
/// <param name="Name">The data set's name.</param>
/// <param name="Seed">The seed it was made with.</param>
/// <param name="Description">A few sentences about it.</param>
/// <param name="Provenance">Where everything in it came from.</param>
/// <param name="Synthetic">The modalities that a program made rather than people.</param>
/// <param name="Source">The source modality.</param>
/// <param name="Target">The target modality.</param>
/// <param name="Concepts">The classes; samples name them by their position here.</param>
/// <param name="Files">Every other file of the folder, by name.</param>
public sealed record DatasetManifest(
    string Format,
    int FormatVersion,
    string Name,
    ulong Seed,
    string Description,
    IReadOnlyList<Provenance> Provenance,
    IReadOnlyList<string> Synthetic,
    ModalityDescription Source,
    ModalityDescription Target,
    IReadOnlyList<Concept> Concepts,
    IReadOnlyDictionary<string, DatasetFile> Files)
{
    public const string FileName = "manifest.json";
    public const string FormatName = "croma-dataset";
    public const int CurrentVersion = 5;

    /// <summary>The name of the file that holds the strong pairs.</summary>
    public const string PairsFile = "pairs.safetensors";

    private const int ShortPreparation = 100;

    // names of languages are written as they are rather than escaped
    internal static readonly DatasetManifestJson Json =
        new(new JsonSerializerOptions(DatasetManifestJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The oldest format version that can say what there is to say.</summary>
    internal static int VersionFor(IReadOnlyList<Concept> concepts, params ReadOnlySpan<ModalityDescription> modalities)
    {
        foreach (var modality in modalities)
            if (modality.Preparation is { Length: > ShortPreparation }) return 5;
        foreach (var modality in modalities)
            if (modality.Preparation != null) return 4;
        foreach (var modality in modalities)
            if (modality.Kind == ModalityKind.Images) return 3;
        return concepts.Any(concept => concept.Cluster is not null) ? 2 : 1;
    }

    internal byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.DatasetManifest), (byte)'\n'];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 8,
    Converters = [typeof(ConceptSplitJson), typeof(ModalityKindJson)])]
[JsonSerializable(typeof(DatasetManifest))]
internal sealed partial class DatasetManifestJson : JsonSerializerContext;

/// <summary>Splits in the manifest: "meta-train", "meta-validation", "meta-test".</summary>
internal sealed class ConceptSplitJson()
    : JsonStringEnumConverter<ConceptSplit>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

/// <summary>Kinds in the manifest: "bytes", "frames", "features", "images".</summary>
internal sealed class ModalityKindJson()
    : JsonStringEnumConverter<ModalityKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
