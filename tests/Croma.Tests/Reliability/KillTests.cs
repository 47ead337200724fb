using System.Diagnostics;
using System.Globalization;
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
        var (clock, random, notes) = (Stopwatch.StartNew(), new Random(Seed), new StringBuilder());
        var scenarios = await Scenarios(notes);
        var (done, report) = (new List<KillTrial>(), "");
        for (var i = 0; i < trials; i++)
        {
            var trial = await scenarios[i % scenarios.Count].Try(_folder.Path, random);
            done.Add(trial);
            if (trial.Why.Length > 0) notes.Append(CultureInfo.InvariantCulture, $"trial {i}, {trial.Name}: {trial.Why}\n");
            report = notes + Describe(done, scenarios) + string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0} s\n");
            // so that a run that is stopped leaves its figures
            if (Environment.GetEnvironmentVariable("CROMA_KILL_REPORT") is { } path) await File.WriteAllTextAsync(path, report, TestContext.Current.CancellationToken);
        }
        Assert.True(done.All(t => t is { Resumed: true, HalfWritten: 0, Twice: 0 }), report);
    }

    private static string Describe(List<KillTrial> done, List<KillScenario> scenarios)
    {
        var report = new StringBuilder();
        foreach (var group in done.GroupBy(t => t.Name).Append(done.GroupBy(_ => "all").Single()))
        {
            report.Append(CultureInfo.InvariantCulture, $"{group.Key}: {group.Count()} trials, {group.Count(t => t.Killed)} killed before their end, {group.Count(t => t.Resumed)} ended in the same bytes, {group.Sum(t => t.HalfWritten)} half-written files, ");
            report.Append(CultureInfo.InvariantCulture, $"{group.Sum(t => t.Twice)} kept steps done again, at most {group.Max(t => t.Lost).TotalSeconds:0.00} s of work lost");
            if (scenarios.Find(s => s.Name == group.Key) is { } scenario) report.Append(CultureInfo.InvariantCulture, $" (left alone, up to {scenario.Interval.TotalSeconds:0.00} s from one kept step to the next)");
            report.Append('\n');
        }
        return report.ToString();
    }

    private async Task<List<KillScenario>> Scenarios(StringBuilder notes)
    {
        _folder.Configure("kill.json", TinyConfiguration.Value with
        {
            Training = TinyConfiguration.Value.Training with { Iterations = 300, CarryOptimizer = true }, Selection = TinyConfiguration.Value.Selection with { Every = 20 },
        });
        await _folder.Train("model");
        TinyDataset.Write(_folder["larger"], samplesPerPart: 20);
        TinyDataset.Write(_folder["sequences of more concepts"], sequences: true, samplesPerPart: 20, trainConcepts: 20);
        List<KillScenario> scenarios =
        [
            new("train", output => ["train", "--data", "../data", "--config", "../kill.json", "--out", output], "run"),
            new("compare", output => ["compare", "--data", "../larger", "--methods", "croma,no-align", "--heads", "ridge", "--scale", "smoke", "--out", output], "run/runs"),
            new("reproduce", output => ["reproduce", "table4", "--data", "../sequences of more concepts", "--scale", "smoke", "--out", output], "run/runs"),
            new("tune", output => ["tune", "--data", "../data", "--config", "../kill.json", "--budget", "3", "--out", output], "run/trials"),
            new("index", output => ["index", "--model", "../model", "../data", "--modality", "target", "--out", output], "out.index.partial", "out.index", OfEveryStart: 1),
        ];
        if (OnnxLibrary.IsThere && MediaFiles.HasFFmpeg)
        {
            Directory.CreateDirectory(_folder["pictures"]);
            for (var i = 0; i < 600; i++) await File.WriteAllBytesAsync(_folder[$"pictures/{i:000}.ppm"], MediaFiles.Picture((byte)i, 1, 2), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(_folder["tiny.pre.json"], MediaFiles.TinyImage, TestContext.Current.CancellationToken);
            MediaFiles.ImageModel(_folder.Path);
            scenarios.Add(new("encode", output => ["encode", "../pictures", "--model", "../image.onnx", "--preprocess", "../tiny.pre.json", "--threads", "1", "--out", output], "out.safetensors.partial", "out.safetensors"));
        }
        else notes.Append("encode: left out, there is no ONNX Runtime or no FFmpeg here (./test gets ONNX Runtime with npm)\n");
        foreach (var scenario in scenarios) await scenario.Measure(_folder.Path);
        return scenarios;
    }
}
