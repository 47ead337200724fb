using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>One method at one K in one repeat.</summary>
public sealed record RetrievalRecord(string Method, int Shots, int Repeat, ulong Seed, RetrievalScore Score)
{
    /// <summary>What each query found, in the plan's order; null in what earlier versions wrote of repeats after the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Retrieved>? Found { get; init; }
}

/// <summary>
/// Trains (or finds trained) several methods' encoders and scores their retrieval on one plan. Each score is a JSON file
/// named by the hash of what determines it; one that is there is not computed again.
/// </summary>
/// <param name="dataset">The data.</param>
/// <param name="configure">Each method's configuration.</param>
/// <param name="methods">Methods with an encoder a modality; `no-align` takes no step of alignment.</param>
/// <param name="shots">K.</param>
/// <param name="repeats">Trainings of each method.</param>
/// <param name="seed">Draws the plan and the repeats' seeds.</param>
/// <param name="folder">Where runs and models are kept.</param>
public sealed class RetrievalComparison(CrossModalDataset dataset, Func<string, TrainingConfiguration> configure, IReadOnlyList<string> methods, IReadOnlyList<int> shots, int repeats, ulong seed, string folder)
{
    private readonly TrainedModels _models = new(dataset, folder);

    /// <summary>What every method meets.</summary>
    public RetrievalPlan Plan { get; } = RetrievalPlan.Create(dataset, shots.Max(), seed);

    /// <summary>What there is to do.</summary>
    internal IReadOnlyList<StudyRun> Runs =>
        [.. from repeat in Enumerable.Range(0, repeats)
            from method in methods
            select new StudyRun($"retrieval by {method}, repeat {repeat + 1}", _models.FolderOf(method, configure(method), SeedOf(repeat)),
                () => shots.All(k => Kept(method, repeat, k) != null), tools => Do(method, repeat, tools))];

    /// <summary>Runs what is not there yet; records by method, shots, repeat.</summary>
    /// <param name="threads">Runs side by side.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    public IReadOnlyList<RetrievalRecord> Run(int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        StudyRuns.Run(StudyRuns.ByTraining(Runs), threads, new ShareOnly(progress), cancellation);
        return Collect();
    }

    /// <summary>Reads the runs, all of which are done: by method, shots, repeat.</summary>
    internal IReadOnlyList<RetrievalRecord> Collect() =>
        [.. from method in methods from k in shots from repeat in Enumerable.Range(0, repeats) select Read(FileOf(method, repeat, k))];

    private void Do(string method, int repeat, RunTools tools)
    {
        var left = shots.Where(k => Kept(method, repeat, k) == null).ToList();
        if (left.Count == 0) return;
        using var model = _models.Get(method, configure(method), SeedOf(repeat), 0, share => tools.Report(0.9 * share), tools.Cancellation);
        foreach (var k in left)
        {
            var cosines = Retrieval.Run(model.Best, configure(method), dataset, Plan, method == "no-align" ? 0 : k, SeedOf(repeat), tools.Cancellation);
            var record = new RetrievalRecord(method, k, repeat, SeedOf(repeat), RetrievalScore.Of(cosines, Plan.ClusterOfQuery)) { Found = [.. cosines.Select(Retrieved.Of)] };
            AtomicFile.Write(FileOf(method, repeat, k), JsonSerializer.SerializeToUtf8Bytes(record, RetrievalJson.Default.RetrievalRecord));
        }
    }

    /// <summary>A record that is there; of the first repeat, only one that says what was found, which reports show.</summary>
    private RetrievalRecord? Kept(string method, int repeat, int k) =>
        FileOf(method, repeat, k) is var file && File.Exists(file) && Read(file) is var record && (repeat > 0 || record.Found != null) ? record : null;

    private string FileOf(string method, int repeat, int k) => Path.Combine(folder, $"retrieval-{method}-{repeat}-{k}-{Identity(method, repeat, k)[..12]}.json");

    private ulong SeedOf(int repeat) => seed + (ulong)repeat;

    private string Identity(string method, int repeat, int k) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"retrieval\n{method}\n{SeedOf(repeat)}\n{dataset.Sha256}\n{Plan.Sha256}\n{k}\n{ConfigurationFile.ToJson(configure(method))}")));

    private static RetrievalRecord Read(string path) => JsonFile.Read(path, RetrievalJson.Default.RetrievalRecord, "record of a retrieval", advice: "; remove it and it is made again");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RetrievalRecord))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
