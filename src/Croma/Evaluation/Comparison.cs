using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>Which methods are compared, and how often.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Rows, by their names.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>k. Default 1, 5 and 10.</summary>
    public IReadOnlyList<int> Shots { get; init; } = [1, 5, 10];

    /// <summary>Trainings of each method with different seeds. Default 10.</summary>
    public int Repeats { get; init; } = 10;

    /// <summary>Whose concepts: meta-test, or meta-validation to choose on. Default meta-test.</summary>
    public ConceptSplit Split { get; init; } = ConceptSplit.MetaTest;

    /// <summary>Evaluation tasks, the same for every method and repeat. Default 8.</summary>
    public int Tasks { get; init; } = 8;

    /// <summary>Queries a class. Default 10.</summary>
    public int Queries { get; init; } = 10;

    /// <summary>Rate of symmetric noise on target labels: those that methods read in meta-training, and meta-test's support (section 5.4). Default 0.</summary>
    public double LabelNoise { get; init; }

    /// <summary>Source samples a class, at most, that phi learns from beside the support (cross-modal fine-tuning). Default 0: the paper's fine-tuning.</summary>
    public int SourceShots { get; init; }

    /// <summary>Trainings of other seeds whose answers are averaged (<see cref="EnsembleMember"/>); no training is in two repeats. Default 1: no ensemble.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Draws the episode plan and the repeats' seeds. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Runs side by side. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>How far a comparison is: the finished share of all its runs' work, and what was last worked at.</summary>
/// <param name="Share">0 ... 1.</param>
/// <param name="RunsDone">Runs finished.</param>
/// <param name="Runs">Runs in all.</param>
/// <param name="Latest">Method and repeat that moved last.</param>
public readonly record struct ComparisonProgress(double Share, int RunsDone, int Runs, string Latest);

/// <summary>
/// Trains and scores several methods on the same planned episodes, several times. Each run is a JSON file in
/// the folder; one that is there already is not computed again, an interrupted one goes on from its checkpoint.
/// </summary>
public sealed class Comparison
{
    /// <summary>What follows a method's name in a row with <see cref="ComparisonOptions.SourceShots"/>.</summary>
    public const string CrossModalFineTuning = "cross-modal-fine-tuning";

    /// <summary>Likewise, before the number of members, with <see cref="ComparisonOptions.Members"/>.</summary>
    public const string Ensemble = "ensemble-of-";

    private readonly CrossModalDataset _dataset;
    private readonly Func<string, TrainingConfiguration> _configure;
    private readonly ComparisonOptions _options;
    private readonly string _folder;
    private readonly TrainedModels _models;
    private readonly SourceSamples? _source;

    /// <param name="dataset">The data.</param>
    /// <param name="configure">Each method's configuration.</param>
    /// <param name="options">What is compared.</param>
    /// <param name="folder">Where runs and checkpoints are kept.</param>
    public Comparison(CrossModalDataset dataset, Func<string, TrainingConfiguration> configure, ComparisonOptions options, string folder)
    {
        (_dataset, _configure, _options, _folder, _models) = (dataset, configure, options, folder, new TrainedModels(dataset, folder));
        var ways = configure(options.Methods[0]).Training.Ways;
        Plan = EpisodePlan.Create(dataset, options.Split, options.Tasks, ways, options.Shots.Max(), options.Queries, options.Seed).WithLabelNoise(options.LabelNoise);
        _source = options.SourceShots > 0 ? new SourceSamples(dataset, Plan, options.SourceShots) : null;
        Runs = Divide();
    }

    /// <summary>The episodes that every method meets.</summary>
    public EpisodePlan Plan { get; }

    /// <summary>Where the model of one run is kept; of an ensemble its first.</summary>
    public string ModelFolderOf(string method, int repeat) => _models.FolderOf(method, _configure(method), SeedOf(repeat), _options.LabelNoise);

    /// <summary>What there is to do: repeats outside, methods inside, so that an interrupted comparison has whole repeats; long ones first, so that none ends long after the others.</summary>
    internal IReadOnlyList<StudyRun> Runs { get; }

    /// <summary>Runs what is not there yet; records in the order of methods, then repeats.</summary>
    public IReadOnlyList<RunRecord> Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        StudyRuns.Run(StudyRuns.ByTraining(Runs), _options.Threads, progress, cancellation);
        return Collect();
    }

    /// <summary>Writes the episodes beside the runs, all of which are done, and reads these: in the order of methods, then repeats.</summary>
    internal IReadOnlyList<RunRecord> Collect()
    {
        AtomicFile.Write(Path.Combine(_folder, _options.LabelNoise == 0 && _options.Split == ConceptSplit.MetaTest ? "episodes.json" : $"episodes-{Plan.Sha256[..12]}.json"), Plan.ToJson());
        return [.. from method in _options.Methods from repeat in Enumerable.Range(0, _options.Repeats) select RunRecord.Read(FileOf(method, repeat))];
    }

    private IReadOnlyList<StudyRun> Divide()
    {
        var rows = _options.Methods.OrderByDescending(m => Methods.TrainingWork(m, _configure(m))).ToList();
        return [.. from repeat in Enumerable.Range(0, _options.Repeats)
                   from method in rows
                   let file = FileOf(method, repeat)
                   from run in _models.Runs($"{method}, repeat {repeat + 1}", method, _configure(method), SeedOf(repeat), _options.Members, _options.LabelNoise, () => File.Exists(file), (models, tools) => Score(method, repeat, file, models, tools))
                   select run];
    }

    private void Score(string method, int repeat, string file, IReadOnlyList<TrainedModel> models, RunTools tools)
    {
        var (configuration, seed, clock, results) = (_configure(method), SeedOf(repeat), Stopwatch.StartNew(), new List<ShotRecord>());
        foreach (var shots in _options.Shots)
        {
            // on this thread and on those that have nothing else to do
            var result = tools.Idle.Borrow(helpers => FewShotEvaluation.Run([.. models.Select((m, i) => new EnsembleMember(m.Best, seed + (ulong)i))],
                configuration.Adaptation, _dataset.Target, configuration.Input, Plan, shots, 1 + helpers, _source, tools.Cancellation));
            results.Add(ShotRecord.Of(shots, result));
            tools.Report((double)results.Count / _options.Shots.Count);
        }
        RunRecord.Of(Row(method), repeat, seed, models, clock.Elapsed.TotalSeconds, results).Write(file);
    }

    /// <summary>The name of a method's row under these options.</summary>
    private string Row(string method) => method + (_options.SourceShots > 0 ? $" + {CrossModalFineTuning}" : "") + EnsembleOf(_options.Members);

    /// <summary>What the name of a row ends with.</summary>
    internal static string EnsembleOf(int members) => members > 1 ? $" + {Ensemble}{members}" : "";

    private string FileOf(string method, int repeat) => Path.Combine(_folder, $"{method}-{repeat}-{Identity(method, repeat)[..12]}.json");

    private ulong SeedOf(int repeat) => _options.Seed + (ulong)(repeat * _options.Members);

    /// <summary>A hash of all that determines a run's figures.</summary>
    private string Identity(string method, int repeat) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{method}\n{SeedOf(repeat)}\n{_dataset.Sha256}\n{Plan.Sha256}\n{string.Join(',', _options.Shots)}\n{(_options.SourceShots > 0 ? $"source shots {_options.SourceShots}\n" : "")}{(_options.Members > 1 ? $"members {_options.Members}\n" : "")}{ConfigurationFile.ToJson(_configure(method))}")));
}
