using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Data.Formats;

namespace Croma.Cli.Slurm;

/// <summary>
/// The folder that keeps a study's state between the command that submits it and its tasks: study.json, the script of the tasks,
/// log/PART.txt with what a part's tasks said, ended/PART with how the last of them ended, and `cancelled` once it is.
/// </summary>
internal sealed class SlurmFolder(string path)
{
    private const string StudyName = "study.json", Name = "slurm";

    // the part's number is put in by the script, as Slurm tells it to the task alone; arguments stay a list all the way
    private const string Script = """
        #!/bin/bash
        # A part of a study that croma gave to Slurm. Arguments: the study's folder, the number of parts, how many of the words that
        # follow come before the part's number, and the words of the command.
        folder=$1 parts=$2 before=$3 part=$SLURM_ARRAY_TASK_ID
        shift 3
        exec >>"$folder/log/$part.txt" 2>&1
        # the command ends itself where Slurm asks for it; how it ended is still to be written
        trap : TERM
        "${@:1:before}" "$part/$parts" "${@:before+1}"
        code=$?
        { echo "$code"; tail -n 1 "$folder/log/$part.txt"; } >"$folder/ended/.$part" && mv "$folder/ended/.$part" "$folder/ended/$part"
        exit "$code"

        """;

    public string Path => path;

    /// <summary>The folder that the study fills.</summary>
    public string Place => System.IO.Path.GetDirectoryName(path)!;

    public string ScriptFile => System.IO.Path.Combine(path, "task.sh");

    private string Ended => System.IO.Path.Combine(path, "ended");

    private string Cancelled => System.IO.Path.Combine(path, "cancelled");

    /// <summary>The state's folder in the folder that a command fills.</summary>
    public static SlurmFolder In(string folder) => new(System.IO.Path.Combine(folder, Name));

    /// <summary>All studies in a folder and somewhat below it, by their paths.</summary>
    public static IReadOnlyList<SlurmFolder> Find(string folder)
    {
        const int Depth = 5;
        var deep = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Depth, IgnoreInaccessible = true };
        return [.. Directory.EnumerateFiles(folder, StudyName, deep).Select(f => System.IO.Path.GetDirectoryName(f)!).Where(d => System.IO.Path.GetFileName(d) == Name).Order(StringComparer.Ordinal).Select(d => new SlurmFolder(d))];
    }

    /// <summary>The file that has what a part's tasks said.</summary>
    public string LogOf(int part) => System.IO.Path.Combine(path, "log", part.ToString(CultureInfo.InvariantCulture) + ".txt");

    /// <summary>The study; null where there is none.</summary>
    public SlurmStudy? Read()
    {
        var file = System.IO.Path.Combine(path, StudyName);
        return File.Exists(file) ? JsonFile.Read(file, SlurmStudyJson.Default.SlurmStudy, "state of a study", advice: "; remove its folder once none of its jobs is left") : null;
    }

    public void Write(SlurmStudy study) => AtomicFile.Write(System.IO.Path.Combine(path, StudyName), JsonSerializer.SerializeToUtf8Bytes(study, SlurmStudyJson.Default.SlurmStudy));

    /// <summary>Makes room for a study's tasks, or for more of them; nothing is cancelled any longer.</summary>
    /// <param name="anew">Whether what an older study has left goes.</param>
    public void Begin(bool anew)
    {
        foreach (var folder in (string[])[Ended, System.IO.Path.GetDirectoryName(LogOf(0))!])
        {
            if (anew && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }
        File.Delete(Cancelled);
        AtomicFile.Write(ScriptFile, Encoding.UTF8.GetBytes(Script));
    }

    /// <summary>How parts have ended: those that have.</summary>
    public IReadOnlyDictionary<int, TaskEnd> Ends()
    {
        var ends = new Dictionary<int, TaskEnd>();
        if (!Directory.Exists(Ended)) return ends;
        foreach (var file in Directory.EnumerateFiles(Ended))
        {
            if (!int.TryParse(System.IO.Path.GetFileName(file), CultureInfo.InvariantCulture, out var part)) continue;
            var lines = File.ReadAllText(file).Split('\n', 2);
            if (int.TryParse(lines[0], CultureInfo.InvariantCulture, out var code)) ends[part] = new TaskEnd(code, lines[1].Trim());
        }
        return ends;
    }

    /// <summary>Whether all that was given to Slurm has ended well.</summary>
    public bool IsMade(SlurmStudy study)
    {
        var ends = Ends();
        return study.Jobs.SelectMany(j => j.Parts).All(part => ends.TryGetValue(part, out var end) && end.Code == ExitCode.Success);
    }

    /// <summary>Forgets how some parts ended, before they are tried again.</summary>
    public void Forget(IEnumerable<int> parts)
    {
        foreach (var part in parts) File.Delete(System.IO.Path.Combine(Ended, part.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Whether the study was cancelled.</summary>
    public bool IsCancelled => File.Exists(Cancelled);

    /// <summary>Tells who watches that the study is cancelled.</summary>
    public SlurmStudy Cancel()
    {
        AtomicFile.Write(Cancelled, Array.Empty<byte>());
        return Read()!;
    }
}
