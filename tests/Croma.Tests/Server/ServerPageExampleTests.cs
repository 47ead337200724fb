using System.Diagnostics;
using System.Text.Json;
using Croma.Server;
using Croma.Tests.Datasets;
using Croma.Tests.Docs;
using Croma.Tests.Onnx;

namespace Croma.Tests.Server;

/// <summary>The lines of docs/server.md, run by curl.</summary>
public sealed class ServerPageExampleTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Curl_does_what_the_page_says()
    {
        MediaFiles.RequireFFmpeg();
        Assert.SkipWhen(!File.Exists("/usr/bin/curl"), "curl is not installed here");
        foreach (var name in new[] { "bark1", "bark2", "meow1", "meow2", "new1", "new2" }) File.WriteAllBytes(_folder[name + ".wav"], Waves.Noise(name, 0.3));
        await using var server = await RunningServer.Start(new ServerOptions { Models = [models.Sounds], State = _folder["state"], RetrieveIn = [ServerModels.DatasetOf(models.Sounds)] });
        var lines = DocPage.Named("docs/server.md").ShellLines.Where(l => l.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count >= 7);
        var id = "";
        foreach (var line in lines)
        {
            var command = line.Replace("http://127.0.0.1:5080", server.Url.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("/ID", "/" + id, StringComparison.Ordinal).Replace("/models/mine", "/models/sounds", StringComparison.Ordinal);
            using var curl = Process.Start(new ProcessStartInfo("bash", ["-c", command.Replace("curl ", "curl -s --fail-with-body ", StringComparison.Ordinal)]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true })!;
            var answer = await curl.StandardOutput.ReadToEndAsync(RunningServer.Token);
            await curl.WaitForExitAsync(RunningServer.Token);
            Assert.True(curl.ExitCode == 0, $"{line}: {answer}");
            if (id.Length == 0) id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
        }
        // the last one deleted it
        (await server.Get("/api/classifiers/" + id)).RequireProblem(404);
    }
}
