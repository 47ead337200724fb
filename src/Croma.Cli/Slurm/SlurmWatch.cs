using System.Diagnostics;
using Croma.Cli.Terminal;

namespace Croma.Cli.Slurm;

/// <summary>
/// Gives the parts of some work to Slurm, and again those that were lost, until all are made. Whether a part is made the files say that
/// it makes; Slurm says only whether it may still come.
/// </summary>
/// <param name="folder">The study's state.</param>
/// <param name="work">The work.</param>
/// <param name="study">The study.</param>
/// <param name="left">Parts that are not made yet.</param>
internal sealed class SlurmWatch(SlurmFolder folder, DividedWork work, SlurmStudy study, IReadOnlyList<int> left)
{
    /// <summary>How often a part may be lost or fail. Being stopped (time, preemption) does not count: it goes on from its checkpoint.</summary>
    internal const int MostAttempts = 5;

    private readonly HashSet<int> _left = [.. left], _given = [];
    private readonly int[] _attempts = new int[work.Count + 1];
    private SlurmStudy _study = study;
    private int _repeated;

    /// <summary>What became of a part.</summary>
    private enum Fate
    {
        Made,
        Queued,
        NotGiven,
        Stopped,
        Cancelled,
        Refused,
        Lost,
    }

    /// <summary>Returns once all parts are made: how many of them had to be given to Slurm again.</summary>
    public int Run(Action<Step> report, CancellationToken cancellation)
    {
        // what a part that failed has said before is known; it is tried again
        folder.Forget(left);
        var clock = Stopwatch.StartNew();
        var queue = SlurmPrograms.Queue(_study.Name);
        while (true)
        {
            GiveWhatIsMissing(queue);
            var running = queue.Count(j => j.IsRunning && _left.Contains(j.Part));
            report(new Step(1 - (double)_left.Count / work.Count,
                $"{work.Count - _left.Count} of {work.Count} parts made, {running} running, {_left.Count - running} waiting{(_repeated == 0 ? "" : $", {_repeated} given again")}"));
            if (_left.Count == 0) return _repeated;
            // a short study is looked at often, a long one seldom: Slurm has others to serve
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Clamp(clock.Elapsed.TotalSeconds / 30, 1, 30)));
            cancellation.ThrowIfCancellationRequested();
            try
            {
                queue = SlurmPrograms.Queue(_study.Name);
            }
            catch (SlurmException)
            {
                // it is restarted or overloaded; its jobs go on
            }
        }
    }

    private void GiveWhatIsMissing(IReadOnlyList<QueuedJob> queue)
    {
        if (folder.IsCancelled) throw Cancelled();
        var (active, ends, missing) = (queue.Where(j => j.IsActive).Select(j => j.Part).ToHashSet(), folder.Ends(), new List<int>());
        foreach (var part in _left.Order().ToList())
        {
            var end = ends.GetValueOrDefault(part);
            var fate = active.Contains(part) ? Fate.Queued
                : work.IsDone(part) ? Fate.Made
                : !_given.Contains(part) ? Fate.NotGiven
                : IsItsTurn(part) && queue.Any(j => j.Part == part && j.IsCancelled && j.Id == _study.JobOf(part)) ? Fate.Cancelled
                : end?.Code switch { ExitCode.BadInput => Fate.Refused, ExitCode.Interrupted => Fate.Stopped, _ => Fate.Lost };
            if (fate == Fate.Queued) _given.Add(part);
            else if (fate == Fate.Made) _left.Remove(part);
            else if (fate == Fate.Cancelled) throw Cancelled();
            else if (fate == Fate.Refused) throw new CromaException($"{Said(end)} (part {part} of {work.Count}, made by Slurm; what it said is in '{folder.LogOf(part)}')");
            else missing.Add(part);

            if (fate is not (Fate.Stopped or Fate.Lost)) continue;
            _repeated++;
            // what has waited in vain for earlier parts was not tried
            if (fate == Fate.Lost && IsItsTurn(part) && ++_attempts[part] == MostAttempts)
                throw new CromaException($"Part {part} of {work.Count} was lost {MostAttempts} times{(end == null ? "" : $", at last with exit code {end.Code}: {Said(end)}")}. What it said is in '{folder.LogOf(part)}'; the same command tries again.");
        }
        Give(missing);
    }

    private void Give(IReadOnlyList<int> parts)
    {
        folder.Forget(parts);
        foreach (var some in parts.GroupBy(p => (Stage: work.StageOf(p), Delay: DelayOf(p))).OrderBy(g => g.Key.Stage))
        {
            string[] before = [.. _left.Where(p => work.StageOf(p) == some.Key.Stage - 1).Select(_study.JobOf).OfType<string>().Distinct()];
            var job = new SlurmJob(SlurmPrograms.Submit(folder, _study, [.. some], before, some.Key.Delay), [.. some]);
            _study = _study with { Jobs = [.. _study.Jobs, job] };
            folder.Write(_study);
            _given.UnionWith(some);
        }
    }

    /// <summary>Once at once, then later and later: what it was lost by may last.</summary>
    private TimeSpan DelayOf(int part) => TimeSpan.FromMinutes(Math.Max(0, _attempts[part] - 1));

    private bool IsItsTurn(int part) => !_left.Any(p => work.StageOf(p) < work.StageOf(part));

    private static string Said(TaskEnd? end) => end!.Line.StartsWith("croma: ", StringComparison.Ordinal) ? end.Line["croma: ".Length..] : end.Line;

    private static InterruptedException Cancelled() =>
        new("its jobs were cancelled; what is done is kept, and the same command goes on from there, with either executor.", new OperationCanceledException());
}
