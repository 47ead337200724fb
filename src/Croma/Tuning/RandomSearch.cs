using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tuning;

/// <summary>How a method's hyperparameters are searched.</summary>
public sealed record SearchOptions
{
    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>What the search starts from, which is trial 0.</summary>
    public required TrainingConfiguration Start { get; init; }

    /// <summary>Trials; compare methods with equal budgets only.</summary>
    public required int Budget { get; init; }

    /// <summary>Adaptations that each training is scored with; the best of them counts. Default 4.</summary>
    public int Adaptations { get; init; } = 4;

    /// <summary>Tasks of meta-validation that a trial is scored on. Default 16.</summary>
    public int Tasks { get; init; } = 16;

    /// <summary>Draws candidates, trainings and tasks. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Trials side by side; results do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>
/// Random search (Bergstra and Bengio 2012) on meta-validation: candidates of <see cref="SearchSpace"/> are trained and
/// scored on planned tasks of meta-validation concepts. Meta-test is not within its reach. How a model is adapted costs
/// little beside its training, hence each training is scored with several adaptations. Trials go by threes: the first
/// three are the start and two candidates from anywhere, further ones are near the best before their three. Each trial is
/// a JSON file; one that is there is not run again, an interrupted one goes on from its checkpoint.
/// </summary>
public sealed class RandomSearch
{
    private const int Round = 3;

    private readonly CrossModalDataset _dataset;
    private readonly SearchOptions _options;
    private readonly string _folder;
    private readonly TrainedModels _models;
    private readonly EpisodePlan _plan;
    private readonly double[] _shares;
    private readonly Trial?[] _trials;

    /// <param name="dataset">The data.</param>
    /// <param name="options">What is searched.</param>
    /// <param name="folder">Where trials are kept.</param>
    public RandomSearch(CrossModalDataset dataset, SearchOptions options, string folder)
    {
        (_dataset, _options, _folder, _models) = (dataset, options, folder, new TrainedModels(dataset, folder));
        var selection = options.Start.Selection;
        _plan = EpisodePlan.Create(dataset, ConceptSplit.MetaValidation, options.Tasks, options.Start.Training.Ways, selection.Shots, selection.Queries, options.Seed);
        (_shares, _trials) = (new double[options.Budget], new Trial?[options.Budget]);
    }

    /// <summary>The better of trials: the greatest accuracy, the earlier of equals.</summary>
    /// <exception cref="CromaException">None of them could be trained.</exception>
    public static Trial Best(IReadOnlyList<Trial> trials) =>
        trials.Where(t => t.ValidationAccuracy != null).OrderByDescending(t => t.ValidationAccuracy).ThenBy(t => t.Number).FirstOrDefault()
        ?? throw new CromaException($"None of {trials.Count} trials of '{trials[0].Method}' could be trained; the first: {trials[0].Failure}");

    /// <summary>Runs what is not there yet; trials by their numbers.</summary>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    public IReadOnlyList<Trial> Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        for (var first = 0; first < _options.Budget; first += Round)
        {
            int[] round = [.. Enumerable.Range(first, Math.Min(Round, _options.Budget - first))];
            Workers.Run(round.Length, _options.Threads, job => Do(round[job], share => Report(round[job], share, progress), cancellation), cancellation);
        }
        return [.. _trials.Select(t => t!)];
    }

    /// <summary>The round of a trial: its candidate depends on the trials of all rounds before, and on none of its own.</summary>
    internal static int RoundOf(int number) => number / Round;

    /// <summary>Whether a trial is there already.</summary>
    internal bool IsDone(int number) => PathOf(number) is { } path && File.Exists(path);

    /// <summary>Runs one trial if it is not there yet.</summary>
    /// <param name="number">Which.</param>
    /// <param name="report">Told its finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    /// <exception cref="CromaException">A trial of the rounds before is not there.</exception>
    internal Trial Do(int number, Action<double> report, CancellationToken cancellation = default)
    {
        var configuration = Candidate(number) ?? throw new CromaException($"Trial {number} is drawn near the best of trials 0 to {RoundOf(number) * Round - 1}, which are not all there yet: they come first.");
        var trial = RunOne(number, configuration, report, cancellation);
        report(1);
        return _trials[number] = trial;
    }

    /// <summary>A trial that is there; null where it is not.</summary>
    private Trial? Find(int number) => _trials[number] ??= PathOf(number) is { } path && File.Exists(path) ? Trial.Read(path) : null;

    /// <summary>A trial's candidate; null where trials of the rounds before are not there.</summary>
    private TrainingConfiguration? Candidate(int number)
    {
        var before = new Trial[RoundOf(number) * Round];
        for (var i = 0; i < before.Length; i++)
        {
            if (Find(i) is not { } trial) return null;
            before[i] = trial;
        }
        return Candidate(number, before.Any(t => t.ValidationAccuracy != null) ? Best(before).Configuration : _options.Start);
    }

    private TrainingConfiguration Candidate(int number, TrainingConfiguration centre)
    {
        if (number == 0) return _options.Start;
        var random = new CounterRandom(_options.Seed, CounterRandom.Stream("trial", number));
        return number < Round ? SearchSpace.Draw(_options.Method, centre, random) : SearchSpace.DrawNear(_options.Method, centre, random);
    }

    /// <summary>The candidate's own, with which its training looks at meta-validation, and others.</summary>
    private IEnumerable<AdaptationOptions> Adaptations(int number, AdaptationOptions own)
    {
        var random = new CounterRandom(_options.Seed, CounterRandom.Stream("adaptations of trial", number));
        yield return own;
        for (var i = 1; i < _options.Adaptations; i++) yield return number < Round ? SearchSpace.DrawAdaptation(own, random) : SearchSpace.DrawAdaptationNear(own, random);
    }

    private Trial RunOne(int number, TrainingConfiguration configuration, Action<double> report, CancellationToken cancellation)
    {
        var (method, seed) = (_options.Method, _options.Seed);
        var path = PathOf(number, configuration);
        if (File.Exists(path))
        {
            // a search that was killed between a trial's last two steps has left it
            _models.Remove(method, configuration, seed);
            return Trial.Read(path);
        }
        var clock = Stopwatch.StartNew();
        var trainingShare = Methods.TrainingWork(method, configuration) == 0 ? 0 : 0.6;
        var trial = new Trial { Number = number, Method = method, ValidationAccuracy = null, Failure = null, BestIteration = 0, Seconds = 0, Configuration = configuration, Adaptations = [] };
        try
        {
            // all candidates of a method that trains nothing have the same model, which takes no time
            using var model = trainingShare == 0 ? TrainedModel.Train(_dataset, new TrainingOptions { Method = method, Configuration = configuration, Seed = seed }, cancellation: cancellation)
                : _models.Get(method, configuration, seed, 0, share => report(trainingShare * share), cancellation);
            var tried = new List<AdaptationTrial>();
            foreach (var adaptation in Adaptations(number, configuration.Adaptation))
            {
                var result = FewShotEvaluation.Run(model.Best, adaptation, _dataset.Target, configuration.Input, _plan, configuration.Selection.Shots, seed, 1, cancellation: cancellation);
                tried.Add(new AdaptationTrial(adaptation.EncoderLearningRate, adaptation.ClassifierLearningRate, result.Accuracy));
                report(trainingShare + (1 - trainingShare) * tried.Count / _options.Adaptations);
                if (!(result.Accuracy > trial.ValidationAccuracy) && trial.ValidationAccuracy != null) continue;
                trial = trial with { ValidationAccuracy = result.Accuracy, Configuration = configuration with { Adaptation = adaptation } };
            }
            trial = trial with { BestIteration = model.Info.Iteration, Adaptations = tried };
        }
        catch (DivergedException e)
        {
            // a rate too high for this loss: the search goes on without it
            trial = trial with { Failure = e.Message };
        }
        trial = trial with { Seconds = clock.Elapsed.TotalSeconds };
        trial.Write(path);
        _models.Remove(method, configuration, seed);
        return trial;
    }

    private string? PathOf(int number) => Candidate(number) is { } configuration ? PathOf(number, configuration) : null;

    private string PathOf(int number, TrainingConfiguration configuration) => Path.Combine(_folder, $"{_options.Method}-trial-{number}-{Identity(configuration)[..12]}.json");

    private string Identity(TrainingConfiguration configuration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"trial\n{_options.Method}\n{_options.Seed}\n{_options.Adaptations}\n{_dataset.Sha256}\n{_plan.Sha256}\n{ConfigurationFile.ToJson(configuration)}")));

    private void Report(int number, double share, IProgress<double>? progress)
    {
        lock (_shares)
        {
            _shares[number] = share;
            progress?.Report(_shares.Average());
        }
    }
}
