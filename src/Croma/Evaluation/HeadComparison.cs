using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Heads;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>
/// Trains (or finds trained) several methods' encoders and scores heads on them, on the same planned episodes as a
/// <see cref="Comparison"/> of the same options: rows are called METHOD + HEAD. Each run is a JSON file named by the hash of what
/// determines it; one that is there is not computed again.
/// </summary>
public sealed class HeadComparison
{
    private readonly CrossModalDataset _dataset;
    private readonly Func<string, TrainingConfiguration> _configure;
    private readonly ComparisonOptions _options;
    private readonly IReadOnlyList<Head> _heads;
    private readonly string _folder;
    private readonly TrainedModels _models;

    /// <param name="dataset">The data.</param>
    /// <param name="configure">Each method's configuration.</param>
    /// <param name="options">What is compared.</param>
    /// <param name="heads">The heads; one that reads source samples needs a data set that has them of the tasks' concepts.</param>
    /// <param name="folder">Where runs and models are kept.</param>
    public HeadComparison(CrossModalDataset dataset, Func<string, TrainingConfiguration> configure, ComparisonOptions options, IReadOnlyList<Head> heads, string folder)
    {
        (_dataset, _configure, _options, _heads, _folder, _models) = (dataset, configure, options, heads, folder, new TrainedModels(dataset, folder));
        var ways = configure(options.Methods[0]).Training.Ways;
        Plan = EpisodePlan.Create(dataset, options.Split, options.Tasks, ways, options.Shots.Max(), options.Queries, options.Seed).WithLabelNoise(options.LabelNoise);
    }

    /// <summary>The episodes that every row meets.</summary>
    public EpisodePlan Plan { get; }

    /// <summary>The name of a row, without an ensemble.</summary>
    public static string Row(string method, Head head) => $"{method} + {head.Name}";

    /// <summary>What there is to do.</summary>
    internal IReadOnlyList<StudyRun> Runs =>
        [.. from repeat in Enumerable.Range(0, _options.Repeats)
            from method in _options.Methods
            from run in _models.Runs($"heads on {method}, repeat {repeat + 1}", method, _configure(method), SeedOf(repeat), _options.Members, _options.LabelNoise, () => FilesOf(method, repeat).All(File.Exists), (models, tools) => Score(method, repeat, models, tools))
            select run];

    /// <summary>Runs what is not there yet; records by method, head, repeat.</summary>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    public IReadOnlyList<RunRecord> Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        StudyRuns.Run(StudyRuns.ByTraining(Runs), _options.Threads, new ShareOnly(progress), cancellation);
        return Collect();
    }

    /// <summary>Reads the runs, all of which are done: by method, head, repeat.</summary>
    internal IReadOnlyList<RunRecord> Collect() =>
        [.. from method in _options.Methods from head in _heads from repeat in Enumerable.Range(0, _options.Repeats) select RunRecord.Read(FileOf(method, head, repeat))];

    private void Score(string method, int repeat, IReadOnlyList<TrainedModel> models, RunTools tools)
    {
        var scored = new HeadEvaluation([.. models.Select(m => m.Best)], _dataset, _configure(method).Input, Plan, _heads.Any(h => h.ReadsSource), threads: 1, tools.Cancellation);
        foreach (var (i, head) in _heads.Index())
        {
            var clock = Stopwatch.StartNew();
            IReadOnlyList<ShotRecord> results = [.. _options.Shots.Select(k => ShotRecord.Of(k, scored.Run(head, k)))];
            RunRecord.Of(RowOf(method, head), repeat, SeedOf(repeat), models, clock.Elapsed.TotalSeconds, results).Write(FileOf(method, head, repeat));
            tools.Report((i + 1.0) / _heads.Count);
        }
    }

    private string RowOf(string method, Head head) => Row(method, head) + Comparison.EnsembleOf(_options.Members);

    private IEnumerable<string> FilesOf(string method, int repeat) => _heads.Select(head => FileOf(method, head, repeat));

    private string FileOf(string method, Head head, int repeat) => Path.Combine(_folder, $"head-{method}-{head.Name}-{repeat}-{Identity(method, head, repeat)[..12]}.json");

    private ulong SeedOf(int repeat) => _options.Seed + (ulong)(repeat * _options.Members);

    private string Identity(string method, Head head, int repeat) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"head {head.Name}\n{method}\n{SeedOf(repeat)}\n{_dataset.Sha256}\n{Plan.Sha256}\n{string.Join(',', _options.Shots)}\n{Noise(method)}{(_options.Members > 1 ? $"members {_options.Members}\n" : "")}{ConfigurationFile.ToJson(_configure(method))}")));

    private string Noise(string method) => Methods.ReadsTargetLabels(method) && _options.LabelNoise > 0 ? $"label noise {_options.LabelNoise:R}\n" : "";
}
