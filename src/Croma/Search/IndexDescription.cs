using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data.Formats;

namespace Croma.Search;

/// <summary>Which of the two modalities of a model.</summary>
public enum ModalityRole
{
    /// <summary>The one with abundant labels.</summary>
    Source,

    /// <summary>The one with few.</summary>
    Target,
}

/// <summary>What an index is of.</summary>
public sealed record IndexDescription
{
    /// <summary>Always "croma-index".</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the file's format: 1.</summary>
    public int FormatVersion { get; init; } = Newest;

    /// <summary>Numbers of an embedding, from 1 to 65536.</summary>
    public required int Dimension { get; init; }

    /// <summary>Whose encoder made the embeddings.</summary>
    public required ModalityRole Role { get; init; }

    /// <summary>The modality's name.</summary>
    public required string Modality { get; init; }

    /// <summary><see cref="SearchModel.Sha256"/> of the model that made the embeddings.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>What people call that model.</summary>
    public required string Model { get; init; }

    internal const string FormatName = "croma-index";
    internal const int Newest = 1;
    private const int MostNumbers = 1 << 16;

    internal string ToJson() => JsonSerializer.Serialize(this, IndexJson.Default.IndexDescription);

    internal static IndexDescription Parse(string file, string? json)
    {
        IndexDescription? description;
        try
        {
            description = json is null ? null : JsonSerializer.Deserialize(json, IndexJson.Default.IndexDescription);
        }
        catch (JsonException e)
        {
            throw new DataFormatException(file, 0, $"this is no index: {e.Path} of its description is missing or of the wrong type", e);
        }
        if (description is not { Format: FormatName }) throw new DataFormatException(file, 0, "this is no index: 'croma index' makes one");
        if (description.FormatVersion != Newest) throw new DataFormatException(file, 0, $"the index has format version {description.FormatVersion}, this program reads {Newest}: use a newer version");
        return description.Dimension is >= 1 and <= MostNumbers && Enum.IsDefined(description.Role) ? description
            : throw new DataFormatException(file, 0, $"the index is of embeddings of {description.Dimension} numbers of the modality '{description.Role}'; it must be 1 to {MostNumbers} numbers, of source or target");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(IndexDescription))]
[JsonSerializable(typeof(BuildState))]
internal sealed partial class IndexJson : JsonSerializerContext;
