using System.Diagnostics;
using Croma.Monitoring;

namespace Croma.Tests.Reliability;

/// <summary>A command that is killed, run again, and compared with one that was left alone.</summary>
/// <param name="Name">The command.</param>
/// <param name="Arguments">Its line, given the name of its output.</param>
/// <param name="Steps">The folder below its own in which a file that is renamed into its place is a step of work that is kept.</param>
/// <param name="Output">The name of its output: "run", or a file.</param>
/// <param name="OfEveryStart">Steps that each start writes at its end, also where nothing was left to do.</param>
internal sealed record KillScenario(string Name, Func<string, string[]> Arguments, string Steps, string Output = "run", int OfEveryStart = 0)
{
    private SortedDictionary<string, string> _expected = [];
    private Dictionary<string, byte[]> _logs = [];
    private TimeSpan _whole, _begins;
    private int _steps;

    /// <summary>The longest time between two steps that are kept, in a run that was left alone.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>Runs it without a fault: its end, how long it takes, and when it begins to write.</summary>
    public async Task Measure(string folder)
    {
        var here = Prepare(folder);
        var clock = Stopwatch.StartNew();
        using var steps = new KeptSteps(here, IsStep);
        using var process = CliProcess.Start(here, Arguments(Output));
        while (!process.HasExited && !Begun(here)) await Task.Delay(5, TestContext.Current.CancellationToken);
        _begins = clock.Elapsed;
        var result = await process.End();
        _whole = clock.Elapsed;
        Assert.True(result.Code == 0, $"{Name}: {result.Error}");
        await Drain();
        (_steps, Interval) = (steps.Steps, steps.Longest);
        _expected = RunBytes.Of(here);
        _logs = _expected.Keys.Where(IsLog).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(here, name)));
        // a watcher whose folder has gone before it keeps its handle
        steps.Dispose();
        Directory.Delete(here, recursive: true);
    }

    /// <summary>Kills it once, runs it again to its end and compares.</summary>
    /// <param name="folder">Where its inputs are.</param>
    /// <param name="random">Draws the moment: half of them a time, half of them the n-th change of a temporary file, which is in the middle of a write.</param>
    public async Task<KillTrial> Try(string folder, Random random)
    {
        var here = Prepare(folder);
        var (inWrite, share, change) = (random.Next(2) == 0, random.NextDouble(), random.Next(1, 16));
        bool killed;
        TimeSpan lost;
        using var steps = new KeptSteps(here, IsStep);
        using (var process = CliProcess.Start(here, Arguments(Output)))
        {
            using var watcher = new FileSystemWatcher(here) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite };
            var changes = 0;
            void Count(object sender, FileSystemEventArgs change_)
            {
                if (inWrite && change_.Name!.EndsWith(".tmp", StringComparison.Ordinal) && Interlocked.Increment(ref changes) == change) process.Kill();
            }
            watcher.Created += Count;
            watcher.Changed += Count;
            watcher.EnableRaisingEvents = true;
            // most moments after the program has begun to write, some while it starts
            var moment = share < 0.1 ? _begins * (share * 10) : _begins + (_whole - _begins) * ((share - 0.1) / 0.9);
            await Task.WhenAny(process.End(), Task.Delay(inWrite ? _whole * 4 : moment, TestContext.Current.CancellationToken));
            killed = !process.HasExited;
            if (killed) process.Kill();
            killed |= (await process.End()).Code != 0;
            lost = killed && steps.Steps > 0 ? steps.Since : TimeSpan.Zero;
        }
        // what has its name is whole: a file of the end has the bytes of the end, any other is read by the run below
        var halfWritten = RunBytes.Of(here).Count(f => _expected.TryGetValue(f.Key, out var hash) && hash != f.Value && !f.Key.EndsWith("checkpoint.safetensors", StringComparison.Ordinal) && !IsBeginningOfLog(here, f.Key));
        var again = await Again(here);
        await Drain();
        var end = RunBytes.Of(here);
        var same = again == null && end.SequenceEqual(_expected);
        var litter = RunBytes.Passing(here).Count();
        var trial = new KillTrial(Name, killed, same && litter == 0, halfWritten, Math.Max(0, steps.Steps - _steps - OfEveryStart), lost, again ?? (same ? litter == 0 ? "" : $"{litter} temporary files were left" : $"the end has other bytes in {string.Join(", ", end.Except(_expected).Concat(_expected.Except(end)).Select(f => f.Key).Distinct())}"));
        // a watcher whose folder has gone before it keeps its handle
        steps.Dispose();
        Directory.Delete(here, recursive: true);
        return trial;
    }

    private static bool IsLog(string name) => Path.GetFileName(name) == ScalarLog.CsvName;

    /// <summary>A log grows row by row: at any moment it is the beginning of what it ends as.</summary>
    private bool IsBeginningOfLog(string here, string name) => IsLog(name) && _logs[name].AsSpan().StartsWith(File.ReadAllBytes(Path.Combine(here, name)));

    /// <summary>Whether it has begun to write.</summary>
    private static bool Begun(string here) => Directory.EnumerateFiles(here, "*", SearchOption.AllDirectories).Any();

    /// <summary>A folder of its own, from which the inputs are "../NAME".</summary>
    private string Prepare(string folder)
    {
        var here = Directory.CreateDirectory(Path.Combine(folder, $"{Name}-{Guid.NewGuid():N}")).FullName;
        // of a folder that is made later the first steps may be missed
        Directory.CreateDirectory(Path.Combine(here, Steps));
        return here;
    }

    /// <summary>A checkpoint, a chunk, a state, a record of a trial or a run; not what tells whose the folder is, nor what every start writes at its beginning or end.</summary>
    private bool IsStep(string file) => Path.GetDirectoryName(file) == Steps && Path.GetFileName(file) is not ['.', ..] and var name
        && (Name == "train" ? name.StartsWith("checkpoint.", StringComparison.Ordinal) : !name.StartsWith("episodes", StringComparison.Ordinal));

    /// <summary>Lets what has happened to files be told.</summary>
    private static Task Drain() => Task.Delay(100, TestContext.Current.CancellationToken);

    private async Task<string?> Again(string here)
    {
        string[] arguments = [.. Arguments(Output), "--quiet"];
        if (Name == "train" && File.Exists(Path.Combine(here, Output, "checkpoint.safetensors"))) arguments = [.. arguments, "--resume"];
        var result = await CliProcess.Run(here, arguments);
        if (result.Code == 0) return null;
        // it was killed after its last write: the file is there and whole
        return result.Error.Contains("is there already", StringComparison.Ordinal) && File.Exists(Path.Combine(here, Output)) && CleanUp(here) ? null : result.Error.TrimEnd();
    }

    private bool CleanUp(string here)
    {
        if (Directory.Exists(Path.Combine(here, Output + ".partial"))) Directory.Delete(Path.Combine(here, Output + ".partial"), recursive: true);
        return true;
    }
}

/// <summary>One kill.</summary>
/// <param name="Name">The command.</param>
/// <param name="Killed">Whether it still ran.</param>
/// <param name="Resumed">Whether it ended in the bytes of a run that was left alone.</param>
/// <param name="HalfWritten">Files of the end that were there with other bytes.</param>
/// <param name="Twice">Steps that were kept and all the same done again.</param>
/// <param name="Lost">Time from the last step that was kept to the kill; zero where there was none.</param>
/// <param name="Why">What went wrong.</param>
internal sealed record KillTrial(string Name, bool Killed, bool Resumed, int HalfWritten, int Twice, TimeSpan Lost, string Why);
