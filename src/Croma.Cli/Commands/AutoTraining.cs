using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Evaluation;

namespace Croma.Cli.Commands;

/// <summary>A pair of method and head in auto.json; accuracies on meta-validation in per cent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Head">The head, or "fine-tuning".</param>
/// <param name="Mean">Over the tasks and all shots.</param>
/// <param name="Ci95">Of the mean, over the tasks (Student's t).</param>
/// <param name="P">Of its being as good as the best, by a two-sided paired t-test over the tasks, uncorrected; null for the best.</param>
/// <param name="ByShots">At each of the shots.</param>
/// <param name="TrainingSeconds">Wall time of the method's training.</param>
internal sealed record AutoCandidate(string Method, string Head, double Mean, double[] Ci95, double? P, IReadOnlyList<double> ByShots, double TrainingSeconds);

/// <summary>How `croma train --method auto` chose: auto.json in the folder.</summary>
/// <param name="Method">The chosen method.</param>
/// <param name="Head">The chosen head.</param>
/// <param name="Why">In a sentence.</param>
/// <param name="Profile">The profile of all configurations.</param>
/// <param name="Shots">k of the tasks that decided.</param>
/// <param name="Tasks">Tasks of meta-validation.</param>
/// <param name="Ways">Classes a task.</param>
/// <param name="Queries">Queries a class.</param>
/// <param name="Episodes">SHA-256 of the tasks.</param>
/// <param name="Candidates">The best first.</param>
/// <param name="Failed">Methods that could not be trained, and why.</param>
internal sealed record AutoResult(string Method, string Head, string Why, string Profile, IReadOnlyList<int> Shots, int Tasks, int Ways, int Queries, string Episodes,
    IReadOnlyList<AutoCandidate> Candidates, IReadOnlyList<FailedMethod> Failed);

/// <summary>croma train --method auto.</summary>
internal static class AutoTraining
{
    public const string Name = "auto";

    private const int Tasks = 16;

    /// <summary>The profile where none was asked for: sizes for a few minutes, of the encoders that the data need.</summary>
    public static string ProfileFor(CrossModalDataset dataset) =>
        dataset.Source.Kind == ModalityKind.Images || dataset.Target.Kind == ModalityKind.Images ? "small-images"
        : dataset.Source.Kind == ModalityKind.Features && dataset.Target.Kind == ModalityKind.Features && dataset.StrongPairs.Count == 0 ? "features" : "small";

    public static void Run(CrossModalDataset dataset, Func<string, TrainingConfiguration> configure, TrainingFolder folder, CommandContext context)
    {
        var (clock, start) = (Stopwatch.StartNew(), configure(MethodChoice.MethodsFor(dataset)[0]));
        int[] shots = [.. new[] { 1, start.Selection.Shots }.Distinct()];
        var options = new MethodChoiceOptions { Shots = shots, Tasks = Tasks, Queries = start.Selection.Queries, Seed = context.Seed, Threads = context.Threads };
        var choice = new MethodChoice(dataset, configure, options, folder.Candidates);
        var outcome = context.Progress.Run("Trying methods and heads", report => choice.Run(new Reporter<double>(share => report(new Step(share, ""))), context.Cancellation));

        var result = Describe(outcome, start.Profile, options);
        using var model = choice.Open(outcome.Best.Method);
        AtomicFile.Write(Path.Combine(folder.Path, "auto.json"), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(result, CliJson.Default.AutoResult) + "\n"));
        folder.Save(new TrainedModel(model.Best, model.Info with { Head = outcome.Best.Head }, model.Training));
        var (info, curve) = (model.Info, model.Training!.Curve);
        var training = new TrainResult(CromaVersion.Text, new ResultDataset(dataset.Name, dataset.Sha256), info.Method, info.Configuration.Profile, info.Seed, folder.Path,
            curve.Count == 0 ? 0 : curve[^1].Iteration, info.Iteration, info.ValidationAccuracy, clock.Elapsed.TotalSeconds, curve) { Auto = result };
        Output.Say(Table(result));
        context.Output.Write(() => JsonSerializer.Serialize(training, CliJson.Default.TrainResult), $"{result.Why}\nmodel: {folder.Path}\nNext: ./croma adapt --model {folder.Path} --support FOLDER --out FILE\n");
    }

    private static AutoResult Describe(MethodChoiceOutcome outcome, string profile, MethodChoiceOptions options)
    {
        AutoCandidate[] candidates = [.. outcome.Candidates.Select(c => new AutoCandidate(c.Method, c.Head, c.Accuracy.Mean, [c.Accuracy.Low, c.Accuracy.High], outcome.P(c), c.ByShots, c.Seconds))];
        var (best, plan) = (candidates[0], outcome.Plan);
        var equals = candidates.Count(c => c.P > 0.05);
        var why = string.Create(CultureInfo.InvariantCulture,
            $"{best.Method} with {best.Head}: {best.Mean:0.0} % on {options.Tasks} tasks of meta-validation ({string.Join(" and ", options.Shots)} shots), the most of {candidates.Length} pairs; {(equals == 0 ? "no other comes near" : $"{equals} of them cannot be told from it by so few tasks (p > 0.05)")}");
        return new AutoResult(best.Method, best.Head, why, profile, options.Shots, options.Tasks, plan.Ways, options.Queries, plan.Sha256, candidates, outcome.Failed);
    }

    private static string Table(AutoResult result)
    {
        var width = result.Candidates.Max(c => Row(c).Length);
        var text = new StringBuilder($"{"method + head".PadRight(width)}  meta-validation, % [95 %]   {string.Join("  ", result.Shots.Select(k => $"{k}-shot"))}   training, s\n");
        foreach (var c in result.Candidates)
            text.Append(CultureInfo.InvariantCulture, $"{Row(c).PadRight(width)}  {c.Mean,8:0.0} [{c.Ci95[0]:0.0}, {c.Ci95[1]:0.0}]        {string.Join("  ", c.ByShots.Select(a => a.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(6)))}   {c.TrainingSeconds,8:0}\n");
        foreach (var (method, why) in result.Failed) text.Append(CultureInfo.InvariantCulture, $"{method}: left out, {why}\n");
        return text.Append("Each method was trained once; the winner's figure is somewhat too good, having won. Meta-test was not read.").ToString();

        static string Row(AutoCandidate c) => $"{c.Method} + {c.Head}";
    }
}
