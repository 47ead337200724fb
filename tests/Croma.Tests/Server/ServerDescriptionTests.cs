using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Croma.Tests.Server;

/// <summary>What the server says of itself: OpenAPI, and a client that is made of it in another language; state.</summary>
public sealed partial class ServerDescriptionTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_description_has_every_address_with_its_bodies_and_answers()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var description = (await server.Get("/openapi/v1.json")).Require();
        Assert.Equal((CromaVersion.Text, false), (description.GetProperty("info").GetProperty("version").GetString(), description.TryGetProperty("security", out _)));
        var found = description.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}")).Order(StringComparer.Ordinal);
        Assert.Equal(
        [
            "DELETE /api/classifiers/{id}", "DELETE /api/classifiers/{id}/samples/{sample}", "GET /api/classifiers", "GET /api/classifiers/{id}", "GET /api/classifiers/{id}/map", "GET /api/classifiers/{id}/samples/{sample}/media",
            "GET /api/models", "GET /api/models/{id}/items/{item}/media", "GET /health", "GET /metrics", "GET /ready", "POST /api/classifiers", "POST /api/classifiers/{id}/predict", "POST /api/classifiers/{id}/samples", "POST /api/models/{id}/retrieve",
        ], found);
        foreach (var path in description.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
                Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), r => r.Name[0] == '2');
                var named = Braces().Matches(path.Name).Select(m => m.Groups[1].Value);
                Assert.Equal(named, operation.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!) : []);
                if (operation.Name == "post") Assert.Equal(["application/json", "multipart/form-data"], operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(c => c.Name));
            }
    }

    [Fact]
    public async Task A_client_in_another_language_made_of_the_description_does_all_that_the_API_can()
    {
        await using var server = await RunningServer.Start(new Croma.Server.ServerOptions { Models = [models.Features], State = _folder["state"], RetrieveIn = [ServerModels.DatasetOf(models.Features)] });
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("node", [Path.Combine(ReadmeTests.Root, "tests/clients/client.mjs"), server.Url.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed here");
            return;
        }
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(RunningServer.Token), process.StandardError.ReadToEndAsync(RunningServer.Token));
            await process.WaitForExitAsync(RunningServer.Token);
            Assert.True(process.ExitCode == 0, await error);
            // every operation was called, and every answer was as described
            Assert.Equal("15 of 15 operations called, answers as described", (await output).Trim());
        }
    }

    [Fact]
    public async Task Health_and_readiness_are_told()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        Assert.Equal("healthy", (await server.Get("/health")).Require().GetProperty("status").GetString());
        Assert.Equal("ready", (await server.Get("/ready")).Require().GetProperty("status").GetString());
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Braces();
}
