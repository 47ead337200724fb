using System.Text;
using Croma.Server.Monitoring;

namespace Croma.Server.Api;

/// <summary>How the server is.</summary>
/// <param name="api">What handlers work with.</param>
/// <param name="isStopping">Whether it is being stopped.</param>
internal sealed class StateRoutes(ApiContext api, Func<bool> isStopping)
{
    /// <summary>It lives.</summary>
    public static Task HealthAsync(HttpContext context) => Respond.JsonAsync(context, new StatusAnswer("healthy"), ServerJson.Api.StatusAnswer);

    /// <summary>It takes work: models and classifiers are loaded (it listens no sooner), and it is not being stopped.</summary>
    public Task ReadyAsync(HttpContext context) => isStopping()
        ? throw new RequestProblem(StatusCodes.Status503ServiceUnavailable, "The server is being stopped.")
        : Respond.JsonAsync(context, new StatusAnswer("ready"), ServerJson.Api.StatusAnswer);

    public Task MetricsAsync(HttpContext context) => Respond.BytesAsync(context, Encoding.UTF8.GetBytes(api.Prometheus.Collect()), PrometheusText.ContentType);
}
