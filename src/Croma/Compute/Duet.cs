namespace Croma.Compute;

/// <summary>
/// Runs two pieces of independent work side by side on two threads, or one after the other on one; the results are the
/// same bits either way. The second thread waits by spinning briefly, then parks.
/// </summary>
public sealed class Duet : IDisposable
{
    private readonly Thread? _thread;
    private readonly ManualResetEventSlim _start = new(false, 200), _done = new(false, 200);
    private volatile Action? _work;
    private Exception? _failure;
    private volatile bool _stop;
    private bool _secondFirst;

    /// <param name="threads">1: one after the other; 2 or more: side by side.</param>
    public Duet(int threads)
    {
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

    public void Dispose()
    {
        _stop = true;
        _start.Set();
        _thread?.Join();
        _start.Dispose();
        _done.Dispose();
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
