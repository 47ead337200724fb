using System.Diagnostics;
using System.Text.Json;

namespace Croma.Tests.Docs;

/// <summary>The programs of samples/, and docs/tutorial.md, which is about them, run as a reader runs them.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_three_samples_go_from_arrays_in_memory_to_a_service_and_a_table()
    {
        var gestures = await Run("Gestures", ["runs/gestures"]);
        var lines = gestures.Out.TrimEnd('\n').Split('\n');
        Assert.Matches("^unseen gestures: [0-9]+ % right, guessing 20 %$", lines[0]);
        Assert.InRange(int.Parse(lines[0].Split(' ')[2]), 60, 100);
        Assert.Matches("^new gestures: about [0-9]+ ?% right, by cross-validation$", lines[1]);
        var answers = lines[2..].Select(line => line.Split(": ")).ToDictionary(p => p[0], p => p[1].Split(" (")[0]);
        Assert.Equal(12, answers.Count);
        Assert.True(answers.Count(a => a.Key.StartsWith(a.Value, StringComparison.Ordinal)) >= 7, gestures.Out);
        Assert.Contains("none of these", answers.Values);

        var later = await File.ReadAllTextAsync(_folder["runs/gestures/later.jsonl"], Token);
        var service = await Run("ClassifierService", ["runs/gestures/gestures.croma"], later + "{\"id\": \"empty\"}\n{\"id\": \"short\", \"window\": [1, 2]}\n");
        var said = service.Out.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(answers.Select(a => (a.Key, a.Value == "none of these" ? null : a.Value)), said.Take(12).Select(a => (a.GetProperty("id").GetString()!, a.GetProperty("class").GetString())));
        Assert.Equal(14, said.Count);
        Assert.All(said.Skip(12), a => Assert.NotEqual("", a.GetProperty("error").GetString()));
        Assert.Contains("has 2 numbers", said[13].GetProperty("error").GetString(), StringComparison.Ordinal);

        var compare = await Run("CompareMethods", ["runs/gestures/data", "20"]);
        var rows = compare.Out.TrimEnd('\n').Split('\n');
        Assert.StartsWith("method ", rows[0], StringComparison.Ordinal);
        Assert.Equal(["croma", "unimodal-pretraining", "croma + prototype", "croma + ridge", "unimodal-pretraining + prototype", "unimodal-pretraining + ridge"], rows[1..].Select(r => r[..38].TrimEnd()).Distinct());
        Assert.Equal(13, rows.Length);
    }

    [Fact]
    public async Task Samples_say_in_a_line_what_they_were_not_given()
    {
        Assert.StartsWith("usage: ", (await Run("ClassifierService", [], code: 2)).Error, StringComparison.Ordinal);
        Assert.StartsWith("usage: ", (await Run("CompareMethods", [], code: 2)).Error, StringComparison.Ordinal);
        Assert.Contains("no data set here", (await Run("CompareMethods", ["nowhere"], code: 2)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tutorial_s_commands_run()
    {
        var ran = 0;
        foreach (var line in DocPage.Named("docs/tutorial.md").ShellLines)
        {
            var words = line.Split(' ');
            if (line.StartsWith("dotnet run --project samples/Gestures -c Release -- files", StringComparison.Ordinal)) await Run("Gestures", words[^2..]);
            else if (line.StartsWith("dotnet run ", StringComparison.Ordinal)) Assert.True(Directory.Exists(Path.Combine(ReadmeTests.Root, words[3])), line);
            else
            {
                Assert.Equal("./croma", words[0]);
                var result = await CliProcess.Run(_folder.Path, words[1..]);
                Assert.True(result.Code == 0, $"{line}: {result.Error}{result.Out}");
                ran++;
            }
        }
        Assert.True(ran >= 6);
    }

    private async Task<CliResult> Run(string sample, IEnumerable<string> arguments, string input = "", int code = 0)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{sample}.dll"), .. arguments])
        {
            WorkingDirectory = _folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        var result = new CliResult(process.ExitCode, await output, await error);
        Assert.True(result.Code == code, $"{sample}: {result.Error}");
        return result;
    }
}
