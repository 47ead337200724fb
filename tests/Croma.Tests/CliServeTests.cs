using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Croma.Tests.Server;

namespace Croma.Tests;

/// <summary>croma serve, end to end.</summary>
public sealed partial class CliServeTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_where_it_listens_answers_and_ends_well_when_it_is_asked_to()
    {
        using var process = CliProcess.Start(_folder.Path, "serve", "--model", models.Features, "--urls", "http://127.0.0.1:0", "--json", "-");
        await process.FirstError;
        process.Signal("TERM");
        var result = await process.End();
        Assert.Equal(0, result.Code);
        Assert.Matches(Listening(), result.Error);
        Assert.Equal("features", result.Json.GetProperty("models")[0].GetString());
        Assert.DoesNotContain("token", result.Error, StringComparison.Ordinal);
        // it lay there, and nothing was left in it
        Assert.False(Directory.Exists(_folder["runs/serve"]));
    }

    [Fact]
    public async Task The_program_describes_its_api_as_the_library_does()
    {
        using var process = CliProcess.Start(_folder.Path, "serve", "--model", models.Features, "--urls", "http://127.0.0.1:0");
        var address = Address().Match(await process.FirstError).Value;
        using var client = new HttpClient();
        var program = await client.GetStringAsync($"{address}/openapi/v1.json", TestContext.Current.CancellationToken);
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var library = await client.GetStringAsync($"{server.Url}openapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal(Paths(library), Paths(program));
        process.Signal("TERM");
        Assert.Equal(0, (await process.End()).Code);

        static string Paths(string description) => JsonDocument.Parse(description).RootElement.GetProperty("paths").GetRawText();
    }

    [Fact]
    public async Task Beyond_this_machine_it_shows_its_token_once()
    {
        using var process = CliProcess.Start(_folder.Path, "serve", "--model", models.Features, "--urls", "http://0.0.0.0:0");
        await process.FirstError;
        process.Signal("INT");
        var result = await process.End();
        Assert.Equal((0, ""), (result.Code, result.Out));
        Assert.Matches(Token(), result.Error);
    }

    [Fact]
    public async Task What_cannot_be_served_gets_one_line()
    {
        await Fails("holds no model", "serve", "--model", "nothing");
        await Fails("is no address", "serve", "--model", models.Features, "--urls", "5080");
        await Fails("from 1 to 1000000", "serve", "--model", models.Features, "--requests-per-second", "0");
        await Fails("needs an address", "serve", "--model", models.Features, "--urls", ";");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await Fails("cannot listen", "serve", "--model", models.Features, "--urls", $"http://{taken.LocalEndpoint}");
    }

    private async Task Fails(string words, params string[] arguments) => Assert.Contains(words, (await CliProcess.Run(_folder.Path, arguments)).RequireOneLineOfError(), StringComparison.Ordinal);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^serving features, 0 classifiers in runs/serve, on http://127\.0\.0\.1:[1-9]\d*\nstopping")]
    private static partial Regex Listening();

    [GeneratedRegex(@"token \(shown once\): ([\w-]{43})\nopen the page as http://\S+:\d+/#token=\1\n")]
    private static partial Regex Token();
}
