using System.CommandLine;
using System.Text.Json;
using Croma.Cli.Slurm;
using Spectre.Console;

namespace Croma.Cli.Commands;

/// <summary>A study in `croma jobs --json`.</summary>
/// <param name="Folder">What its parts fill.</param>
/// <param name="Command">What Slurm works at.</param>
/// <param name="State">"running", "done", "cancelled", or "stopped" where no jobs are left and parts are missing.</param>
/// <param name="Parts">Into how many parts it is divided.</param>
/// <param name="Done">Those that are made.</param>
/// <param name="Running">Those that are being made.</param>
/// <param name="Waiting">Those that Slurm has not started.</param>
/// <param name="Failed">Those that ended with an error, and how.</param>
/// <param name="Lost">Those of which nothing is known.</param>
/// <param name="Jobs">Slurm's numbers of the arrays, the latest last.</param>
internal sealed record StudyState(string Folder, string Command, string State, int Parts, int Done, int Running, int Waiting, IReadOnlyList<FailedPart> Failed, int Lost, IReadOnlyList<string> Jobs);

/// <summary>A part whose task ended with an error.</summary>
/// <param name="Part">Which.</param>
/// <param name="Code">Its exit code.</param>
/// <param name="Reason">The last line that it wrote.</param>
/// <param name="Log">All that it wrote.</param>
internal sealed record FailedPart(int Part, int Code, string Reason, string Log);

/// <summary>What `croma jobs --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Studies">By their folders.</param>
internal sealed record JobsResult(string Version, IReadOnlyList<StudyState> Studies);

/// <summary>croma jobs.</summary>
internal sealed class JobsCommand : CromaCommand
{
    private readonly CommonOptions _common;
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder of a study, or one that has some below it.", DefaultValueFactory = _ => "." };
    private readonly Option<bool> _watch = new("--watch") { Description = "Comes back to the study: goes on with its command until it is done, and writes the results." };
    private readonly Option<bool> _cancel = new("--cancel") { Description = "Ends the jobs; what is done is kept, and the study's command goes on from there." };

    public JobsCommand(CommonOptions common) : base("jobs", "Shows the studies that were given to Slurm (--executor slurm), and how far they are.", common)
    {
        _common = common;
        Add(_folder);
        foreach (var option in (Option[])[_watch, _cancel]) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var folder = parsed.GetValue(_folder)!;
        if (!Directory.Exists(folder)) throw new CromaException($"There is no folder '{folder}'.");
        var (watch, cancel) = (parsed.GetValue(_watch), parsed.GetValue(_cancel));
        if (watch && cancel) throw new CromaException("--watch and --cancel were both given.");
        var studies = SlurmFolder.Find(folder);
        if ((watch || cancel) && studies.Count != 1) throw new CromaException(studies.Count == 0 ? $"Nothing in '{folder}' was given to Slurm." : $"There are several studies in '{folder}', name one: {string.Join(", ", studies.Select(s => s.Place))}");
        if (watch) return Watch(studies[0].Read()!, parsed);
        if (cancel) SlurmPrograms.Cancel(studies[0].Cancel().Name);
        var result = new JobsResult(CromaVersion.Text, [.. studies.Select(StateOf)]);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.JobsResult), View(result));
        return ExitCode.Success;
    }

    /// <summary>Gives the study's command again, where it was given.</summary>
    private int Watch(SlurmStudy study, ParseResult parsed)
    {
        Directory.SetCurrentDirectory(study.Command.Directory);
        string[] own =
        [
            .. parsed.GetValue(_common.Json) is { } json ? [$"{_common.Json.Name}={json}"] : Array.Empty<string>(), .. parsed.GetValue(_common.Quiet) ? [_common.Quiet.Name] : Array.Empty<string>(),
        ];
        return CommandLine.Run([study.Command.Words[0], .. ExecutorOptions.ForSlurm(study.Resources), .. own, .. study.Command.Words.Skip(1)]);
    }

    private static StudyState StateOf(SlurmFolder folder)
    {
        var study = folder.Read()!;
        var (ends, queue) = (folder.Ends(), SlurmPrograms.Queue(study.Name).Where(j => j.IsActive).DistinctBy(j => j.Part).ToDictionary(j => j.Part));
        var (given, parts) = (study.Jobs.SelectMany(j => j.Parts).ToHashSet(), Enumerable.Range(1, study.Parts).ToList());
        var idle = parts.Where(p => !queue.ContainsKey(p)).ToList();
        var failed = idle.Where(p => ends.TryGetValue(p, out var end) && end.Code != 0).Select(p => new FailedPart(p, ends[p].Code, ends[p].Line, folder.LogOf(p))).ToList();
        var (lost, running) = (idle.Count(p => given.Contains(p) && !ends.ContainsKey(p)), queue.Values.Count(j => j.IsRunning));
        var state = queue.Count > 0 ? "running" : failed.Count + lost == 0 ? "done" : folder.IsCancelled ? "cancelled" : "stopped";
        return new StudyState(folder.Place, study.Command.ToString(), state, study.Parts, idle.Count - failed.Count - lost, running, queue.Count - running, failed, lost, [.. study.Jobs.Select(j => j.Id)]);
    }

    private static Rows View(JobsResult result)
    {
        if (result.Studies.Count == 0) return new Rows(new Text("no studies"));
        var table = new Table().RoundedBorder().AddColumn("study").AddColumn("state").AddColumn(new TableColumn("parts").RightAligned());
        foreach (var name in (string[])["done", "running", "waiting", "failed", "lost"]) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var s in result.Studies)
            table.AddRow(((string[])[s.Folder, s.State, $"{s.Parts}", $"{s.Done}", $"{s.Running}", $"{s.Waiting}", $"{s.Failed.Count}", $"{s.Lost}"]).Select(cell => new Text(cell)));
        return new Rows([table, .. result.Studies.SelectMany(Remarks)]);
    }

    private static IEnumerable<Text> Remarks(StudyState study)
    {
        yield return new Text($"{study.Folder}: {study.Command}");
        foreach (var part in study.Failed) yield return new Text($"  part {part.Part} ended with code {part.Code}: {part.Reason} ({part.Log})");
        if (study.State != "running") yield return new Text($"  croma jobs {study.Folder} --watch goes on{(study.State == "done" ? ", and writes the results" : "")}");
    }
}
