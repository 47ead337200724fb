using System.CommandLine;
using System.Text;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Data.Doctor;

namespace Croma.Cli.Commands;

/// <summary>What `croma doctor --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Folder">What was examined.</param>
/// <param name="Fit">Whether training on it would not be misleading.</param>
/// <param name="Ways">Classes a task.</param>
/// <param name="Shots">Labelled samples a class.</param>
/// <param name="Queries">Samples a class to recognise.</param>
/// <param name="Counts">Classes and samples, split by split.</param>
/// <param name="Findings">What was found, the worst first.</param>
internal sealed record DoctorResult(string Version, string Folder, bool Fit, int Ways, int Shots, int Queries, IReadOnlyList<SplitCounts> Counts, IReadOnlyList<Diagnosis> Findings);

/// <summary>croma doctor.</summary>
internal sealed class DoctorCommand : CromaCommand
{
    private const int Most = 10_000;

    private readonly Argument<string> _folder = new("DIR") { Description = "The data set's folder." };
    private readonly Option<int> _shots = Number("--shots", "Labelled samples a class that tasks will have.", 5, 1);
    private readonly Option<int> _queries = Number("--queries", "Samples a class to recognise.", 10, 1);
    private readonly Option<int> _ways = Number("--ways", "Classes a task.", 5, 2);

    public DoctorCommand(CommonOptions common) : base("doctor", "Looks at a data set before training: enough samples, leaks, duplicates, numbers, text; says what to do. Exit code 1 where training would mislead.", common)
    {
        Add(_folder);
        foreach (var option in new Option[] { _shots, _queries, _ways }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var folder = parsed.GetValue(_folder)!;
        var options = new DoctorOptions(parsed.GetValue(_shots), parsed.GetValue(_queries), parsed.GetValue(_ways));
        using var dataset = CrossModalDataset.Open(folder);
        var report = context.Progress.Run("Examining", tell => DatasetDoctor.Examine(dataset, options, new Reporter<double>(share => tell(new Step(share, ""))), context.Cancellation));
        var result = new DoctorResult(CromaVersion.Text, folder, report.IsFit, options.Ways, options.Shots, options.Queries, report.Counts, report.Findings);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DoctorResult), ToText(result, dataset));
        return report.IsFit ? ExitCode.Success : ExitCode.Unfit;
    }

    private static string ToText(DoctorResult result, CrossModalDataset dataset)
    {
        var text = new StringBuilder($"{result.Folder}: {dataset.Name}, for {result.Ways}-way tasks of {result.Shots} {(result.Shots == 1 ? "shot" : "shots")} and {result.Queries} queries\n");
        foreach (var split in result.Counts)
            text.Append($"{JsonNamingPolicy.KebabCaseLower.ConvertName(split.Split.ToString())}: {split.Concepts} classes; samples a class: alignment {Range(split.AlignmentSource)} '{dataset.Source.Name}' and {Range(split.AlignmentTarget)} '{dataset.Target.Name}', "
                + $"source tasks {Range(split.SourceTasks)}, target tasks {Range(split.TargetTasks)}\n");
        foreach (var finding in result.Findings)
        {
            text.Append($"\n{finding.Severity.ToString().ToUpperInvariant()} ({finding.Check}): {finding.What}\n");
            foreach (var example in finding.Examples) text.Append($"    {example}\n");
            text.Append($"  do: {finding.Advice}\n");
        }
        var counts = Enum.GetValues<Severity>().Reverse().Select(s => (Severity: s, Count: result.Findings.Count(f => f.Severity == s)));
        text.Append($"\n{string.Join(", ", counts.Select(c => $"{c.Count} {c.Severity.ToString().ToLowerInvariant()}{(c.Count == 1 ? "" : "s")}"))}. ");
        return text.Append(result.Fit ? $"Next: ./croma train --data {result.Folder} --profile small --out runs/{dataset.Name}\n" : "Training on it would mislead: mend the problems first.\n").ToString();
    }

    private static string Range(CountRange range) => range.Classes == 0 ? "0" : range.Fewest == range.Most ? $"{range.Most}" : $"{range.Fewest} to {range.Most}";

    private static Option<int> Number(string name, string description, int by, int least) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => by,
        CustomParser = result => CommonOptions.Whole(result, least, Most),
    };
}
