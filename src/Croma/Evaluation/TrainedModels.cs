using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Evaluation;

/// <summary>How a kept model was trained.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Curve">The learning curve.</param>
public sealed record TrainingRecord(double Seconds, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>What the best iteration's candidate is; null where iterations are steps of one training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Candidate { get; init; }

    /// <summary>How often its numbers went wrong, so that it went back to a checkpoint and on with half the rates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Halvings { get; init; }
}

/// <summary>
/// Trains models and keeps them in a folder, each named by the hash of what determines it, so that no experiment trains
/// again what another has. An interrupted training goes on from its checkpoint.
/// </summary>
/// <param name="dataset">What is trained on.</param>
/// <param name="folder">Where models are kept.</param>
public sealed class TrainedModels(CrossModalDataset dataset, string folder)
{
    // written last: a folder that has it is whole
    private const string Record = "training.json";

    /// <summary>Where a model is kept.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="labelNoise">Of target labels; leaves the training of a method that reads none alone.</param>
    public string FolderOf(string method, TrainingConfiguration configuration, ulong seed, double labelNoise = 0) => Stem(method, configuration, seed, labelNoise) + ".model";

    /// <summary>Whether a model is kept already.</summary>
    internal bool IsThere(string method, TrainingConfiguration configuration, ulong seed, double labelNoise) => File.Exists(Path.Combine(FolderOf(method, configuration, seed, labelNoise), Record));

    /// <summary>A run that takes models of seeds that follow each other; of more than one the runs that train them, and then that.</summary>
    /// <param name="name">What the run is.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="seed">The first.</param>
    /// <param name="members">How many.</param>
    /// <param name="labelNoise">See <see cref="FolderOf"/>.</param>
    /// <param name="isDone">Whether the run's files are there.</param>
    /// <param name="work">Makes them, of models that belong to this call.</param>
    internal IEnumerable<StudyRun> Runs(string name, string method, TrainingConfiguration configuration, ulong seed, int members, double labelNoise, Func<bool> isDone, Action<IReadOnlyList<TrainedModel>, RunTools> work)
    {
        var share = Methods.TrainingWork(method, configuration) == 0 ? 0 : 0.7;
        var seeds = Enumerable.Range(0, members).Select(i => seed + (ulong)i).ToList();
        var run = new StudyRun(name, FolderOf(method, configuration, seed, labelNoise), isDone, Take);
        return members == 1 ? [run] :
        [
            .. seeds.Select(member => new StudyRun($"{name}, training {member}", FolderOf(method, configuration, member, labelNoise), () => isDone() || IsThere(method, configuration, member, labelNoise),
                tools => { if (!isDone()) Get(method, configuration, member, labelNoise, tools.Report, tools.Cancellation).Dispose(); })),
            run with { Name = $"{name}, ensemble", Training = $"{name}, ensemble", Stage = 1 },
        ];

        void Take(RunTools tools)
        {
            if (isDone()) return;
            var models = new List<TrainedModel>();
            try
            {
                foreach (var member in seeds) models.Add(Get(method, configuration, member, labelNoise, done => tools.Report(share * (models.Count + done) / members), tools.Cancellation));
                work(models, tools with { Report = done => tools.Report(share + (1 - share) * done) });
            }
            finally
            {
                models.ForEach(m => m.Dispose());
            }
        }
    }

    /// <summary>Loads a model, or trains it on one thread.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="labelNoise">See <see cref="FolderOf"/>.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops between iterations.</param>
    /// <exception cref="CromaException">Another process trains it.</exception>
    public TrainedModel Get(string method, TrainingConfiguration configuration, ulong seed, double labelNoise = 0, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var (stem, kept) = (Stem(method, configuration, seed, labelNoise), FolderOf(method, configuration, seed, labelNoise));
        if (Find(stem, kept) is { } whole) return whole;
        // a scheduler that has lost sight of a machine may have started the same work on another
        using var taken = RunLock.Take(kept);
        if (Find(stem, kept) is { } made) return made;
        var options = new TrainingOptions { Method = method, Configuration = configuration, Seed = seed, LabelNoise = labelNoise, CheckpointFile = stem + ".checkpoint", LogFolder = kept };
        var model = TrainedModel.Train(dataset, options, new Reporter(p => progress?.Invoke((double)p.Iteration / p.Iterations)), cancellation);
        model.Save(kept);
        AtomicFile.Write(Path.Combine(kept, Record), JsonSerializer.SerializeToUtf8Bytes(model.Training!, TrainingRecordJson.Default.TrainingRecord));
        File.Delete(stem + ".checkpoint");
        return model;
    }

    private TrainedModel? Find(string stem, string kept)
    {
        if (!File.Exists(Path.Combine(kept, Record))) return null;
        // a training that was killed between its last steps has left them
        File.Delete(stem + ".checkpoint");
        RunLock.Tidy(kept);
        var (meta, info) = ModelFolder.Load(kept, dataset);
        return new TrainedModel(meta, info, Read(Path.Combine(kept, Record)));
    }

    /// <summary>Forgets a model and the checkpoint of its training.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="seed">Its seed.</param>
    public void Remove(string method, TrainingConfiguration configuration, ulong seed)
    {
        File.Delete(Stem(method, configuration, seed, 0) + ".checkpoint");
        if (FolderOf(method, configuration, seed) is var kept && Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
    }

    private static TrainingRecord Read(string path) => JsonFile.Read(path, TrainingRecordJson.Default.TrainingRecord, "record of a training", advice: "; remove it and the model is trained again");

    private string Stem(string method, TrainingConfiguration configuration, ulong seed, double labelNoise)
    {
        var noise = Methods.ReadsTargetLabels(method) && labelNoise > 0 ? $"\nlabel noise {labelNoise:R}" : "";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{method}\n{seed}\n{dataset.Sha256}\n{ConfigurationFile.ToJson(configuration)}{noise}"));
        return Path.Combine(folder, $"{method}-{seed}-{Convert.ToHexStringLower(hash)[..12]}");
    }

    /// <summary>Reports on the calling thread, where Progress would go through the thread pool and out of order.</summary>
    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TrainingRecord))]
internal sealed partial class TrainingRecordJson : JsonSerializerContext;
