using System.Text.Json.Serialization;

namespace Croma.Server.Classifiers;

/// <summary>The content of a classifier's `classifier.json`: it says which files of its folder count.</summary>
/// <param name="Format">Always "croma-served-classifier".</param>
/// <param name="FormatVersion">1.</param>
/// <param name="Id">The folder's name.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Model">Id of its model.</param>
/// <param name="Head">The head that was asked for.</param>
/// <param name="FalseAlarmRate">Of 'none of these'.</param>
/// <param name="Revision">The classifier's file is REVISION.croma.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last adapted.</param>
/// <param name="Samples">Its samples, in the order in which they came.</param>
internal sealed record ClassifierManifest(string Format, int FormatVersion, string Id, string Name, string Model, string Head, double FalseAlarmRate, int Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<SupportSample> Samples)
{
    public const string FormatName = "croma-served-classifier";
    public const int Newest = 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false, WriteIndented = true, NewLine = "\n", MaxDepth = 8)]
[JsonSerializable(typeof(ClassifierManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
