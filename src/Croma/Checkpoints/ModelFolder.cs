using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Checkpoints;

/// <summary>What is known about a trained model.</summary>
public sealed record ModelInfo
{
    /// <summary>Always "croma-model".</summary>
    public string Format { get; init; } = "croma-model";

    /// <summary>Version of the folder's format: 1.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The row's name.</summary>
    public required string Method { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Its SHA-256.</summary>
    public required string DatasetSha256 { get; init; }

    /// <summary>The iteration that was best on meta-validation; 0 is the untrained start.</summary>
    public required int Iteration { get; init; }

    /// <summary>Its accuracy on meta-validation in per cent; null where nothing was chosen.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Its 95 % confidence interval over the tasks of meta-validation (Student's t); null for a single task, and in models of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? ValidationCi95 { get; init; }

    /// <summary>How often its training's numbers went wrong, so that it went back to a checkpoint and on with half the rates. Default 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Halvings { get; init; }

    /// <summary>Target samples read in meta-training.</summary>
    public required int TargetSamples { get; init; }

    /// <summary>Of these, with labels.</summary>
    public required int TargetLabels { get; init; }

    public required TrainingConfiguration Configuration { get; init; }

    /// <summary>The head, or "fine-tuning", that `auto` chose with it on meta-validation; null where nothing was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Head { get; init; }

    /// <summary>What samples of the source modality are; null in models of earlier versions.</summary>
    public SampleShape? Source { get; init; }

    /// <summary>The same of the target's.</summary>
    public SampleShape? Target { get; init; }

    /// <summary>What its data are, for its card; null in models of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelData? Data { get; init; }

    /// <summary>Describes the outcome of a training run.</summary>
    public static ModelInfo Of(FewShotMethod method, TrainingConfiguration configuration, CrossModalDataset dataset, ulong seed, TrainingOutcome outcome) => new()
    {
        Method = method.Name,
        Seed = seed,
        Dataset = dataset.Name,
        DatasetSha256 = dataset.Sha256,
        Iteration = outcome.BestIteration,
        ValidationAccuracy = double.IsNaN(outcome.BestAccuracy) ? null : outcome.BestAccuracy,
        ValidationCi95 = outcome.BestCi95,
        TargetSamples = method.TargetSamples,
        TargetLabels = method.TargetLabels,
        Configuration = configuration,
        Source = dataset.Source.Contents.Shape,
        Target = dataset.Target.Contents.Shape,
        Data = ModelData.Of(dataset),
    };
}

/// <summary>A trained model on disk: model.safetensors (the meta-parameters) and model.json (<see cref="ModelInfo"/>).</summary>
public static class ModelFolder
{
    private const string Weights = "model.safetensors", Description = "model.json";

    /// <summary>The file of a folder's meta-parameters: arrays PART.BLOCK, weights [inputs, outputs], gates in the order i, f, g, o.</summary>
    public static string WeightsFile(string folder) => Path.Combine(folder, Weights);

    /// <summary>Writes both files, each atomically.</summary>
    internal static void Save(string folder, MetaParameters meta, ModelInfo info)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(WeightsFile(folder), meta.Parts.SelectMany(p => ParameterArrays.Of(p.Name, p.Values)));
        AtomicFile.Write(Path.Combine(folder, Description), JsonSerializer.SerializeToUtf8Bytes(info, ModelJson.Default.ModelInfo));
    }

    /// <summary>What a folder says about its model.</summary>
    /// <exception cref="CromaException">The folder holds no model, or one of a newer format.</exception>
    public static ModelInfo ReadInfo(string folder)
    {
        var path = Path.Combine(folder, Description);
        if (!File.Exists(path)) throw new CromaException($"'{folder}' holds no model: there is no {Description}; `croma train --out DIR` makes one.");
        var info = JsonFile.Read(path, ModelJson.Default.ModelInfo, "model description", newest: 1);
        if (info.Format != "croma-model") throw new DataFormatException(path, 0, "this is no model description: its format is not 'croma-model'");
        var sound = info.ValidationCi95 is null or [_, _] && info.Data?.IsSound != false;
        return sound ? info : throw new DataFormatException(path, 0, "this is no model description: an interval has two ends, and what its data are is whole");
    }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="dataset">Its data set; where it is null, the model must say what its samples are.</param>
    /// <exception cref="CromaException">There is no model, or it is of an earlier version, which did not say what its samples are.</exception>
    internal static (MetaParameters Meta, ModelInfo Info) Load(string folder, CrossModalDataset? dataset = null)
    {
        var info = ReadInfo(folder);
        var path = Path.Combine(folder, Description);
        if (dataset != null) return (Load(folder, info, StoredNetwork.Create(path, info, dataset)), info);
        if (info.Source == null || info.Target == null) throw new CromaException($"'{folder}' was trained by an earlier version, which did not keep what its samples look like: train it again.");
        return (Load(folder, info, StoredNetwork.Create(path, info)), info);
    }

    private static MetaParameters Load(string folder, ModelInfo info, Network network)
    {
        using var file = SafetensorsFile.Open(WeightsFile(folder));
        StoredNetwork.RequireRoom(file, network.SourceEncoder.Layout, network.TargetEncoder.Layout, network.Classifier.Layout, network.AlignmentLoss.Layout);
        var meta = new MetaParameters(network, info.Seed);
        try
        {
            foreach (var (name, values) in meta.Parts) ParameterArrays.Read(file, name, values);
            return meta;
        }
        catch
        {
            meta.Dispose();
            throw;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ModelInfo))]
internal sealed partial class ModelJson : JsonSerializerContext;
