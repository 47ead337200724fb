using System.Net;
using System.Threading.RateLimiting;
using Croma.Server.Api;

namespace Croma.Server.Access;

/// <summary>How often a client may ask, and how many requests are worked at at the same time.</summary>
internal sealed class RateLimits : IAsyncDisposable
{
    private const int RetryAfter = 1, NetworkBytes = 8;
    private static readonly TimeSpan s_refill = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<HttpContext> _clients;
    private readonly ConcurrencyLimiter _all;

    public RateLimits(ServerLimits limits)
    {
        _clients = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => RateLimitPartition.GetTokenBucketLimiter(ClientOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * limits.RequestsPerSecond, TokensPerPeriod = Math.Max(1, (int)(limits.RequestsPerSecond * s_refill.TotalSeconds)),
            ReplenishmentPeriod = limits.RequestsPerSecond * s_refill.TotalSeconds >= 1 ? s_refill : TimeSpan.FromSeconds(1.0 / limits.RequestsPerSecond), QueueLimit = 0,
        }));
        _all = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limits.Requests, QueueLimit = 0 });
    }

    /// <summary>Takes a place, which is given back when the request ends.</summary>
    /// <exception cref="RequestProblem">429.</exception>
    public RateLimitLease Enter(HttpContext context)
    {
        using var asked = _clients.AttemptAcquire(context);
        if (!asked.IsAcquired) throw RequestProblem.Busy($"These are more requests a second than one client may make: ask again in {RetryAfter} s, or send several samples in a request.", RetryAfter);
        var place = _all.AttemptAcquire();
        if (place.IsAcquired) return place;
        place.Dispose();
        throw RequestProblem.Busy($"There are as many requests as this server works at at the same time: ask again in {RetryAfter} s.", RetryAfter);
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync().ConfigureAwait(false);
        await _all.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The client's address; of version 6 its network, which one client has whole.</summary>
    private static IPAddress ClientOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
