using System.Diagnostics;

namespace Croma.Tests.Reliability;

/// <summary>Counts the steps of a run that are kept: files of some folders that were renamed into their place.</summary>
internal sealed class KeptSteps : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly Func<string, bool> _counts;
    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <param name="folder">Where it works; folders that are not there yet are not looked at.</param>
    /// <param name="counts">Whether a file of a path below it is a step.</param>
    public KeptSteps(string folder, Func<string, bool> counts)
    {
        _counts = counts;
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        _watcher.Renamed += Add;
        _watcher.EnableRaisingEvents = true;
    }

    public int Steps { get; private set; }

    /// <summary>The longest time from one to the next.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Time since the last one.</summary>
    public TimeSpan Since => Stopwatch.GetElapsedTime(_last);

    public void Dispose() => _watcher.Dispose();

    private void Add(object sender, RenamedEventArgs change)
    {
        if (!change.OldName!.EndsWith(".tmp", StringComparison.Ordinal) || !_counts(change.Name!)) return;
        lock (_lock)
        {
            Steps++;
            if (Steps > 1 && Since > Longest) Longest = Since;
            _last = Stopwatch.GetTimestamp();
        }
    }
}
