namespace Croma.Evaluation;

/// <summary>Numbered jobs on several threads, taken in order.</summary>
internal static class Workers
{
    /// <summary>Does all jobs, which need no state of their thread.</summary>
    public static void Run(int jobs, int threads, Action<int> work, CancellationToken cancellation) =>
        Run(jobs, threads, () => new Nothing(), (job, _) => work(job), cancellation);

    /// <summary>
    /// Does all jobs; each thread has a state of its own, made at its first job and disposed after its last. (With its
    /// local state, <see cref="Parallel"/> makes a new one whenever it renews a thread's turn.)
    /// </summary>
    public static void Run<TState>(int jobs, int threads, Func<TState> create, Action<int, TState> work, CancellationToken cancellation)
        where TState : IDisposable
    {
        var next = -1;
        Parallel.For(0, Math.Min(jobs, threads), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, (_, loop) =>
        {
            var job = Interlocked.Increment(ref next);
            if (job >= jobs) return;
            using var state = create();
            for (; job < jobs && !loop.ShouldExitCurrentIteration; job = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                work(job, state);
            }
        });
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose() { }
    }
}
