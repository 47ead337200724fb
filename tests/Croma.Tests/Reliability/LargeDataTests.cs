using System.Diagnostics;
using System.Globalization;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;

namespace Croma.Tests.Reliability;

/// <summary>A data set of a million features of 512 numbers, which are mapped into memory. Takes minutes and 1.2 GB of disk: only run by `./croma-selftest large`.</summary>
public sealed class LargeDataTests : IDisposable
{
    private const int Width = 512, Concepts = 100, Samples = 10_000, Targets = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task A_million_features_train_in_less_than_one_and_a_half_gigabytes()
    {
        Write();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var configuration = Profiles.Get("features", "croma");
        File.WriteAllText(_folder["config.json"], ConfigurationFile.ToJson(configuration with { Training = configuration.Training with { Iterations = 100 }, Selection = configuration.Selection with { Every = 50 } }));
        var clock = Stopwatch.StartNew();
        using var process = CliProcess.Start(_folder.Path, "train", "--data", "data", "--config", "config.json", "--out", "run", "--quiet");
        long most = 0, own = 0;
        while (!process.HasExited)
        {
            (most, own) = (Math.Max(most, Status(process.Id, "VmHWM")), Math.Max(own, Status(process.Id, "RssAnon")));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        var result = await process.End();
        var text = $"{Concepts * Samples} x {Width} features, {new FileInfo(_folder["data/image.safetensors"]).Length / 1e9:0.00} GB: trained 100 iterations in {clock.Elapsed.TotalSeconds:0} s, at most {most / 1e6:0.00} GB resident ({own / 1e6:0.00} GB of its own, the rest mapped)\n";
        if (Environment.GetEnvironmentVariable("CROMA_KILL_REPORT") is { } path) await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.InRange(most, 1, 1_500_000);
    }

    private void Write()
    {
        var writer = new DatasetWriter("large", 1, ModalityWriter.Features("image", Width), ModalityWriter.Features("audio", Width));
        var random = new CounterRandom(1, 1);
        for (var c = 0; c < Concepts; c++) writer.AddConcept($"c{c}", $"Concept {c}", c < 80 ? ConceptSplit.MetaTrain : c < 90 ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest);
        var noise = new Half[Width * 64];
        for (var i = 0; i < noise.Length; i++) noise[i] = (Half)random.NextNormal();
        for (var c = 0; c < Concepts; c++)
            for (var i = 0; i < Samples; i++)
            {
                var (part, values) = ((Part)(i % 3), new Half[Width]);
                noise.AsSpan(random.Next(noise.Length - Width), Width).CopyTo(values);
                values[c] += (Half)4;
                var source = writer.Source.Add(c, part, i, values);
                if (i >= Targets) continue;
                var target = writer.Target.Add(c, part, i, [.. values.Reverse()]);
                if (part == Part.Alignment) writer.AddPair(source, target);
            }
        writer.Write(_folder["data"]);
    }

    /// <summary>A line of proc(5)'s status, in kB; 0 where the process is gone.</summary>
    private static long Status(int process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal));
            return line == null ? 0 : long.Parse(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
