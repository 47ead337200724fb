using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>A media file of a sample.</summary>
/// <param name="Sample">The sample's index in its modality.</param>
/// <param name="File">Its name within the folder <see cref="MediaIndex.Folder"/>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
internal sealed record MediaEntry(int Sample, string File, long Bytes, string Sha256);

/// <summary>
/// The content of <c>media.json</c>, which a data-set folder may have: files by which people hear or see some of its samples. It names
/// the manifest's hash, not the other way round, so that the data set's own hash, and with it every result, is the same with and without.
/// </summary>
/// <param name="Format">Always "croma-media".</param>
/// <param name="FormatVersion">1.</param>
/// <param name="Dataset">SHA-256 of the manifest that it belongs to.</param>
/// <param name="Source">Of samples of the source modality.</param>
/// <param name="Target">Of samples of the target modality.</param>
internal sealed record MediaIndex(string Format, int FormatVersion, string Dataset, IReadOnlyList<MediaEntry> Source, IReadOnlyList<MediaEntry> Target)
{
    public const string FileName = "media.json", Folder = "media", FormatName = "croma-media";
    public const int CurrentVersion = 1;

    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, MediaIndexJson.Default.MediaIndex), (byte)'\n'];

    /// <summary>Reads a data set's index strictly; null where it has none.</summary>
    /// <exception cref="CromaException">It is not sound, or another data set's.</exception>
    public static MediaIndex? Read(string folder, string dataset)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var index = JsonFile.Read(path, MediaIndexJson.Default.MediaIndex, "index of media", CurrentVersion, "; remove it, or make the data set again");
        index.Validate(path, dataset);
        if (new DirectoryInfo(Path.Combine(folder, Folder)).LinkTarget is not null) throw new DataFormatException(path, -1, $"the folder '{Folder}' beside it is a link; a data set's files must lie in its own folder");
        return index;
    }

    private void Validate(string path, string dataset)
    {
        if (Format != FormatName) throw new DataFormatException(path, 0, $"\"format\" must be \"{FormatName}\"");
        if (FormatVersion < 1) throw new DataFormatException(path, 0, $"\"formatVersion\" is {FormatVersion}; it must be from 1 on");
        if (Dataset != dataset) throw new DataFormatException(path, 0, $"these are media of the data set with SHA-256 {Dataset}, which is not this one ({dataset}): remove the file, or make the data set again");
        foreach (var entries in new[] { Source, Target })
        {
            if (entries.Contains(null!)) throw new DataFormatException(path, -1, "a list holds null");
            foreach (var entry in entries)
                if (!DatasetManifestReader.IsPlainName(entry.File) || !SampleMedia.Types.ContainsKey(Path.GetExtension(entry.File)) || entry.Bytes < 0 || !DatasetManifestReader.IsSha256(entry.Sha256))
                    throw new DataFormatException(path, -1, $"'{entry.File}' of sample {entry.Sample} needs a plain name that ends in {string.Join(", ", SampleMedia.Types.Keys)}, \"bytes\" from 0 on and \"sha256\" of 64 lower-case hexadecimal digits");
            if (entries.GroupBy(e => e.Sample).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new DataFormatException(path, -1, $"sample {twice.Key} comes twice");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 8)]
[JsonSerializable(typeof(MediaIndex))]
internal sealed partial class MediaIndexJson : JsonSerializerContext;
