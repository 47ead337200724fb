using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Checkpoints;

/// <summary>One point of a learning curve: means since the point before, and meta-validation's accuracy in per cent.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="AlignmentLoss">Null where a method has none.</param>
/// <param name="ClassificationLoss">Null where a method has none.</param>
/// <param name="ValidationAccuracy">On meta-validation, in per cent.</param>
public sealed record CurvePoint(int Iteration, double? AlignmentLoss, double? ClassificationLoss, double ValidationAccuracy);

/// <summary>Where a training run stands, besides its parameters.</summary>
public sealed record TrainingPosition
{
    public int FormatVersion { get; init; } = 1;

    /// <summary>A hash of method, seed, data set and configuration: what the run is.</summary>
    public required string Identity { get; init; }

    /// <summary>Iterations done.</summary>
    public required int Iteration { get; init; }

    /// <summary>The best iteration on meta-validation so far.</summary>
    public required int BestIteration { get; init; }

    public required double BestAccuracy { get; init; }

    /// <summary>Its 95 % confidence interval over the tasks of meta-validation; null for a single task.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? BestCi95 { get; init; }

    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Sums of the losses since the curve's last point, and how many iterations they are of.</summary>
    public required double AlignmentSum { get; init; }

    public required double ClassificationSum { get; init; }

    public required int Summed { get; init; }

    /// <summary>Steps taken by each optimiser that outlives an iteration.</summary>
    public required IReadOnlyDictionary<string, int> OptimizerSteps { get; init; }

    /// <summary>How often the rates have been halved after numbers went wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Halvings { get; init; }

    /// <summary>Where the run of a checkpoint stands; its parameters are checked to be finite.</summary>
    /// <exception cref="DataFormatException">The file is no sound checkpoint, or one of a newer version.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static TrainingPosition Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var tensor in file.Tensors)
            ParameterArrays.RequireFinite(file, file.Require(tensor.Name, SafetensorsType.F32, 2), file.Values<float>(tensor));
        return TrainingCheckpoint.ReadPosition(file);
    }
}

/// <summary>
/// A training run in one safetensors file, written atomically: meta-parameters, best so far, networks of training
/// only, optimisers, position. A run resumed from it ends in the bytes of an uninterrupted one: everything random is
/// keyed by the iteration.
/// </summary>
internal static class TrainingCheckpoint
{
    internal const string PositionKey = "position";

    public static void Save(string path, FewShotMethod method, MetaParameters best, TrainingPosition position)
    {
        var arrays = method.Meta.Parts.SelectMany(p => ParameterArrays.Of("meta." + p.Name, p.Values))
            .Concat(best.Parts.SelectMany(p => ParameterArrays.Of("best." + p.Name, p.Values)))
            .Concat(method.TrainingParts.SelectMany(p => ParameterArrays.Of("training." + p.Name, p.Values)))
            .Concat(method.Optimizers.SelectMany(o => o.Optimizer.Moments.SelectMany(m => ParameterArrays.Of($"optimizer.{o.Name}.{m.Name}", m.Moment))));
        var json = JsonSerializer.Serialize(position, CheckpointJson.Default.TrainingPosition);
        SafetensorsWriter.Write(path, arrays, new Dictionary<string, string> { [PositionKey] = json });
    }

    /// <summary>Restores a run; null if the file is of another run.</summary>
    public static TrainingPosition? Load(string path, string identity, FewShotMethod method, MetaParameters best)
    {
        using var file = SafetensorsFile.Open(path);
        var position = ReadPosition(file);
        if (position.Identity != identity) return null;
        foreach (var (name, values) in method.Meta.Parts) ParameterArrays.Read(file, "meta." + name, values);
        foreach (var (name, values) in best.Parts) ParameterArrays.Read(file, "best." + name, values);
        foreach (var (name, values) in method.TrainingParts) ParameterArrays.Read(file, "training." + name, values);
        foreach (var (name, optimizer) in method.Optimizers)
        {
            foreach (var (moment, values) in optimizer.Moments) ParameterArrays.Read(file, $"optimizer.{name}.{moment}", values);
            optimizer.Steps = position.OptimizerSteps.TryGetValue(name, out var steps) ? steps : throw new DataFormatException(file.Path, 0, $"the checkpoint does not say how many steps '{name}' took: it belongs to another configuration");
        }
        return position;
    }

    /// <summary>How often the rates of a run were halved; 0 where there is no checkpoint.</summary>
    public static int Halvings(string? path)
    {
        if (path == null || !File.Exists(path)) return 0;
        using var file = SafetensorsFile.Open(path);
        return ReadPosition(file).Halvings;
    }

    /// <exception cref="DataFormatException">The file has none, or one of a newer version.</exception>
    internal static TrainingPosition ReadPosition(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(PositionKey, out var json)) throw new DataFormatException(file.Path, 0, "this is no training checkpoint: it has no position");
        var position = JsonFile.Parse(file.Path, Encoding.UTF8.GetBytes(json), CheckpointJson.Default.TrainingPosition, "training checkpoint", newest: 1);
        var sound = position is { Iteration: >= 0, BestIteration: >= 0, Summed: >= 0 } && position.BestIteration <= position.Iteration && !position.Curve.Contains(null!) && position.OptimizerSteps.Values.All(s => s >= 0) && position.BestCi95 is null or [_, _];
        return sound ? position : throw new DataFormatException(file.Path, 0, "the checkpoint's position is none: its counts must be from 0 on, and the best iteration no later than the last");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingPosition))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
