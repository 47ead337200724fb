using Croma.Server.Api;

namespace Croma.Server.Input;

/// <summary>A large body's turn: few are in memory at the same time, and none for longer than it may take.</summary>
internal sealed class Upload : IDisposable
{
    private const int RetryAfter = 2;

    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationToken _left;
    private readonly TimeSpan _time;

    private Upload(SemaphoreSlim places, TimeSpan time, CancellationToken left)
    {
        (_places, _time, _left) = (places, time, left);
        _limit = CancellationTokenSource.CreateLinkedTokenSource(left);
        _limit.CancelAfter(time);
    }

    /// <summary>Stops the reading.</summary>
    public CancellationToken Token => _limit.Token;

    /// <summary>Takes a place.</summary>
    /// <exception cref="RequestProblem">413: the body says that it is too long; 429: no place is free.</exception>
    public static Upload Begin(SemaphoreSlim places, ServerLimits limits, HttpContext context)
    {
        if (context.Request.ContentLength > limits.BodyBytes) throw RequestProblem.TooLarge($"The body has {context.Request.ContentLength} bytes; at most {limits.BodyBytes} are taken.");
        if (!places.Wait(0)) throw RequestProblem.Busy($"There are as many large requests as this server reads at the same time: ask again in {RetryAfter} s.", RetryAfter);
        return new Upload(places, limits.Body, context.RequestAborted);
    }

    /// <summary>Waits for the reading.</summary>
    public async Task<T> Within<T>(Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_limit.IsCancellationRequested && !_left.IsCancellationRequested)
        {
            throw new RequestProblem(StatusCodes.Status408RequestTimeout, $"The body did not come within {_time.TotalSeconds:0} s.");
        }
    }

    public void Dispose()
    {
        _limit.Dispose();
        _places.Release();
    }
}
