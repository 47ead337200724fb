namespace Croma.Evaluation;

/// <summary>Makes the runs of one study, or of several that share trainings: all of them, or a part of them beside other machines that make theirs.</summary>
internal static class StudyRuns
{
    /// <summary>Runs of one training together, in the order of their first ones: what one thread makes, one after the other.</summary>
    public static IReadOnlyList<StudyRun[]> ByTraining(IEnumerable<StudyRun> runs) => [.. runs.GroupBy(r => (r.Stage, r.Training)).OrderBy(g => g.Key.Stage).Select(g => g.ToArray())];

    /// <summary>The part that is left to one of several processes: none of their trainings is in two parts.</summary>
    /// <param name="groups">All runs, by their trainings.</param>
    /// <param name="number">Which part, from 1.</param>
    /// <param name="count">How many there are.</param>
    public static IReadOnlyList<StudyRun[]> Part(IReadOnlyList<StudyRun[]> groups, int number, int count) => [.. groups.Where((_, i) => i % count == number - 1)];

    /// <summary>Makes what is not there yet.</summary>
    public static void Run(IReadOnlyList<StudyRun[]> groups, int threads, IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (shares, done, total) = (groups.Select(g => new double[g.Length]).ToArray(), 0, groups.Sum(g => g.Length));
        foreach (var stage in groups.Index().GroupBy(g => g.Item[0].Stage, g => g.Index).Select(g => g.ToArray()))
        {
            var idle = new IdleThreads(Math.Max(0, threads - stage.Length));
            Workers.Run(stage.Length, threads, idle.Seat, (place, _) => Make(stage[place], idle), cancellation);
        }

        void Make(int group, IdleThreads idle)
        {
            foreach (var (i, run) in groups[group].Index())
            {
                run.Do(new RunTools(share => Report(group, i, share, ends: false), idle, cancellation));
                Report(group, i, 1, ends: true);
            }
        }

        void Report(int group, int run, double share, bool ends)
        {
            lock (shares)
            {
                shares[group][run] = share;
                if (ends) done++;
                progress?.Report(new ComparisonProgress(shares.Sum(s => s.Sum()) / total, done, total, groups[group][run].Name));
            }
        }
    }
}
