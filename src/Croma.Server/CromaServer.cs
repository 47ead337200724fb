using Croma.Server.Access;
using Croma.Server.Api;
using Croma.Server.Classifiers;
using Croma.Server.Input;
using Croma.Server.Models;
using Croma.Server.Monitoring;
using Croma.Server.Work;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Croma.Server;

/// <summary>The server, from its start until it is disposed: the API and the page of docs/server.md.</summary>
public sealed partial class CromaServer : IAsyncDisposable
{
    private const int MostHeaderBytes = 16 << 10, MostConnections = 1024, SecondsOfChanges = 5, SecondsOfWork = 1;

    private readonly List<object> _owned = [];
    private readonly WebApplication _app;
    private volatile bool _isStopping;

    private CromaServer(ServerOptions options, CancellationToken cancellation)
    {
        var addresses = options.Urls.Select(ListenAddress.Parse).ToList();
        if (addresses.Count == 0) throw new CromaException("The server needs an address to listen on, such as http://127.0.0.1:5080.");
        AccessToken? token = null;
        if (options.TokenFile is { } file) token = AccessToken.Read(file);
        else if (!addresses.TrueForAll(a => a.IsLoopback)) (token, DrawnToken) = AccessToken.Draw();
        NeedsToken = token is not null;
        _app = Build(options, [.. addresses.Select(a => a.Url)], NeedsToken, out var prometheus);
        var logger = _app.Services.GetRequiredService<ILogger<CromaServer>>();
        var limits = options.Limits;
        // in the order of their making; they end in the other order
        var models = Own(ServedModels.Load(options, cancellation));
        var store = Own(new ClassifierStore(options.State));
        var changes = Own(new WorkQueue("changes of classifiers", 1, limits.WaitingChanges, SecondsOfChanges));
        var work = Own(new WorkQueue("pieces of work", options.Threads, limits.WaitingWork, SecondsOfWork));
        var metrics = Own(new ServerMetrics());
        var rates = Own(new RateLimits(limits));
        var classifiers = new ClassifierRegistry(store, models, changes, limits, options.Threads, message => Damaged(logger, message));
        metrics.Watch(() => classifiers.Count, () => changes.Waiting, () => work.Waiting);
        var api = new ApiContext(limits, options.Threads, models, classifiers, new SampleDecoder(limits, work, store.NewIncomingFolder), Own(new RequestBody(limits)), work, metrics, prometheus);
        (ModelIds, ClassifierCount) = ([.. models.All.Select(m => m.Id)], classifiers.Count);

        var (failures, guard) = (new FailureMiddleware(metrics, _app.Services.GetRequiredService<ILogger<FailureMiddleware>>()), new AccessGuard(token));
        _app.Use(next => context => failures.InvokeAsync(context, next));
        _app.Use(next => async context =>
        {
            var headers = context.Response.Headers;
            (headers.XContentTypeOptions, headers["Referrer-Policy"], headers["Cross-Origin-Resource-Policy"]) = ("nosniff", "no-referrer", "same-origin");
            using var place = rates.Enter(context);
            guard.Check(context);
            await next(context).ConfigureAwait(false);
        });
        _app.UseRouting();
        ApiRoutes.Map(_app, api, () => _isStopping);
        PageRoutes.Map(_app);
        _app.MapOpenApi();
    }

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    /// <summary>Whether requests need a token.</summary>
    public bool NeedsToken { get; }

    /// <summary>The token that was drawn, to be shown once; null where none is needed or a file has it.</summary>
    public string? DrawnToken { get; }

    /// <summary>The models' ids.</summary>
    public IReadOnlyList<string> ModelIds { get; }

    /// <summary>Classifiers that were there when it started.</summary>
    public int ClassifierCount { get; }

    /// <summary>Loads models and classifiers, and begins to listen.</summary>
    /// <param name="options">What is served, where, and to whom.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <exception cref="CromaException">A model, the folder of the classifiers, the token or an address cannot be used.</exception>
    public static async Task<CromaServer> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        CromaServer? server = null;
        try
        {
            server = new CromaServer(options, cancellation);
            await server._app.StartAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch (IOException e) when (server is not null)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new CromaException($"The server cannot listen on {string.Join(", ", options.Urls)}: {e.Message}", e);
        }
        catch
        {
            if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no new requests, answers those that it has, within the time of <see cref="ServerLimits.Shutdown"/>, and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopping) return;
        _isStopping = true;
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            if (_owned[i] is IAsyncDisposable slow) await slow.DisposeAsync().ConfigureAwait(false);
            else ((IDisposable)_owned[i]).Dispose();
        }
    }

    private T Own<T>(T part) where T : class
    {
        _owned.Add(part);
        return part;
    }

    private static WebApplication Build(ServerOptions options, string[] urls, bool needsToken, out PrometheusText prometheus)
    {
        var limits = options.Limits;
        // nothing is read from the environment or from files beside the program
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(CromaServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var of = kestrel.Limits;
            of.MaxRequestBodySize = limits.BodyBytes;
            of.RequestHeadersTimeout = limits.Headers;
            of.MinRequestBodyDataRate = new MinDataRate(limits.BodyBytesPerSecond, limits.Patience);
            of.MaxRequestHeadersTotalSize = MostHeaderBytes;
            of.MaxConcurrentConnections = MostConnections;
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default);
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi(description => OpenApiDescription.Complete(description, needsToken));
        var text = prometheus = new PrometheusText();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ServerMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddReader(text.Reader));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.Shutdown);
        // signals are the caller's business
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (options.Logger is { } logger) builder.Logging.AddProvider(logger);
        var app = builder.Build();
        foreach (var url in urls) app.Urls.Add(url);
        return app;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A classifier is left out: {Reason}")]
    private static partial void Damaged(ILogger logger, string reason);

    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
