namespace Croma.Evaluation;

/// <summary>A run of a study: a training and what is scored on it. It leaves files; where these are it is done.</summary>
/// <param name="Name">What it is, in progress and messages, such as "croma, repeat 1".</param>
/// <param name="Training">The training that it makes or takes: runs of one training are not made side by side.</param>
/// <param name="IsDone">Whether its files are there.</param>
/// <param name="Do">Makes those that are not.</param>
internal sealed record StudyRun(string Name, string Training, Func<bool> IsDone, Action<RunTools> Do)
{
    /// <summary>1 for a run that takes what several runs of stage 0 have trained: these come first.</summary>
    public int Stage { get; init; }
}

/// <summary>What a run works with.</summary>
/// <param name="Report">Told the finished share, 0 ... 1.</param>
/// <param name="Idle">Threads that have no run of their own.</param>
/// <param name="Cancellation">Stops it; what is done is kept.</param>
internal sealed record RunTools(Action<double> Report, IdleThreads Idle, CancellationToken Cancellation);

/// <summary>Threads that have no run of their own and may help in those of others.</summary>
internal sealed class IdleThreads(int count)
{
    private int _count = count;

    /// <summary>Does some work with all threads that are idle now; they are idle again after it.</summary>
    public T Borrow<T>(Func<int, T> work)
    {
        var helpers = Interlocked.Exchange(ref _count, 0);
        try
        {
            return work(helpers);
        }
        finally
        {
            Interlocked.Add(ref _count, helpers);
        }
    }

    /// <summary>A thread's part in the runs; once there is none left for it, it is idle.</summary>
    public IDisposable Seat() => new Worker(this);

    private sealed class Worker(IdleThreads all) : IDisposable
    {
        public void Dispose() => Interlocked.Increment(ref all._count);
    }
}
