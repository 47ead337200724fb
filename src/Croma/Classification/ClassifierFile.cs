using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Checkpoints;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Heads;
using Croma.Method;

namespace Croma.Classification;

/// <summary>What the header of a classifier's file says.</summary>
internal sealed record ClassifierDescription
{
    public const string FormatName = "croma-classifier";

    /// <summary>Version 2 is of fine-tuned classifiers, whose scores version 1 does not know how to take; others stay readable for older programs.</summary>
    public const int Oldest = 1, Newest = 2;

    public string Format { get; init; } = FormatName;

    public required int FormatVersion { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required string Head { get; init; }

    public required double Temperature { get; init; }

    /// <summary>Of the support's cross-validation: samples that were classified, and how many rightly; none where null.</summary>
    public AccuracyEstimate? Estimate { get; init; }

    public required ModelInfo Model { get; init; }
}

/// <summary>
/// A classifier as one safetensors file: the target encoder's arrays (fine-tuned where that is how it was made), `head.weights` [ways, d], `head.biases`, `centre` [d], `means` [ways, d] and
/// `strangeness` [n] in double precision; its header's metadata has a <see cref="ClassifierDescription"/>.
/// </summary>
internal static class ClassifierFile
{
    private const string Description = "croma", Encoder = "target_encoder", Weights = "head.weights", Biases = "head.biases", Centre = "centre", Means = "means", Strangeness = "strangeness";

    public static void Write(Stream stream, ModelInfo model, Network network, ParameterVector encoder, ClassifierParts parts)
    {
        var (ways, d) = (parts.Classes.Count, network.TargetEncoder.Dimension);
        var description = new ClassifierDescription { FormatVersion = parts.IsFineTuned ? ClassifierDescription.Newest : ClassifierDescription.Oldest, Classes = parts.Classes, Head = parts.Head, Temperature = parts.Temperature, Estimate = parts.Estimate, Model = model };
        SafetensorsWriter.Write(stream,
        [
            .. ParameterArrays.Of(Encoder, encoder),
            SafetensorsArray.Of<double>(Weights, parts.Scores.Weights.SelectMany(w => w).ToArray(), ways, d),
            SafetensorsArray.Of<double>(Biases, parts.Scores.Biases, ways),
            SafetensorsArray.Of<double>(Centre, parts.Centre, d),
            SafetensorsArray.Of<double>(Means, parts.Means.SelectMany(m => m).ToArray(), ways, d),
            SafetensorsArray.Of<double>(Strangeness, parts.Strangeness.ToArray(), parts.Strangeness.Count),
        ], new Dictionary<string, string> { [Description] = JsonSerializer.Serialize(description, ClassifierJson.Default.ClassifierDescription) });
    }

    public static FewShotClassifier Read(SafetensorsFile file)
    {
        var path = file.Path;
        var description = ReadDescription(file);
        var model = description.Model;
        var network = StoredNetwork.Create(path, model);
        StoredNetwork.RequireRoom(file, network.TargetEncoder.Layout);
        var (ways, d) = (description.Classes.Count, network.TargetEncoder.Dimension);
        var parts = new ClassifierParts(description.Classes, description.Head, Rows(Centre, 1, d)[0], new LinearScores(Rows(Weights, ways, d), Rows(Biases, 1, ways)[0]), Rows(Means, ways, d),
            description.Temperature, description.Estimate, Values(Strangeness));
        var encoder = new ParameterVector(network.TargetEncoder.Layout);
        try
        {
            ParameterArrays.Read(file, Encoder, encoder);
            return new FewShotClassifier(model, network, encoder, parts);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }

        double[] Values(string name)
        {
            var tensor = file.Find(name) ?? throw new DataFormatException(path, 0, $"the array '{name}' is missing");
            if (tensor.Type != SafetensorsType.F64) throw new DataFormatException(path, tensor.Offset, $"'{name}' is of type {tensor.Type}; it must be F64");
            var values = file.Values<double>(tensor).ToArray();
            return Array.TrueForAll(values, double.IsFinite) ? values : throw new DataFormatException(path, tensor.Offset, $"'{name}' holds a number that is not finite");
        }

        double[][] Rows(string name, int rows, int width)
        {
            var values = Values(name);
            if (values.Length != (long)rows * width) throw new DataFormatException(path, file.Find(name)!.Offset, $"'{name}' has {values.Length} numbers; {(long)rows * width} are expected");
            return [.. values.Chunk(width)];
        }
    }

    private static ClassifierDescription ReadDescription(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(Description, out var json)) throw new DataFormatException(file.Path, 0, "this is no classifier: 'croma adapt' makes one");
        var description = JsonFile.Parse(file.Path, Encoding.UTF8.GetBytes(json), ClassifierJson.Default.ClassifierDescription, "classifier", ClassifierDescription.Newest);
        if (description.Format != ClassifierDescription.FormatName) throw new DataFormatException(file.Path, 0, "this is no classifier: 'croma adapt' makes one");
        if (description.Classes.Contains(null!)) throw new DataFormatException(file.Path, 0, "a class has no name");
        if (description.Classes.Count < 2 || !(description.Temperature > 0)) throw new DataFormatException(file.Path, 0, "the classifier has fewer than two classes, or no temperature above 0");
        return description;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ClassifierDescription))]
internal sealed partial class ClassifierJson : JsonSerializerContext;
