using Croma.Baselines;
using Croma.Cli.Report;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>An experiment that trains methods on a data set: its scales, its configurations, its test.</summary>
internal abstract class TrainingExperiment : Experiment
{
    /// <summary>The row that others are tested against.</summary>
    protected const string Reference = "croma";

    /// <summary>How p-values come about.</summary>
    protected const string PairedTest = "two-sided paired t-test against CroMA over the repeats (the same seeds, the same episodes), Holm-corrected for the rows of a column";

    public sealed override Study Plan(ExperimentContext context)
    {
        var dataset = CrossModalDataset.Open(context.Data);
        try
        {
            context = context with { Dataset = dataset.Name, Profile = ProfileFor(dataset, context.Scale), WeakPairs = dataset.StrongPairs.Count == 0 };
            var study = Plan(context, dataset);
            return new Study(study.Runs, () => WithNotes(context, dataset, study.Describe()), dataset);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <summary>What there is to do on a data set, which stays open, and what it comes to.</summary>
    protected abstract Study Plan(ExperimentContext context, CrossModalDataset dataset);

    private static ExperimentOutcome WithNotes(ExperimentContext context, CrossModalDataset dataset, ExperimentOutcome outcome)
    {
        var synthetic = dataset.Manifest.Synthetic;
        string[] notes =
        [
            .. synthetic.Count == 0 ? Array.Empty<string>() : [$"The {string.Join(" and the ", synthetic)} of '{dataset.Name}' is SYNTHESISED by a program, not recorded from people: these are not the paper's data."],
            context.Scale == Scale.Full ? $"Profile '{context.Profile}', one training for all numbers of shots (the paper's batch size goes with k)."
                : context.Profile == "features" ? "Profile 'features': encoders trained elsewhere stand still, a linear projection of their features is trained."
                : context.Profile != "small" ? $"Profile '{context.Profile}', narrower and shorter than the paper's."
                : $"Profile 'small', narrower and shorter than the paper's: {Demo.Difference}.",
            .. context.Scale == Scale.Smoke ? ["Scale 'smoke' shows that it works; its figures mean nothing."] : Array.Empty<string>(),
            .. context.Scale != Scale.Full && TunedConfigurations.Exist(dataset.Name) ? [$"Each method has the values that `croma tune` found for it on meta-validation of '{dataset.Name}', at equal budgets (src/Croma.Cli/Experiments/Tuned)."] : Array.Empty<string>(),
            .. context.Repeats is { } repeats ? [$"{repeats} trainings of each method: --repeats {repeats}."] : Array.Empty<string>(),
            .. context.Tuned is { } tuned ? [$"Configurations of '{tuned}' in place of the profile's, where it has them."] : Array.Empty<string>(),
        ];
        return outcome with { Dataset = new ResultDataset(dataset.Name, dataset.Sha256), Notes = [.. notes, .. outcome.Notes] };
    }

    /// <summary>Features of encoders trained elsewhere have a profile of their own at every scale.</summary>
    private static string ProfileFor(CrossModalDataset dataset, Scale scale)
    {
        if (dataset.Source.Kind == ModalityKind.Features && dataset.Target.Kind == ModalityKind.Features && dataset.StrongPairs.Count == 0) return "features";
        var images = dataset.Source.Kind == ModalityKind.Images || dataset.Target.Kind == ModalityKind.Images ? "-images" : "";
        return (scale == Scale.Full ? "paper" : "small") + images;
    }

    /// <summary>Those methods that the data set has everything for.</summary>
    protected static string[] Runnable(CrossModalDataset dataset, IEnumerable<string> methods) =>
        [.. methods.Where(m => !Methods.ReadsClusters(m) || dataset.Concepts.Any(c => c.Split == ConceptSplit.MetaTrain && c.Cluster != null))];

    /// <summary>Says which rows are missing for want of clusters.</summary>
    protected static IEnumerable<string> Missing(IEnumerable<string> wanted, IEnumerable<string> runnable)
    {
        string[] missing = [.. wanted.Except(runnable).Select(MethodNames.Title)];
        if (missing.Length > 0) yield return $"Rows left out, since the data set's concepts have no clusters: {string.Join("; ", missing)}.";
    }

    /// <summary>Where runs and models are kept.</summary>
    protected static string RunsOf(ExperimentContext context) => Path.Combine(context.Folder, "runs");

    /// <summary>Trainings of each method.</summary>
    protected static int Repeats(ExperimentContext context) => context.Repeats ?? context.Scale switch { Scale.Smoke => 2, Scale.Small => 5, _ => 10 };

    /// <summary>A comparison at the context's scale.</summary>
    protected static ComparisonOptions Options(ExperimentContext context, IReadOnlyList<string> methods) => new()
    {
        Methods = methods,
        Repeats = Repeats(context),
        Tasks = context.Scale == Scale.Smoke ? 2 : 8,
        Seed = context.Seed,
    };

    /// <summary>A method's configuration: what was tuned for it, otherwise the scale's profile.</summary>
    protected static TrainingConfiguration Configure(ExperimentContext context, string method)
    {
        var tuned = context.Tuned is { } folder ? Path.Combine(folder, method + ".json") : null;
        var configuration = File.Exists(tuned) ? ConfigurationFile.Read(tuned, method)
            : context.Scale == Scale.Full ? Profile(context, method)
            : TunedConfigurations.Find(context.Dataset!, method) ?? Profile(context, method);
        return context.Scale == Scale.Smoke ? Shrink(configuration) : configuration;
    }

    /// <summary>Each method and number of shots: the accuracies over its repeats, with the paired tests.</summary>
    protected static List<ExperimentCell> Accuracies(IReadOnlyList<RunRecord> records, Func<string, string> row, Func<int, string> column, Func<string, int, PaperFigure?> paper, string reference = Reference)
    {
        var runs = records.GroupBy(r => r.Method).ToList();
        var cells = new List<ExperimentCell>();
        foreach (var shots in records[0].Results.Select(r => r.Shots))
        {
            var values = runs.ToDictionary(g => g.Key, g => g.Select(r => r.Results.Single(s => s.Shots == shots).Accuracy).ToArray());
            var tests = Test(values, reference);
            foreach (var (method, accuracies) in values)
                cells.Add(ExperimentCell.Of(row(method), column(shots), Summary.Of(accuracies)) with
                {
                    Paper = paper(method, shots),
                    P = tests.TryGetValue(method, out var p) ? p.P : null,
                    HolmP = tests.TryGetValue(method, out p) ? p.Holm : null,
                    TargetSamples = runs.First(g => g.Key == method).First().TargetSamples,
                    TargetLabels = runs.First(g => g.Key == method).First().TargetLabels,
                });
        }
        return cells;
    }

    /// <summary>Each row's paired test against the reference row, with Holm's correction; none without repeats.</summary>
    protected static Dictionary<string, (double P, double Holm)> Test(Dictionary<string, double[]> values, string reference)
    {
        if (!values.TryGetValue(reference, out var against) || against.Length < 2) return [];
        string[] rows = [.. values.Keys.Where(k => k != reference)];
        double[] p = [.. rows.Select(r => StudentT.PairedTest(values[r], against))];
        return rows.Zip(p.Zip(StudentT.Holm(p))).ToDictionary(t => t.First, t => t.Second);
    }

    /// <summary>Whether a row's mean is at least another's, and what the paired test says.</summary>
    protected static Finding AtLeast(string better, string worse, double[] a, double[] b, string where)
    {
        var p = a.Length > 1 ? $", {CellText.P(StudentT.PairedTest(a, b))} uncorrected" : "";
        return new Finding($"{MethodNames.Title(better)} is at least as good as {MethodNames.Title(worse)}, {where}.", a.Average() >= b.Average(), $"{a.Average():0.0} against {b.Average():0.0}{p}");
    }

    /// <summary>The accuracies of a method over its repeats.</summary>
    protected static double[] Of(IReadOnlyList<RunRecord> records, string method, int shots) =>
        [.. records.Where(r => r.Method == method).Select(r => r.Results.Single(s => s.Shots == shots).Accuracy)];

    /// <summary>The profile's; where all pairs are weak all rows have CroMA's loss for such pairs (Eq. 3), so that they differ in nothing else.</summary>
    private static TrainingConfiguration Profile(ExperimentContext context, string method)
    {
        var configuration = Profiles.Get(context.Profile!, method);
        return context.WeakPairs && Methods.LossOf(method) == null ? configuration with { Training = configuration.Training with { AlignmentLoss = "weak-nce" } } : configuration;
    }

    private static TrainingConfiguration Shrink(TrainingConfiguration configuration) => configuration with
    {
        Encoders = configuration.Encoders with { Dimension = 16, Hidden = 16, TextEmbedding = 16, FeatureHidden = [16] },
        Input = configuration.Input with { MaxTextLength = 16, MaxSteps = configuration.Encoders.Convolution == null ? 8 : 16 },
        Training = configuration.Training with { Iterations = 4, InnerSteps = 2 },
        Adaptation = configuration.Adaptation with { Steps = 4 },
        Selection = configuration.Selection with { Every = 4, Tasks = 1, Shots = 1 },
    };
}
