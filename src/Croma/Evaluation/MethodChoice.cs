using Croma.Baselines;
using Croma.Classification;
using Croma.Configuration;
using Croma.Data;
using Croma.Heads;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>What <see cref="MethodChoice"/> spends.</summary>
public sealed record MethodChoiceOptions
{
    /// <summary>k of the tasks that decide, all counting alike. Default 1 and 5.</summary>
    public IReadOnlyList<int> Shots { get; init; } = [1, 5];

    /// <summary>Tasks of meta-validation, the same for every candidate. Default 16.</summary>
    public int Tasks { get; init; } = 16;

    /// <summary>Queries a class. Default 10.</summary>
    public int Queries { get; init; } = 10;

    /// <summary>Draws tasks and trainings. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Trainings side by side. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A method with a head, scored on meta-validation.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Head">A head's name, or "fine-tuning".</param>
/// <param name="Accuracy">Over the tasks, each the mean over the shots, in per cent.</param>
/// <param name="Tasks">The same of each task.</param>
/// <param name="ByShots">Accuracy in per cent at each of the options' shots.</param>
/// <param name="Seconds">Wall time of the method's training.</param>
public sealed record MethodCandidate(string Method, string Head, Summary Accuracy, IReadOnlyList<double> Tasks, IReadOnlyList<double> ByShots, double Seconds);

/// <summary>A method that could not be trained.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Why">One line.</param>
public sealed record FailedMethod(string Method, string Why);

/// <summary>What was chosen, and among what.</summary>
/// <param name="Plan">The tasks.</param>
/// <param name="Candidates">The best first, which is the choice.</param>
/// <param name="Failed">Methods that could not be trained.</param>
public sealed record MethodChoiceOutcome(EpisodePlan Plan, IReadOnlyList<MethodCandidate> Candidates, IReadOnlyList<FailedMethod> Failed)
{
    /// <summary>The candidate of the greatest accuracy, the earlier tried of equals.</summary>
    public MethodCandidate Best => Candidates[0];

    /// <summary>The p-value of a candidate's being as good as the best: a two-sided paired t-test over the tasks, uncorrected. Null for the best itself.</summary>
    public double? P(MethodCandidate candidate) => candidate == Best ? null : StudentT.PairedTest(candidate.Tasks, Best.Tasks);
}

/// <summary>
/// Trains a few methods once each, scores each with fine-tuning and with heads on the same tasks of meta-validation, and takes the
/// best pair; meta-test is not read. The mean of the one that won is too good by the luck of winning, and trainings chose
/// their iteration on concepts of the same split: it says which to take, not how good it will be. What is done is kept in
/// the folder, and an interrupted choice goes on from there.
/// </summary>
public sealed class MethodChoice
{
    private static readonly Head[] s_heads = [new PrototypeHead(), new RidgeHead()];

    private readonly CrossModalDataset _dataset;
    private readonly Func<string, TrainingConfiguration> _configure;
    private readonly MethodChoiceOptions _options;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _methods;

    /// <param name="dataset">The data.</param>
    /// <param name="configure">Each method's configuration.</param>
    /// <param name="options">What it spends.</param>
    /// <param name="folder">Where runs and models are kept.</param>
    public MethodChoice(CrossModalDataset dataset, Func<string, TrainingConfiguration> configure, MethodChoiceOptions options, string folder) =>
        (_dataset, _configure, _options, _folder, _methods) = (dataset, configure, options, folder, MethodsFor(dataset));

    /// <summary>The methods that are tried: those that read no target labels and did best where we compared all, and the closed forms.</summary>
    public static IReadOnlyList<string> MethodsFor(CrossModalDataset dataset)
    {
        var hasClusters = dataset.Concepts.Any(c => c.Split == ConceptSplit.MetaTrain && c.Cluster != null);
        string[] start = ["unimodal-pretraining"];
        if (dataset.StrongPairs.Count == 0 && !hasClusters) return start;
        string[] trained = dataset.StrongPairs.Count == 0 ? ["croma-weak", "align-meta-classify"]
            : HasConvolution(dataset.Source) || HasConvolution(dataset.Target) ? ["croma", "align-meta-classify"] : ["croma", "align-meta-classify", "shared-align"];
        return [.. trained, .. Methods.InClosedForm, .. start];
    }

    /// <summary>Trains and scores what is not there yet.</summary>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops; what is done is kept.</param>
    /// <exception cref="CromaException">Meta-validation has too little for the tasks, or no method could be trained.</exception>
    public MethodChoiceOutcome Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var plan = new Comparison(_dataset, _configure, Options(_methods[0]), _folder).Plan;
        // long trainings first, so that none ends long after the others
        int[] order = [.. Enumerable.Range(0, _methods.Count).OrderByDescending(i => Work(_methods[i]))];
        var (tried, failed, shares) = (new MethodCandidate[_methods.Count][], new FailedMethod?[_methods.Count], new double[_methods.Count]);
        Workers.Run(order.Length, _options.Threads, job =>
        {
            var i = order[job];
            try
            {
                tried[i] = Try(_methods[i], share => Report(i, share), cancellation);
            }
            catch (AggregateException e) when (e.Flatten().InnerExceptions is [CromaException reason])
            {
                (tried[i], failed[i]) = ([], new FailedMethod(_methods[i], reason.Message));
            }
            Report(i, 1);
        }, cancellation);
        var candidates = tried.SelectMany(c => c).OrderByDescending(c => c.Accuracy.Mean).ToList();
        return candidates.Count > 0 ? new MethodChoiceOutcome(plan, candidates, [.. failed.OfType<FailedMethod>()])
            : throw new CromaException($"None of {string.Join(", ", _methods)} could be trained; the first: {failed[0]!.Why}");

        void Report(int i, double share)
        {
            lock (shares)
            {
                shares[i] = share;
                progress?.Report(_methods.Index().Sum(m => Work(m.Item) * shares[m.Index]) / _methods.Sum(Work));
            }
        }
    }

    /// <summary>The model of a method that was tried; it belongs to the caller.</summary>
    public TrainedModel Open(string method) => new TrainedModels(_dataset, _folder).Get(method, _configure(method), _options.Seed);

    private MethodCandidate[] Try(string method, Action<double> report, CancellationToken cancellation)
    {
        const double Trained = 0.95;
        var fineTuned = new Comparison(_dataset, _configure, Options(method), _folder).Run(new Reporter(p => report(Trained * p)), cancellation).Single();
        var heads = new HeadComparison(_dataset, _configure, Options(method), s_heads, _folder).Run(cancellation: cancellation);
        using var model = Open(method);
        var seconds = model.Training!.Seconds;
        return [Of(FineTuning.Name, fineTuned), .. s_heads.Select(head => Of(head.Name, heads.Single(r => r.Method == HeadComparison.Row(method, head))))];

        MethodCandidate Of(string head, RunRecord record)
        {
            double[] tasks = [.. Enumerable.Range(0, _options.Tasks).Select(task => record.Results.Average(r => r.TaskAccuracies[task]))];
            return new MethodCandidate(method, head, Summary.Of(tasks), tasks, [.. record.Results.Select(r => r.Accuracy)], seconds);
        }
    }

    private ComparisonOptions Options(string method) => new()
    {
        Methods = [method], Shots = _options.Shots, Repeats = 1, Split = ConceptSplit.MetaValidation, Tasks = _options.Tasks, Queries = _options.Queries, Seed = _options.Seed,
    };

    /// <summary>About how long a method takes beside others; what is not trained is scored.</summary>
    private double Work(string method)
    {
        var (configuration, trained) = (_configure(method), Methods.TrainingWork(method, _configure(method)));
        return trained + (double)_options.Tasks * _options.Shots.Count * configuration.Adaptation.Steps;
    }

    private static bool HasConvolution(ModalityData modality) => modality.Kind == ModalityKind.Images || modality.Contents.Shape.FramesOfEach != null;

    /// <summary>Reports on the calling thread.</summary>
    private sealed class Reporter(Action<double> report) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => report(value.Share);
    }
}
