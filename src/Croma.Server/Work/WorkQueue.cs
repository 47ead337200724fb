using System.Threading.Channels;
using Croma.Server.Api;

namespace Croma.Server.Work;

/// <summary>
/// Work for threads of its own, away from those that answer requests. So many pieces may wait; one more is refused with 429, so that
/// a server with too much to do says so at once. A piece whose client has left is not begun, and stopped where it can be.
/// </summary>
internal sealed class WorkQueue : IAsyncDisposable
{
    private readonly Channel<Action> _waiting;
    private readonly Task[] _workers;
    private readonly string _what;
    private readonly int _retryAfter;

    /// <param name="what">What messages call the work, in the plural.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="waiting">Pieces that may wait.</param>
    /// <param name="retryAfter">Seconds after which a refused client may ask again.</param>
    public WorkQueue(string what, int workers, int waiting, int retryAfter)
    {
        (_what, _retryAfter) = (what, retryAfter);
        _waiting = Channel.CreateBounded<Action>(waiting);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    /// <summary>Pieces that wait.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Has a piece of work done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">The client's leaving.</param>
    /// <exception cref="RequestProblem">429: there is no room.</exception>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.Writer.TryWrite(Run)) throw RequestProblem.Busy($"There are as many {_what} waiting as this server takes: ask again in {_retryAfter} s.", _retryAfter);
        return done.Task;

        void Run()
        {
            if (cancellation.IsCancellationRequested)
            {
                done.SetCanceled(cancellation);
                return;
            }
            try
            {
                done.SetResult(work(cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                done.SetCanceled(cancellation);
            }
#pragma warning disable CA1031 // whatever it is, it goes to whoever waits for the result
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        }
    }

    /// <summary>Finishes what was taken.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
    }

    private void Work()
    {
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_waiting.Reader.TryRead(out var work)) work();
    }
}
