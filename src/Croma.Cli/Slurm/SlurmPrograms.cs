using System.Globalization;
using Croma.Datasets;

namespace Croma.Cli.Slurm;

/// <summary>What Slurm says of a part's job.</summary>
/// <param name="Id">The number of the array.</param>
/// <param name="Part">The part.</param>
/// <param name="State">Slurm's word, such as RUNNING.</param>
internal sealed record QueuedJob(string Id, int Part, string State)
{
    private static readonly string[] s_ended = ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT"];

    /// <summary>Whether it may still make something.</summary>
    public bool IsActive => !s_ended.Contains(State);

    public bool IsRunning => State is "RUNNING" or "COMPLETING";

    public bool IsCancelled => State == "CANCELLED";
}

/// <summary>Slurm's programs sbatch, squeue and scancel. No accounting is asked: many clusters keep none.</summary>
internal static class SlurmPrograms
{
    private const int MostOutput = 1 << 26;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Requires that jobs can be submitted from here.</summary>
    public static void Require() => Run("sbatch", ["--version"]);

    /// <summary>Submits parts as an array.</summary>
    /// <param name="folder">The study's state, which has the script.</param>
    /// <param name="study">The study.</param>
    /// <param name="parts">Which.</param>
    /// <param name="after">Arrays that must have succeeded before.</param>
    /// <param name="delay">How long they wait.</param>
    /// <returns>The number of the array.</returns>
    public static string Submit(SlurmFolder folder, SlurmStudy study, IReadOnlyList<int> parts, IReadOnlyCollection<string> after, TimeSpan delay)
    {
        string[] program = Program(), words = [.. study.Command.Words], before = [.. program, words[0], study.Command.PartOption];
        var width = study.Resources.Width is { } most ? string.Create(CultureInfo.InvariantCulture, $"%{most}") : "";
        string[] arguments =
        [
            "--parsable", "--requeue", $"--job-name={study.Name}", $"--array={Ranges(parts)}{width}", $"--chdir={study.Command.Directory}", "--output=/dev/null", .. study.Resources.ForSbatch(),
            .. after.Count > 0 ? [$"--dependency=afterok:{string.Join(':', after)}", "--kill-on-invalid-dep=yes"] : Array.Empty<string>(),
            .. delay > TimeSpan.Zero ? [string.Create(CultureInfo.InvariantCulture, $"--begin=now+{delay.TotalSeconds:0}")] : Array.Empty<string>(),
            folder.ScriptFile, folder.Path, $"{study.Parts}", $"{before.Length}", .. before, $"--threads={study.Resources.Cpus}", .. words[1..],
        ];
        var answer = Run("sbatch", arguments);
        // NUMBER or NUMBER;CLUSTER
        return answer.Trim().Split(';')[0];
    }

    /// <summary>The jobs of a name, in whatever state; those that ended a while ago are missing.</summary>
    public static IReadOnlyList<QueuedJob> Queue(string name)
    {
        var answer = Run("squeue", ["--me", $"--name={name}", "--noheader", "--array", "--states=all", "--format=%F|%K|%T"]);
        return [.. from line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                   let fields = line.Split('|')
                   where fields.Length == 3 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out _)
                   select new QueuedJob(fields[0].Trim(), int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2].Trim())];
    }

    /// <summary>Cancels all jobs of a name.</summary>
    public static void Cancel(string name) => Run("scancel", ["--me", $"--name={name}"]);

    /// <summary>Numbers as Slurm writes them: 1-3,7.</summary>
    internal static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers.Order())
            if (ranges.Count > 0 && ranges[^1].Last == number - 1) ranges[^1] = (ranges[^1].First, number);
            else ranges.Add((number, number));
        return string.Join(',', ranges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"));
    }

    /// <summary>The words that start this program.</summary>
    private static string[] Program()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : [process];
    }

    private static string Run(string program, IEnumerable<string> arguments)
    {
        // not to be stopped halfway: what it was told is done or not, and croma would not know
        var result = ChildProcess.Run(program, arguments, [], MostOutput, s_patience, CancellationToken.None)
            ?? throw new SlurmException($"There is no '{program}' here: --executor slurm and croma jobs are for machines that submit jobs to Slurm.");
        return result.ExitCode == 0 ? result.Text : throw new SlurmException($"Slurm's {program} says: {Failure.OneLine(result.Error.Length > 0 ? result.Error : $"exit code {result.ExitCode}")}");
    }
}

/// <summary>Slurm is not here, or did not do what it was told, which it may later.</summary>
internal sealed class SlurmException(string message) : CromaException(message);
