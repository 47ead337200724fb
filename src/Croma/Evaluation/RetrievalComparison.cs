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

    /// <summary>Runs what is not there yet; records by method, shots, repeat.</summary>
    /// <param name="threads">Runs side by side.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    public IReadOnlyList<RetrievalRecord> Run(int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (jobs, shares, both) = (methods.Count * repeats, new double[methods.Count * repeats], new Lock());
        var records = new RetrievalRecord[jobs][];
        Workers.Run(jobs, threads, job =>
        {
            records[job] = RunOne(methods[job % methods.Count], job / methods.Count, share => Report(job, share), cancellation);
            Report(job, 1);
        }, cancellation);
        return [.. records.SelectMany(r => r).OrderBy(r => methods.Index().First(m => m.Item == r.Method).Index).ThenBy(r => r.Shots).ThenBy(r => r.Repeat)];

        void Report(int job, double share)
        {
            lock (both)
            {
                shares[job] = share;
                progress?.Report(shares.Average());
            }
        }
    }

    private RetrievalRecord[] RunOne(string method, int repeat, Action<double> report, CancellationToken cancellation)
    {
        string[] files = [.. shots.Select(k => Path.Combine(folder, $"retrieval-{method}-{repeat}-{k}-{Identity(method, repeat, k)[..12]}.json"))];
        // reports show what the first repeat found
        RetrievalRecord?[] kept = [.. files.Select(f => File.Exists(f) ? Read(f) : null).Select(r => repeat > 0 || r?.Found != null ? r : null)];
        if (Array.TrueForAll(kept, r => r != null)) return kept!;
        using var model = _models.Get(method, configure(method), SeedOf(repeat), 0, share => report(0.9 * share), cancellation);
        for (var i = 0; i < shots.Count; i++)
        {
            if (kept[i] != null) continue;
            var cosines = Retrieval.Run(model.Best, configure(method), dataset, Plan, method == "no-align" ? 0 : shots[i], SeedOf(repeat), cancellation);
            kept[i] = new RetrievalRecord(method, shots[i], repeat, SeedOf(repeat), RetrievalScore.Of(cosines, Plan.ClusterOfQuery)) { Found = [.. cosines.Select(Retrieved.Of)] };
            AtomicFile.Write(files[i], JsonSerializer.SerializeToUtf8Bytes(kept[i]!, RetrievalJson.Default.RetrievalRecord));
        }
        return kept!;
    }

    private ulong SeedOf(int repeat) => seed + (ulong)repeat;

    private string Identity(string method, int repeat, int k) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"retrieval\n{method}\n{SeedOf(repeat)}\n{dataset.Sha256}\n{Plan.Sha256}\n{k}\n{ConfigurationFile.ToJson(configure(method))}")));

    private static RetrievalRecord Read(string path) => JsonFile.Read(path, RetrievalJson.Default.RetrievalRecord, "record of a retrieval", advice: "; remove it and it is made again");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RetrievalRecord))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
