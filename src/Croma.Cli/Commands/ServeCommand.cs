using System.CommandLine;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Croma.Cli.Commands;

/// <summary>What `croma serve --json` writes when it ends.</summary>
internal sealed record ServeResult(string Version, IReadOnlyList<string> Urls, IReadOnlyList<string> Models);

/// <summary>croma serve.</summary>
internal sealed class ServeCommand : CromaCommand
{
    private static readonly ServerLimits s_limits = new();

    private readonly Option<string[]> _model = new("--model") { Description = "A trained model's folder; several may be given.", HelpName = "DIR", Required = true };
    private readonly Option<string> _urls = new("--urls") { Description = "Where to listen, separated by semicolons; port 0 takes a free one. Beyond this machine (http://0.0.0.0:5080) a token is needed.", HelpName = "LIST", DefaultValueFactory = _ => new ServerOptions { Models = [] }.Urls[0] };
    private readonly Option<string> _state = new("--state") { Description = "Where classifiers and their samples are kept.", HelpName = "DIR", DefaultValueFactory = _ => new ServerOptions { Models = [] }.State };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "A file with the token that requests must have; by default none on this machine, and one that is drawn and shown once beyond it.", HelpName = "FILE" };
    private readonly Option<string[]> _retrieveIn = new("--retrieve-in") { Description = "What to retrieve from: an index, a data set, or a folder of files; several may be given, one a model.", HelpName = "DIR|INDEX" };

    private readonly Option<int> _requests = new("--requests-per-second")
    {
        Description = "Requests a second that one client may make.", HelpName = "N", DefaultValueFactory = _ => s_limits.RequestsPerSecond, CustomParser = result => CommonOptions.Whole(result, 1, 1_000_000),
    };

    public ServeCommand(CommonOptions common) : base("serve", "Serves trained models to people and programs: a page to teach them new concepts by example, and an HTTP API.", common)
    {
        foreach (var option in new Option[] { _model, _urls, _state, _tokenFile, _retrieveIn, _requests }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var options = new ServerOptions
        {
            Models = parsed.GetValue(_model)!,
            Urls = parsed.GetValue(_urls)!.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            State = parsed.GetValue(_state)!,
            TokenFile = parsed.GetValue(_tokenFile),
            RetrieveIn = parsed.GetValue(_retrieveIn) ?? [],
            Limits = s_limits with { RequestsPerSecond = parsed.GetValue(_requests) },
            Threads = context.Threads,
            Logger = new ServerLog(),
        };
        var result = ServeAsync(options, context.Cancellation).GetAwaiter().GetResult();
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.ServeResult), "");
        return ExitCode.Success;
    }

    private static async Task<ServeResult> ServeAsync(ServerOptions options, CancellationToken cancellation)
    {
        var server = await CromaServer.StartAsync(options, cancellation).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            Output.Say($"serving {string.Join(", ", server.ModelIds)}, {server.ClassifierCount} classifiers in {options.State}, on {string.Join(", ", server.Urls)}");
            if (server.DrawnToken is { } token) Output.Say($"token (shown once): {token}\nopen the page as {server.Urls[0]}/#token={token}");
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            Output.Say("stopping: finishing what was begun");
            return new ServeResult(CromaVersion.Text, server.Urls, server.ModelIds);
        }
    }
}

/// <summary>What the server has to tell whoever runs it: a line on standard error.</summary>
internal sealed class ServerLog : ILoggerProvider, ILogger
{
    // what cannot be started is said once, by the command
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    public ILogger CreateLogger(string categoryName) => categoryName == Host ? NullLogger.Instance : this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Output.Say(Failure.OneLine($"{formatter(state, exception)}{(exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}")}"));
    }

    public void Dispose() { }
}
