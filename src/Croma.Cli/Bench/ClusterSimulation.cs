namespace Croma.Cli.Bench;

/// <summary>
/// Simulates a study on a cluster, event by event: tasks start in their order, each on a core of its own and not faster than the
/// scheduler can; what they want of the shared folder waits until the folder has served who came before. Nothing is random.
/// </summary>
internal static class ClusterSimulation
{
    public static SimulatedRun Run(IReadOnlyList<TaskKind> kinds, Cluster cluster)
    {
        var waiting = new Queue<Work>(InOrder(kinds, cluster.Cores));
        var (tasks, free, now, nextStart, folderFree, folderBusy, computing) = (waiting.Count, cluster.Cores, 0.0, 0.0, 0.0, 0.0, 0.0);
        // of events at the same time the earlier noted is the first
        var (events, noted) = (new PriorityQueue<Work, (double Time, long Number)>(), 0L);
        Start();
        while (events.TryDequeue(out var work, out var at))
        {
            now = at.Time;
            if (work.IsComputed)
            {
                // it wants the folder, and goes on once it has been served
                var (files, megabytes) = work.RoundsDone < 0 ? (1, work.Kind.StartMegabytes) : (work.Kind.RoundFiles, work.Kind.RoundMegabytes);
                var service = files * cluster.SecondsPerFile + megabytes / cluster.MegabytesPerSecond;
                folderFree = Math.Max(folderFree, now) + service;
                folderBusy += service;
                work.IsComputed = false;
                work.RoundsDone++;
                Note(work, folderFree);
            }
            else if (work.RoundsDone < work.Rounds)
            {
                work.IsComputed = true;
                Compute(work, work.RoundsDone < 0 ? work.Kind.StartSeconds : work.Kind.Seconds / work.Kind.Rounds);
            }
            else
            {
                free++;
                Start();
            }
        }
        return new SimulatedRun(now, tasks, now > 0 ? computing / (now * cluster.Cores) : 0, now > 0 ? folderBusy / now : 0);

        void Start()
        {
            for (; free > 0 && waiting.TryDequeue(out var work); free--)
            {
                nextStart = Math.Max(nextStart, now);
                Note(work, nextStart);
                nextStart += 1 / cluster.StartsPerSecond;
            }
        }

        void Compute(Work work, double seconds)
        {
            computing += seconds;
            Note(work, now + seconds);
        }

        void Note(Work work, double time) => events.Enqueue(work, (time, noted++));
    }

    /// <summary>What most holds a study up, where twice the cores, a folder or a scheduler that takes no time would shorten it most; "longest task" where none does by a twentieth.</summary>
    public static string Limit(IReadOnlyList<TaskKind> kinds, Cluster cluster)
    {
        const double Helps = 0.95;
        var best = ((string Name, Cluster Without)[])
        [
            ("cores", cluster with { Cores = 2 * cluster.Cores }),
            ("shared folder", cluster with { MegabytesPerSecond = double.PositiveInfinity, SecondsPerFile = 0 }),
            ("scheduler", cluster with { StartsPerSecond = double.PositiveInfinity }),
        ];
        var (name, seconds) = best.Select(b => (b.Name, Run(kinds, b.Without).Seconds)).MinBy(b => b.Seconds);
        return seconds < Helps * Run(kinds, cluster).Seconds ? name : "longest task";
    }

    /// <summary>As a study lists its work: a repeat of each kind, the long ones first, then the next.</summary>
    private static IEnumerable<Work> InOrder(IReadOnlyList<TaskKind> kinds, int cores)
    {
        var longFirst = kinds.OrderByDescending(k => k.Seconds).ToList();
        for (var repeat = 0; repeat < kinds.Max(k => k.Count); repeat++)
            foreach (var kind in longFirst.Where(k => k.Count > repeat))
            {
                var parts = kind.IsDivided ? Math.Min(cores, kind.Rounds) : 1;
                for (var part = 0; part < parts; part++) yield return new Work(kind, kind.Rounds / parts + (part < kind.Rounds % parts ? 1 : 0));
            }
    }

    /// <summary>A task on its way.</summary>
    private sealed class Work(TaskKind kind, int rounds)
    {
        public TaskKind Kind => kind;

        public int Rounds => rounds;

        /// <summary>-1 while it starts.</summary>
        public int RoundsDone { get; set; } = -1;

        /// <summary>Whether it has computed and not yet read or written what belongs to that.</summary>
        public bool IsComputed { get; set; }
    }
}
