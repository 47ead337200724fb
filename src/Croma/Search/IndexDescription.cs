using System.Text;
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
        if (json is null) throw new DataFormatException(file, 0, "this is no index: 'croma index' makes one");
        var description = JsonFile.Parse(file, Encoding.UTF8.GetBytes(json), IndexJson.Default.IndexDescription, "index", Newest);
        if (description.Format != FormatName) throw new DataFormatException(file, 0, "this is no index: 'croma index' makes one");
        return description.Dimension is >= 1 and <= MostNumbers && Enum.IsDefined(description.Role) ? description
            : throw new DataFormatException(file, 0, $"the index is of embeddings of {description.Dimension} numbers of the modality '{description.Role}'; it must be 1 to {MostNumbers} numbers, of source or target");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(IndexDescription))]
[JsonSerializable(typeof(BuildState))]
internal sealed partial class IndexJson : JsonSerializerContext;
