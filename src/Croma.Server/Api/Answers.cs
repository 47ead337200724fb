using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Croma.Server.Api;

/// <summary>What went wrong (RFC 9457).</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail);

/// <summary>A modality of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"text", "image", "sequence" or "features".</param>
internal sealed record ModalityAnswer(string Name, string Kind);

/// <summary>What a sample of features looks like.</summary>
/// <param name="Width">Numbers of a vector.</param>
/// <param name="Sequence">Whether a sample is a list of such vectors.</param>
internal sealed record FeatureShape(int Width, bool Sequence);

/// <summary>What there is to retrieve from.</summary>
/// <param name="Available">Whether there is anything.</param>
/// <param name="Items">How many.</param>
/// <param name="Modality">Their modality.</param>
/// <param name="Accepts">Kinds of queries.</param>
internal sealed record RetrievalAnswer(bool Available, int Items, string? Modality, IReadOnlyList<string> Accepts);

/// <summary>What requests may hold; seconds and pixels are of a sound and a picture.</summary>
internal sealed record LimitsAnswer(long MaxBodyBytes, int MaxFileBytes, int MaxFiles, int MaxTextBytes, double MaxSeconds, int MaxPixels, int MaxSamples, int MaxClassifiers);

/// <summary>A model.</summary>
internal sealed record ModelAnswer(string Id, string Name, string Method, int Dimension, ModalityAnswer Target, ModalityAnswer Source, IReadOnlyList<string> Accepts, FeatureShape? FeatureShape, RetrievalAnswer Retrieval, LimitsAnswer Limits);

/// <summary>GET /api/models.</summary>
internal sealed record ModelsAnswer(IReadOnlyList<ModelAnswer> Models);

/// <summary>How often a classifier will be right, from cross-validation: `right` of `samples`, with Wilson's 95 % interval.</summary>
internal sealed record EstimateAnswer(double Accuracy, double Low, double High, int Right, int Samples);

/// <summary>A labelled sample of a classifier.</summary>
internal sealed record SampleAnswer(string Id, string Name, string Kind, string? MediaUrl);

/// <summary>A class and its samples.</summary>
internal sealed record ClassAnswer(string Name, IReadOnlyList<SampleAnswer> Samples);

/// <summary>A classifier.</summary>
/// <param name="Id">Its address: /api/classifiers/ID.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Model">Id of its model.</param>
/// <param name="Accepts">Kinds of samples that it takes.</param>
/// <param name="Head">How it was made: a head, or "fine-tuning".</param>
/// <param name="Classes">Classes, in the order of the alphabet.</param>
/// <param name="Estimate">How often it will be right; null where no class has two samples.</param>
/// <param name="FalseAlarmRate">The share of samples of its classes that may be called 'none of these'.</param>
/// <param name="SmallestFalseAlarmRate">The smallest rate at which 'none of these' can be said; null where it never can.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last adapted.</param>
internal sealed record ClassifierAnswer(string Id, string Name, string Model, IReadOnlyList<string> Accepts, string Head, IReadOnlyList<ClassAnswer> Classes, EstimateAnswer? Estimate, double FalseAlarmRate, double? SmallestFalseAlarmRate, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A classifier in a list.</summary>
internal sealed record ClassifierSummary(string Id, string Name, string Model, string Head, IReadOnlyList<string> ClassNames, int SampleCount, EstimateAnswer? Estimate, double FalseAlarmRate, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>GET /api/classifiers.</summary>
internal sealed record ClassifiersAnswer(IReadOnlyList<ClassifierSummary> Classifiers);

/// <summary>How likely a class is.</summary>
internal sealed record ClassProbability(string Class, double Probability);

/// <summary>What a sample was taken for.</summary>
/// <param name="Name">What the client calls it.</param>
/// <param name="Class">Its class; null: none of these.</param>
/// <param name="None">Whether it is none of these.</param>
/// <param name="Likeliest">The likeliest class, also where it is none of these.</param>
/// <param name="Probability">Of the likeliest class.</param>
/// <param name="Probabilities">Of every class, in the order of the classifier's.</param>
/// <param name="Familiarity">p-value of the sample's being of one of the classes; null where there were too few samples to tell.</param>
internal sealed record PredictionAnswer(string Name, string? Class, bool None, string Likeliest, double Probability, IReadOnlyList<ClassProbability> Probabilities, double? Familiarity);

/// <summary>POST /api/classifiers/{id}/predict.</summary>
internal sealed record PredictionsAnswer(IReadOnlyList<PredictionAnswer> Predictions);

/// <summary>A support sample on the map.</summary>
internal sealed record MapPointAnswer(double X, double Y, string Class, string Sample, string Name);

/// <summary>The middle of a class on the map.</summary>
internal sealed record MapClassAnswer(string Name, double X, double Y);

/// <summary>GET /api/classifiers/{id}/map.</summary>
/// <param name="Points">The support samples.</param>
/// <param name="Classes">Their means by class.</param>
/// <param name="Share">The share of the samples' variance that the two directions show, 0 to 1.</param>
internal sealed record MapAnswer(IReadOnlyList<MapPointAnswer> Points, IReadOnlyList<MapClassAnswer> Classes, double Share);

/// <summary>An item that was found.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Id">Its place in the collection, from 0.</param>
/// <param name="Label">Its class where that is known, otherwise its name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Score">The cosine of its embedding with the query's.</param>
/// <param name="Text">What it says, where it is a text.</param>
/// <param name="MediaUrl">Where it can be seen or heard; null where it cannot.</param>
internal sealed record FoundAnswer(int Rank, int Id, string Label, string Name, double Score, string? Text, string? MediaUrl);

/// <summary>POST /api/models/{id}/retrieve.</summary>
internal sealed record RetrieveAnswer(IReadOnlyList<FoundAnswer> Results);

/// <summary>GET /health and /ready.</summary>
internal sealed record StatusAnswer(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false, MaxDepth = RequestJson.MaxDepth)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ModelsAnswer))]
[JsonSerializable(typeof(ClassifiersAnswer))]
[JsonSerializable(typeof(ClassifierAnswer))]
[JsonSerializable(typeof(PredictionsAnswer))]
[JsonSerializable(typeof(MapAnswer))]
[JsonSerializable(typeof(RetrieveAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(CreateRequest))]
[JsonSerializable(typeof(ExtendRequest))]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(RetrieveRequest))]
// what only the description of the API names
[JsonSerializable(typeof(Stream))]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(float[][]))]
internal sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>Writes quotes as they are: answers are never part of a page.</summary>
    public static ServerJson Api => field ??= new ServerJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
