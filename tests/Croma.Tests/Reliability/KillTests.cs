using System.Diagnostics;
using System.Text;
using Croma.Configuration;
using Croma.Tests.Onnx;

namespace Croma.Tests.Reliability;

/// <summary>
/// `kill -9` at random moments, and what becomes of the work. CROMA_KILL_TRIALS says how often (10 by default; ./croma-selftest: 200),
/// CROMA_KILL_REPORT where the figures go.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Seed = 1;

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_anywhere_every_command_goes_on_to_the_same_bytes()
    {
        var trials = int.Parse(Environment.GetEnvironmentVariable("CROMA_KILL_TRIALS") ?? "10");
        var (clock, random, report) = (Stopwatch.StartNew(), new Random(Seed), new StringBuilder());
        var scenarios = await Scenarios(report);
        var done = new List<KillTrial>();
        for (var i = 0; i < trials; i++)
        {
            var trial = await scenarios[i % scenarios.Count].Try(_folder.Path, random);
            done.Add(trial);
            if (trial.Why.Length > 0) report.Append($"trial {i}, {trial.Name}: {trial.Why}\n");
        }
        foreach (var group in done.GroupBy(t => t.Name).Append(done.GroupBy(_ => "all").Single()))
            report.Append($"{group.Key}: {group.Count()} trials, {group.Count(t => t.Killed)} killed before their end, {group.Count(t => t.Resumed)} ended in the same bytes, {group.Sum(t => t.HalfWritten)} half-written files\n");
        report.Append($"{clock.Elapsed.TotalSeconds:0} s\n");
        if (Environment.GetEnvironmentVariable("CROMA_KILL_REPORT") is { } path) await File.WriteAllTextAsync(path, report.ToString(), TestContext.Current.CancellationToken);
        Assert.True(done.All(t => t.Resumed && t.HalfWritten == 0), report.ToString());
    }

    private async Task<List<KillScenario>> Scenarios(StringBuilder report)
    {
        _folder.Configure("kill.json", TinyConfiguration.Value with
        {
            Training = TinyConfiguration.Value.Training with { Iterations = 300, CarryOptimizer = true }, Selection = TinyConfiguration.Value.Selection with { Every = 20 },
        });
        await _folder.Train("model");
        TinyDataset.Write(_folder["larger"], samplesPerPart: 20);
        List<KillScenario> scenarios =
        [
            new("train", output => ["train", "--data", "../data", "--config", "../kill.json", "--out", output]),
            new("compare", output => ["compare", "--data", "../larger", "--methods", "croma,no-align", "--heads", "ridge", "--scale", "smoke", "--out", output]),
            new("reproduce", output => ["reproduce", "figure8", "--scale", "smoke", "--out", output]),
            new("index", output => ["index", "--model", "../model", "../data", "--modality", "target", "--out", output], "out.index"),
        ];
        if (OnnxLibrary.IsThere && MediaFiles.HasFFmpeg)
        {
            Directory.CreateDirectory(_folder["pictures"]);
            for (var i = 0; i < 600; i++) await File.WriteAllBytesAsync(_folder[$"pictures/{i:000}.ppm"], MediaFiles.Picture((byte)i, 1, 2), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(_folder["tiny.pre.json"], MediaFiles.TinyImage, TestContext.Current.CancellationToken);
            MediaFiles.ImageModel(_folder.Path);
            scenarios.Add(new("encode", output => ["encode", "../pictures", "--model", "../image.onnx", "--preprocess", "../tiny.pre.json", "--threads", "1", "--out", output], "out.safetensors"));
        }
        else report.Append("encode: left out, there is no ONNX Runtime or no FFmpeg here (./test gets ONNX Runtime with npm)\n");
        foreach (var scenario in scenarios) await scenario.Measure(_folder.Path);
        return scenarios;
    }
}
