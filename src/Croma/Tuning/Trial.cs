using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Configuration;
using Croma.Data.Formats;

namespace Croma.Tuning;

/// <summary>What one of a trial's adaptations scored.</summary>
/// <param name="EncoderLearningRate">Of e_t.</param>
/// <param name="ClassifierLearningRate">Of phi.</param>
/// <param name="ValidationAccuracy">On meta-validation, in per cent.</param>
public sealed record AdaptationTrial(double EncoderLearningRate, double ClassifierLearningRate, double ValidationAccuracy);

/// <summary>One candidate trained and scored on meta-validation: one JSON file, named by the hash of what determines it.</summary>
public sealed record Trial
{
    /// <summary>Which, from 0; 0 is what the search started from.</summary>
    public required int Number { get; init; }

    public required string Method { get; init; }

    /// <summary>On meta-validation, in per cent; null where training failed.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Why training failed; null where it did not.</summary>
    public required string? Failure { get; init; }

    /// <summary>Iteration of the model that was scored.</summary>
    public required int BestIteration { get; init; }

    /// <summary>Wall time of training and scoring.</summary>
    public required double Seconds { get; init; }

    /// <summary>With the adaptation that was best.</summary>
    public required TrainingConfiguration Configuration { get; init; }

    /// <summary>All that were tried; the first is the one that the training looked at meta-validation with.</summary>
    public required IReadOnlyList<AdaptationTrial> Adaptations { get; init; }

    internal void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, TrialJson.Default.Trial));

    /// <summary>Reads a trial.</summary>
    /// <exception cref="DataFormatException">The file is none.</exception>
    internal static Trial Read(string path) => JsonFile.Read(path, TrialJson.Default.Trial, "trial", advice: "; remove it and it is made again");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Trial))]
internal sealed partial class TrialJson : JsonSerializerContext;
