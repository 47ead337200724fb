using System.Text.Json;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>Reads a data set's manifest strictly: an unknown, missing, repeated or mistyped key is an error.</summary>
internal static class DatasetManifestReader
{
    private const int MaximumBytes = 16 << 20, LongestPreparation = 4096;

    // such that an image has at most 2^20 numbers, as any vector
    private const int MaximumSide = 512;

    /// <exception cref="DataFormatException">The manifest is not what it should be.</exception>
    /// <exception cref="CromaException">There is none, or it cannot be read.</exception>
    public static (DatasetManifest Manifest, byte[] Json) Read(string folder)
    {
        var path = Path.Combine(folder, DatasetManifest.FileName);
        if (!File.Exists(path)) throw new CromaException($"{folder}: no data set here: there is no {DatasetManifest.FileName}; 'croma data make' makes one");
        var json = JsonFile.Bytes(path, MaximumBytes);
        return (Parse(path, json), json);
    }

    private static DatasetManifest Parse(string path, byte[] json)
    {
        try
        {
            JsonText.Require(json);
            CheckVersion(path, json);
            var manifest = JsonSerializer.Deserialize(json, DatasetManifest.Json.DatasetManifest)
                ?? throw new DataFormatException(path, 0, "the manifest is empty");
            Validate(path, manifest);
            return manifest;
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? $"line {line + 1}: " : "";
            throw new DataFormatException(path, -1, at + JsonText.Reason(e), e);
        }
    }

    private static void CheckVersion(string path, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || !format.ValueEquals(DatasetManifest.FormatName))
            throw new DataFormatException(path, 0, $"this is no data-set manifest: it must be an object with \"format\": \"{DatasetManifest.FormatName}\"");
        if (!document.RootElement.TryGetProperty("formatVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
            throw new DataFormatException(path, 0, "\"formatVersion\" must be a whole number from 1 on");
        if (number > DatasetManifest.CurrentVersion)
            throw new DataFormatException(path, 0, $"the data set is of format version {number}; this version of Croma reads up to {DatasetManifest.CurrentVersion}: use a newer one");
    }

    private static void Validate(string path, DatasetManifest manifest)
    {
        void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool condition, string reason)
        {
            if (!condition) throw new DataFormatException(path, -1, reason);
        }

        Require(!manifest.Provenance.Contains(null!) && !manifest.Synthetic.Contains(null!) && !manifest.Concepts.Contains(null!) && !manifest.Files.Values.Contains(null!),
            "a list holds null");
        foreach (var (modality, role) in new[] { (manifest.Source, "source"), (manifest.Target, "target") })
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
            Require(manifest.Files.ContainsKey(modality.File), $"the {role}'s file '{modality.File}' is not in \"files\"");
        }
        Require(manifest.Files.ContainsKey(DatasetManifest.PairsFile), $"'{DatasetManifest.PairsFile}' is not in \"files\"");
        foreach (var (name, file) in manifest.Files)
        {
            Require(IsPlainName(name), $"'{name}' in \"files\" is no plain file name: letters, digits, '.', '-' and '_', not starting with '.'");
            Require(file.Bytes >= 0 && IsSha256(file.Sha256),
                $"'{name}' in \"files\" needs \"bytes\" from 0 on and \"sha256\" of 64 lower-case hexadecimal digits");
        }
        Require(manifest.Concepts.Count > 0, "there are no concepts");
        var needed = DatasetManifest.VersionFor(manifest.Concepts, manifest.Source, manifest.Target);
        Require(manifest.FormatVersion >= needed, $"{needed switch { 4 => "a modality has a \"preparation\"", 3 => "there are images", _ => "concepts have a \"cluster\"" }}, which there may be from \"formatVersion\" {needed} on");
        Require(!manifest.Concepts.Any(concept => concept.Cluster is ""), "a concept's \"cluster\" is empty; leave it out where there is none");
        foreach (var twice in manifest.Concepts.GroupBy(concept => concept.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            Require(false, $"the concept id '{twice.Key}' comes twice");
        foreach (var name in manifest.Synthetic)
            Require(name == manifest.Source.Modality || name == manifest.Target.Modality, $"\"synthetic\" names '{name}', which is no modality of this data set");
    }

    /// <summary>Whether a name can only mean a file of the folder itself.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether a text is a SHA-256 as it is written here.</summary>
    internal static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
