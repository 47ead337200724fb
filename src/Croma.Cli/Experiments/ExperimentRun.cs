using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Cli.Bench;
using Croma.Cli.Slurm;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data.Formats;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>Runs an experiment for a command: progress, the files it leaves, the result on standard output.</summary>
internal static class ExperimentRun
{
    /// <summary>The scales by name.</summary>
    public static IReadOnlyList<string> Scales { get; } = [.. Enum.GetNames<Scale>().Select(s => s.ToLowerInvariant())];

    /// <summary>A scale by its name.</summary>
    public static Scale ParseScale(string name)
    {
        var index = Scales.Index().Where(s => s.Item == name).Select(s => (int?)s.Index).FirstOrDefault();
        return index is { } found ? Enum.GetValues<Scale>()[found] : throw new CromaException($"There is no scale '{name}'{Closest.Hint(name, Scales)}");
    }

    /// <summary>The folder of tuned configurations, which must be there if it is named.</summary>
    public static string? RequireTuned(string? folder) =>
        folder == null || Directory.Exists(folder) ? folder : throw new CromaException($"There is no folder '{folder}' of tuned configurations: croma tune --out makes one.");

    /// <summary>Runs what is not there yet and writes FOLDER/NAME-SCALE.json, .csv, .html, and .md with its pictures; of a part the runs alone.</summary>
    public static void Do(Experiment experiment, string name, ExperimentContext setting, CommandContext context, Executor executor)
    {
        var clock = Stopwatch.StartNew();
        using var study = experiment.Plan(setting);
        var groups = StudyRuns.ByTraining(study.Runs);
        executor.Prepare(() => DividedWork.Of(experiment.Title, setting.Folder, groups), setting.Folder);
        if (executor.Part is { } part)
        {
            var made = Executor.MakePart(setting.Folder, () => Make(experiment, StudyRuns.Part(groups, part.Number, part.Count), context));
            PartResult.Write(part, [.. made.SelectMany(g => g).Select(r => r.Name)], clock.Elapsed, context.Output);
            return;
        }
        using var taken = RunLock.Take(setting.Folder);
        Make(experiment, groups, context);
        Write(experiment, name, setting, study.Describe(), clock.Elapsed, context);
    }

    private static IReadOnlyList<StudyRun[]> Make(Experiment experiment, IReadOnlyList<StudyRun[]> groups, CommandContext context) => context.Progress.Run(experiment.Title, report =>
    {
        StudyRuns.Run(groups, context.Threads, new Reporter<ComparisonProgress>(p => report(new Step(p.Share, p.RunsDone == p.Runs ? "" : p.Latest))), context.Cancellation);
        return groups;
    });

    private static void Write(Experiment experiment, string name, ExperimentContext setting, ExperimentOutcome outcome, TimeSpan time, CommandContext context)
    {
        var scale = Scales[(int)setting.Scale];
        var stem = Path.Combine(setting.Folder, $"{name}-{scale}");
        var result = new ExperimentResult(CromaVersion.Text, name, experiment.Title, experiment.Expectation, scale, setting.Seed, StepBenchmark.Machine, time.TotalSeconds, outcome, stem + ".csv", stem + ".html");
        AtomicFile.Write(result.Csv, ExperimentCsv.Of(outcome));
        foreach (var (i, table) in outcome.Tables.Index()) AtomicFile.Write(ExperimentMarkdown.Picture(stem, i), ExperimentCharts.ToSvg(table));
        AtomicFile.Write(stem + ".md", ExperimentMarkdown.Of(result, Path.GetFileName(stem)));
        AtomicFile.Write(result.Report, Encoding.UTF8.GetBytes(ExperimentReport.Render(result)));
        AtomicFile.Write(stem + ".json", Encoding.UTF8.GetBytes(ToJson(result) + "\n"));
        context.Output.Write(() => ToJson(result), ExperimentView.Of(result));
    }

    private static string ToJson(ExperimentResult result) => JsonSerializer.Serialize(result, CliJson.Default.ExperimentResult);
}
