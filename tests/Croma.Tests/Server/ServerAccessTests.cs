using Croma.Server;
using Croma.Server.Access;

namespace Croma.Tests.Server;

/// <summary>Who may ask.</summary>
public sealed class ServerAccessTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://127.8.9.1:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://192.168.1.4:5080", false)]
    [InlineData("http://localhost.example:5080", false)]
    public void Only_loopback_addresses_are_this_machine_s(string url, bool isLoopback) => Assert.Equal(isLoopback, ListenAddress.Parse(url).IsLoopback);

    [Theory]
    [InlineData("https://127.0.0.1:5080", "proxy")]
    [InlineData("127.0.0.1:5080", "is no address")]
    [InlineData("http://127.0.0.1:99999", "is no address")]
    [InlineData("http://127.0.0.1:5080/croma", "is no address")]
    [InlineData("ftp://127.0.0.1:21", "is no address")]
    [InlineData("http://unix:/tmp/socket", "is no address")]
    public void What_is_no_address_is_refused_with_one_that_is(string url, string words) => Assert.Contains(words, Assert.Throws<CromaException>(() => ListenAddress.Parse(url)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Beyond_this_machine_a_token_is_drawn_and_everything_but_the_page_needs_it()
    {
        // on all addresses, and asked on loopback alone
        await using var server = await RunningServer.Start(new ServerOptions { Models = [models.Features], State = _folder["state"], Urls = ["http://0.0.0.0:0"] });
        var token = server.Server.DrawnToken!;
        Assert.Equal((true, 43), (server.Server.NeedsToken, token.Length));
        foreach (var path in new[] { "/", "/health", "/ready", "/openapi/v1.json" }) Assert.Equal(200, (await server.Get(path)).Status);
        foreach (var path in new[] { "/api/models", "/api/classifiers", "/metrics", "/API/models" })
            foreach (var header in new[] { "", "Bearer", "Bearer " + token[..^1], "Bearer " + token + "x", "Basic " + token, token, "Bearer " + new string('x', 10_000) })
            {
                var answer = header.Length == 0 ? await server.Get(path) : await server.Get(path, ("Authorization", header));
                Assert.Contains("Authorization: Bearer", answer.RequireProblem(401), StringComparison.Ordinal);
                Assert.Equal("Bearer", answer.Message.Headers.WwwAuthenticate.Single().Scheme);
            }
        (await server.Get("/api/models", ("Authorization", "Bearer " + token))).Require();
        (await server.Get("/api/models", ("Authorization", "bearer " + token))).Require();
        // whoever has the token may call the server by any name
        (await server.Get("/api/models", ("Authorization", "Bearer " + token), ("Host", "croma.example"))).Require();
        Assert.Contains("\"bearer\"", (await server.Get("/openapi/v1.json")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_may_come_from_a_file_and_must_be_long_enough()
    {
        File.WriteAllText(_folder["token"], "a-token-that-is-long-enough\n");
        var options = new ServerOptions { Models = [models.Features], State = _folder["state"], TokenFile = _folder["token"] };
        await using (var server = await RunningServer.Start(options))
        {
            Assert.Null(server.Server.DrawnToken);
            (await server.Get("/api/models")).RequireProblem(401);
            (await server.Get("/api/models", ("Authorization", "Bearer a-token-that-is-long-enough"))).Require();
        }
        foreach (var text in new[] { "", "short", "sixteen letters but a space", new string('x', 2000) })
        {
            File.WriteAllText(_folder["token"], text);
            Assert.Contains("a token has from", (await Assert.ThrowsAsync<CromaException>(() => RunningServer.Start(options))).Message, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<CromaException>(() => RunningServer.Start(options with { TokenFile = _folder["none"] }));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:5080")]
    [InlineData("192.168.1.4")]
    public async Task A_name_that_was_bent_to_this_machine_is_refused(string host)
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        foreach (var path in new[] { "/", "/api/models", "/health", "/metrics" }) (await server.Get(path, ("Host", host))).RequireProblem(421);
        foreach (var own in new[] { "localhost", "127.0.0.1:80", "[::1]:9", "LOCALHOST:1" }) (await server.Get("/api/models", ("Host", own))).Require();
    }

    [Fact]
    public async Task Pages_of_other_sites_get_nothing_and_change_nothing()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        foreach (var (name, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", $"http://127.0.0.1:{server.Url.Port + 1}"), ("Sec-Fetch-Site", "cross-site") })
        {
            (await server.Get("/api/models", (name, value))).RequireProblem(403);
            (await server.Post("/api/classifiers", Sent.Create(), (name, value))).RequireProblem(403);
        }
        Assert.Equal(0, (await server.Get("/api/classifiers")).Require().GetProperty("classifiers").GetArrayLength());
        (await server.Post("/api/classifiers", Sent.Create(), ("Origin", $"http://127.0.0.1:{server.Url.Port}"), ("Sec-Fetch-Site", "same-origin"))).Require(201);
        // a link to the page may be anywhere
        Assert.Equal(200, (await server.Get("/", ("Sec-Fetch-Site", "cross-site"))).Status);
        var page = await server.Get("/");
        Assert.Contains("default-src 'self'", page.Message.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(304, (await server.Get("/", ("If-None-Match", page.Message.Headers.ETag!.ToString()))).Status);
    }
}
