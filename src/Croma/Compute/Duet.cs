namespace Croma.Compute;

/// <summary>Work that up to two threads can share.</summary>
internal interface ISplit
{
    /// <summary>Does part 0 or 1 of two, or all of it as part 0 of one.</summary>
    void Run(int part, int parts);
}

/// <summary>
/// Runs two pieces of independent work side by side on two threads, or one after the other on one; the results are the
/// same bits either way. The second thread waits by spinning briefly, then parks.
/// </summary>
public sealed class Duet : IDisposable
{
    /// <summary>Numbers in a line of the cache, so that two counters do not share one.</summary>
    private const int CacheLine = 16;

    /// <summary>Rounds of waiting before the processor is offered to others.</summary>
    private const int Spins = 2000;

    private readonly Thread? _thread;
    private readonly ManualResetEventSlim _start = new(false, Spins), _done = new(false, Spins);
    private volatile Action? _work;
    private Exception? _failure;
    private volatile bool _stop;
    private readonly Action _firstPart, _secondPart;
    private readonly long[] _arrivals = new long[2 * CacheLine];
    private ISplit? _split;
    private volatile bool _partFailed;
    private bool _secondFirst;

    /// <param name="threads">1: one after the other; 2 or more: side by side.</param>
    public Duet(int threads)
    {
        _firstPart = () => RunPart(0);
        _secondPart = () => RunPart(1);
        if (threads < 2) return;
        _thread = new Thread(Serve) { IsBackground = true, Name = "croma-duet" };
        _thread.Start();
    }

    /// <summary>
    /// Runs both and returns when both are done; what the second throws is thrown here. On one thread the order alternates
    /// from call to call: of two networks, what was used last is still in the cache.
    /// </summary>
    public void Run(Action first, Action second)
    {
        if (_thread == null)
        {
            (_secondFirst ? second : first)();
            (_secondFirst ? first : second)();
            _secondFirst = !_secondFirst;
            return;
        }
        _work = second;
        _failure = null;
        _done.Reset();
        _start.Set();
        try
        {
            first();
        }
        finally
        {
            _done.Wait();
        }
        if (Interlocked.Exchange(ref _failure, null) is { } failure) throw new AggregateException(failure);
    }

    /// <summary>Does work in two halves side by side, or whole.</summary>
    internal void Split(ISplit work)
    {
        if (_thread == null)
        {
            work.Run(0, 1);
            return;
        }
        _split = work;
        (_arrivals[0], _arrivals[CacheLine], _partFailed) = (0, 0, false);
        Run(_firstPart, _secondPart);
    }

    /// <summary>
    /// Within a split: waits until the other half has come to its next meeting too. About a microsecond where both have
    /// a processor of their own.
    /// </summary>
    internal void Meet(int part)
    {
        var (mine, other) = (part * CacheLine, (1 - part) * CacheLine);
        var meeting = _arrivals[mine] + 1;
        Volatile.Write(ref _arrivals[mine], meeting);
        var spinner = default(SpinWait);
        for (var spins = 0; Volatile.Read(ref _arrivals[other]) < meeting; spins++)
        {
            if (_partFailed) throw new InvalidOperationException("The other half of this work has failed.");
            if (spins < Spins) Thread.SpinWait(1);
            else spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Dispose()
    {
        _stop = true;
        _start.Set();
        _thread?.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void RunPart(int part)
    {
        try
        {
            _split!.Run(part, 2);
        }
        catch
        {
            _partFailed = true;
            throw;
        }
    }

    private void Serve()
    {
        while (true)
        {
            _start.Wait();
            _start.Reset();
            if (_stop) return;
            try
            {
                _work!();
            }
#pragma warning disable CA1031 // whatever it is, it belongs to the caller of Run
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = failure;
            }
            _done.Set();
        }
    }
}
