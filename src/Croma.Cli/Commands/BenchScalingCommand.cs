using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Cli.Bench;
using Croma.Data.Formats;
using Spectre.Console;

namespace Croma.Cli.Commands;

/// <summary>What `croma bench scaling --json` writes.</summary>
/// <param name="Study">What was simulated.</param>
/// <param name="StartsPerSecond">Of the scheduler.</param>
/// <param name="MegabytesPerSecond">Of the shared folder.</param>
/// <param name="MillisecondsPerFile">Of the shared folder.</param>
/// <param name="Sizes">One a number of cores.</param>
internal sealed record BenchScalingResult(string Study, double StartsPerSecond, double MegabytesPerSecond, double MillisecondsPerFile, IReadOnlyList<ScalingSize> Sizes);

/// <summary>A study on a number of cores.</summary>
/// <param name="Cores">Cores.</param>
/// <param name="Tasks">Tasks that are started.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Busy">The share of the cores' time in which they compute.</param>
/// <param name="Folder">The share of the time in which the shared folder works.</param>
/// <param name="Limit">What most holds it up.</param>
internal sealed record ScalingSize(int Cores, int Tasks, double Seconds, double Busy, double Folder, string Limit);

/// <summary>croma bench scaling.</summary>
internal sealed class BenchScalingCommand : CromaCommand
{
    private const int MostCores = 1_000_000;

    private readonly Argument<string> _study = new("FILE") { Description = "A JSON file of a study's tasks with their measured costs, such as docs/results/scaling/paper.json." };

    private readonly Option<int[]> _cores = new("--cores") { Description = "Numbers of cores.", HelpName = "N,N,...", DefaultValueFactory = _ => [1, 16, 256], CustomParser = ParseCores };
    private readonly Option<double> _starts = Positive("--starts-per-second", "Tasks that the scheduler can start in a second.", 5);
    private readonly Option<double> _megabytes = Positive("--megabytes-per-second", "What the shared folder can read and write in a second, for all together.", 200);
    private readonly Option<double> _file = Positive("--milliseconds-per-file", "What opening, flushing or renaming a file takes the shared folder.", 1);

    public BenchScalingCommand(CommonOptions common) : base("scaling", "Simulates a study on a cluster from measured costs: its wall time, and what limits it.", common)
    {
        Add(_study);
        foreach (var option in (Option[])[_cores, _starts, _megabytes, _file]) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var study = JsonFile.Read(parsed.GetValue(_study)!, ScalingJson.Default.ScalingStudy, "study with costs");
        if (study.Kinds.Count == 0 || study.Kinds.Any(k => k.Count < 1 || k.Rounds < 1 || k is { Seconds: < 0 } or { StartSeconds: < 0 } or { StartMegabytes: < 0 } or { RoundFiles: < 0 } or { RoundMegabytes: < 0 }))
            throw new CromaException($"'{parsed.GetValue(_study)}': a study has kinds of tasks, each with a count and rounds of at least 1 and no number below 0.");
        var (starts, megabytes, file) = (parsed.GetValue(_starts), parsed.GetValue(_megabytes), parsed.GetValue(_file));
        var sizes = parsed.GetValue(_cores)!.Select(cores =>
        {
            var cluster = new Cluster(cores, starts, megabytes, file / 1000);
            var run = ClusterSimulation.Run(study.Kinds, cluster);
            return new ScalingSize(cores, run.Tasks, run.Seconds, run.Busy, run.Folder, ClusterSimulation.Limit(study.Kinds, cluster));
        });
        var result = new BenchScalingResult(study.Study, starts, megabytes, file, [.. sizes]);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.BenchScalingResult), View(result));
        return ExitCode.Success;
    }

    private static Rows View(BenchScalingResult result)
    {
        var table = new Table().MarkdownBorder();
        foreach (var column in (string[])["cores", "tasks", "wall time", "cores busy", "folder busy", "limit"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var s in result.Sizes)
            table.AddRow(((string[])[$"{s.Cores}", $"{s.Tasks}", Time(s.Seconds), Percent(s.Busy), Percent(s.Folder), s.Limit]).Select(cell => new Text(cell)));
        return new Rows(new Text(string.Create(CultureInfo.InvariantCulture, $"{result.Study}; {result.StartsPerSecond} starts/s, {result.MegabytesPerSecond} MB/s, {result.MillisecondsPerFile} ms a file")), table);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    private static string Time(double seconds) => seconds switch
    {
        >= 2 * 86400 => In(seconds / 86400, "days"),
        >= 2 * 3600 => In(seconds / 3600, "h"),
        >= 120 => In(seconds / 60, "min"),
        _ => In(seconds, "s"),
    };

    private static string In(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.0} {unit}");

    private static int[] ParseCores(ArgumentResult result)
    {
        int[] cores = [.. result.Tokens[0].Value.Split(',').Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostCores ? n : 0)];
        if (cores.Contains(0)) result.AddError($"--cores takes whole numbers from 1 to {MostCores}, such as 1,16,256, not '{result.Tokens[0].Value}'");
        return cores;
    }

    private static Option<double> Positive(string name, string description, double by) => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => by,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9) return number;
            result.AddError($"{name} takes a number above 0, not '{text}'");
            return default;
        },
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScalingStudy))]
internal sealed partial class ScalingJson : JsonSerializerContext;
