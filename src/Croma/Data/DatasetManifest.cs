using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data.Formats;

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

    private const int MaximumBytes = 16 << 20;

    private const int ShortPreparation = 100, LongestPreparation = 4096;

    // such that an image has at most 2^20 numbers, as any vector
    private const int MaximumSide = 512;

    // names of languages are written as they are rather than escaped
    private static readonly DatasetManifestJson Json =
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

    /// <summary>Reads a manifest strictly: an unknown, missing, repeated or mistyped key is an error.</summary>
    internal static (DatasetManifest Manifest, byte[] Json) Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        byte[] json;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (stream.Length > MaximumBytes)
                throw new DataFormatException(path, 0, $"the manifest has {stream.Length} bytes; at most {MaximumBytes} are accepted");
            json = new byte[stream.Length];
            stream.ReadExactly(json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CromaException($"{folder}: no data set here: there is no {FileName}; 'croma data make' makes one", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be read: {e.Message}", e);
        }
        return (Parse(path, json), json);
    }

    private static DatasetManifest Parse(string path, byte[] json)
    {
        try
        {
            CheckVersion(path, json);
            var manifest = JsonSerializer.Deserialize(json, Json.DatasetManifest)
                ?? throw new DataFormatException(path, 0, "the manifest is empty");
            manifest.Validate(path);
            return manifest;
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? $"line {line + 1}: " : "";
            throw new DataFormatException(path, -1, at + FirstLine(e.Message), e);
        }
    }

    private static void CheckVersion(string path, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || !format.ValueEquals(FormatName))
            throw new DataFormatException(path, 0, $"this is no data-set manifest: it must be an object with \"format\": \"{FormatName}\"");
        if (!document.RootElement.TryGetProperty("formatVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
            throw new DataFormatException(path, 0, "\"formatVersion\" must be a whole number from 1 on");
        if (number > CurrentVersion)
            throw new DataFormatException(path, 0, $"the data set is of format version {number}; this version of Croma reads up to {CurrentVersion}: use a newer one");
    }

    private void Validate(string path)
    {
        void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool condition, string reason)
        {
            if (!condition) throw new DataFormatException(path, -1, reason);
        }

        Require(!Provenance.Contains(null!) && !Synthetic.Contains(null!) && !Concepts.Contains(null!) && !Files.Values.Contains(null!),
            "a list holds null");
        foreach (var (modality, role) in new[] { (Source, "source"), (Target, "target") })
        {
            Require(modality.Kind == ModalityKind.Bytes ? modality.Features == 0 : modality.Features is > 0 and <= 1 << 20,
                $"\"features\" of the {role} is {modality.Features}; it must be 0 for bytes and from 1 to {1 << 20} otherwise");
            var isImage = modality.Kind == ModalityKind.Images;
            Require(isImage ? modality is { Height: > 0 and <= MaximumSide, Width: > 0 and <= MaximumSide } : modality is { Height: 0, Width: 0 },
                $"\"height\" and \"width\" of the {role} are {modality.Height} and {modality.Width}; they must be from 1 to {MaximumSide} for images and left out otherwise");
            Require(!isImage || modality.Features == ModalityDescription.Colours * modality.Height * modality.Width,
                $"\"features\" of the {role} is {modality.Features}; images of {modality.Height} x {modality.Width} pixels have {ModalityDescription.Colours * modality.Height * modality.Width}");
            Require(modality.Preparation is null or { Length: > 0 and <= LongestPreparation }, $"\"preparation\" of the {role} must have 1 to {LongestPreparation} characters; leave it out where there is none");
            Require(double.IsFinite(modality.FramesPerSecond) && modality.FramesPerSecond >= 0, $"\"framesPerSecond\" of the {role} must be 0 or more");
            Require(Files.ContainsKey(modality.File), $"the {role}'s file '{modality.File}' is not in \"files\"");
        }
        Require(Files.ContainsKey(PairsFile), $"'{PairsFile}' is not in \"files\"");
        foreach (var (name, file) in Files)
        {
            Require(IsPlainName(name), $"'{name}' in \"files\" is no plain file name: letters, digits, '.', '-' and '_', not starting with '.'");
            Require(file.Bytes >= 0 && IsSha256(file.Sha256),
                $"'{name}' in \"files\" needs \"bytes\" from 0 on and \"sha256\" of 64 lower-case hexadecimal digits");
        }
        Require(Concepts.Count > 0, "there are no concepts");
        var needed = VersionFor(Concepts, Source, Target);
        Require(FormatVersion >= needed, $"{needed switch { 4 => "a modality has a \"preparation\"", 3 => "there are images", _ => "concepts have a \"cluster\"" }}, which there may be from \"formatVersion\" {needed} on");
        Require(!Concepts.Any(concept => concept.Cluster is ""), "a concept's \"cluster\" is empty; leave it out where there is none");
        foreach (var twice in Concepts.GroupBy(concept => concept.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            Require(false, $"the concept id '{twice.Key}' comes twice");
        foreach (var name in Synthetic)
            Require(name == Source.Modality || name == Target.Modality, $"\"synthetic\" names '{name}', which is no modality of this data set");
    }

    /// <summary>Whether a name can only mean a file of the folder itself.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether a text is a SHA-256 as it is written here.</summary>
    internal static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static string FirstLine(string text) => text.Split('\n')[0].Split(" Path:")[0].Trim();
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
