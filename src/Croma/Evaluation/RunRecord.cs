using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Checkpoints;
using Croma.Data.Formats;

namespace Croma.Evaluation;

/// <summary>One number of shots of one run.</summary>
/// <param name="Shots">k.</param>
/// <param name="Accuracy">Over all tasks, in per cent.</param>
/// <param name="TaskAccuracies">One a task, in per cent.</param>
/// <param name="Samples">The queries' target sample numbers.</param>
/// <param name="Truths">Their concepts.</param>
/// <param name="Predictions">The concepts they were taken for.</param>
public sealed record ShotRecord(int Shots, double Accuracy, IReadOnlyList<double> TaskAccuracies, IReadOnlyList<int> Samples, IReadOnlyList<int> Truths, IReadOnlyList<int> Predictions)
{
    /// <summary>What a model scored.</summary>
    public static ShotRecord Of(int shots, EvaluationResult result) => new(shots, result.Accuracy, result.TaskAccuracies,
        [.. result.Predictions.Select(p => p.Sample)], [.. result.Predictions.Select(p => p.Truth)], [.. result.Predictions.Select(p => p.Prediction)]);
}

/// <summary>One method trained once and scored: one JSON file, named by the hash of what determines it.</summary>
public sealed record RunRecord
{
    public required string Method { get; init; }

    /// <summary>Which repeat, from 0.</summary>
    public required int Repeat { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Wall time of training and scoring.</summary>
    public required double Seconds { get; init; }

    public required int TargetSamples { get; init; }

    public required int TargetLabels { get; init; }

    public required int BestIteration { get; init; }

    /// <summary>Of the best iteration; null for a method that does not train.</summary>
    public required double? ValidationAccuracy { get; init; }

    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    public required IReadOnlyList<ShotRecord> Results { get; init; }

    /// <summary>The record of trained models that were scored as one.</summary>
    /// <param name="row">The row's name.</param>
    /// <param name="repeat">Which repeat, from 0.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="models">The model, or the members of an ensemble, whose first has the curve.</param>
    /// <param name="scoring">Seconds that scoring took.</param>
    /// <param name="results">One a number of shots.</param>
    internal static RunRecord Of(string row, int repeat, ulong seed, IReadOnlyList<TrainedModel> models, double scoring, IReadOnlyList<ShotRecord> results) => new()
    {
        Method = row,
        Repeat = repeat,
        Seed = seed,
        Seconds = models.Sum(m => m.Training?.Seconds ?? 0) + scoring,
        TargetSamples = models[0].Info.TargetSamples,
        TargetLabels = models[0].Info.TargetLabels,
        BestIteration = models[0].Info.Iteration,
        ValidationAccuracy = models[0].Info.ValidationAccuracy,
        Curve = models[0].Training?.Curve ?? [],
        Results = results,
    };

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, RunRecordJson.Default.RunRecord));

    /// <summary>Reads a record.</summary>
    /// <exception cref="DataFormatException">The file is no run record.</exception>
    public static RunRecord Read(string path)
    {
        const string advice = "; remove it and it is made again";
        var record = JsonFile.Read(path, RunRecordJson.Default.RunRecord, "run record", advice: advice);
        return record.Curve.Contains(null!) || record.Results.Contains(null!) ? throw new DataFormatException(path, -1, $"this is no run record: a list holds null{advice}") : record;
    }

}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
