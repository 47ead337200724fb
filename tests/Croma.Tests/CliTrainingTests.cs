using System.Text.Json;
using Croma.Method;

namespace Croma.Tests;

/// <summary>croma train and croma evaluate, end to end.</summary>
public sealed class CliTrainingTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Training_keeps_model_and_curve_and_says_what_was_best()
    {
        var result = await _folder.Run("train", "--data", "data", "--config", "tiny.json", "--out", "model", "--json", "-", "--seed", "7");
        Assert.Equal(0, result.Code);
        Assert.Equal(
            ["version", "dataset", "method", "profile", "seed", "model", "iterations", "bestIteration", "validationAccuracy", "seconds", "curve"],
            result.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("croma", result.Json.GetProperty("method").GetString());
        Assert.Equal(7, result.Json.GetProperty("seed").GetInt32());
        Assert.InRange(result.Json.GetProperty("validationAccuracy").GetDouble(), 40, 100);
        Assert.Equal([0, 10, 20], result.Json.GetProperty("curve").EnumerateArray().Select(p => p.GetProperty("iteration").GetInt32()));
        Assert.Equal(["card.md", "checkpoint.safetensors", "curve.csv", "events.out.tfevents.0000000000.croma", "log.csv", "model.json", "model.safetensors"], Directory.GetFiles(_folder["model"]).Select(f => Path.GetFileName(f)!).Order());
        var curve = await File.ReadAllLinesAsync(_folder["model/curve.csv"], TestContext.Current.CancellationToken);
        Assert.Equal("iteration,alignment_loss,classification_loss,validation_accuracy", curve[0]);
        Assert.StartsWith("20,", curve[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_shows_and_measures_the_space_before_and_after()
    {
        await _folder.Train("model");
        var result = await _folder.Run("map", "--model", "model", "--data", "data", "--out", "map.html", "--json", "-");
        Assert.Equal(0, result.Code);
        var (before, after) = (result.Json.GetProperty("before"), result.Json.GetProperty("after"));
        Assert.True(after.GetProperty("pairCosine").GetDouble() - after.GetProperty("otherCosine").GetDouble() > before.GetProperty("pairCosine").GetDouble() - before.GetProperty("otherCosine").GetDouble());
        Assert.InRange(after.GetProperty("gap").GetDouble(), 0, 2);
        Assert.Contains("After CroMA", await File.ReadAllTextAsync(_folder["map.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("trained on", (await _folder.Run("map", "--model", "model", "--data", "sequences")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_goes_to_standard_error_and_the_result_to_standard_output()
    {
        var result = await _folder.Run("train", "--data", "data", "--config", "tiny.json", "--out", "model");
        Assert.Equal(0, result.Code);
        Assert.Contains("best at iteration", result.Out, StringComparison.Ordinal);
        Assert.Contains("model: model", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"^Training croma, \d+ %", result.Error);
        Assert.Contains("Training croma, 100 %", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_with_one_thread_and_with_two()
    {
        await _folder.Train("one", "sequences", "--threads", "1");
        await _folder.Train("two", "sequences", "--threads", "2");
        await _folder.Train("again", "sequences", "--threads", "2");
        await _folder.Train("other", "sequences", "--seed", "2");
        Assert.Equal(Bytes("one"), Bytes("two"));
        Assert.Equal(Bytes("two"), Bytes("again"));
        Assert.NotEqual(Bytes("one"), Bytes("other"));
    }

    [Theory, InlineData("INT"), InlineData("TERM")]
    public async Task A_stopped_training_leaves_a_checkpoint_from_which_it_ends_in_the_same_bytes(string signal)
    {
        var longer = TinyConfiguration.Value with
        {
            Training = TinyConfiguration.Value.Training with { Iterations = 1000, CarryOptimizer = true, MetaOptimizer = MetaOptimizer.Adam, MetaStepSize = 0.01 },
            Selection = TinyConfiguration.Value.Selection with { Every = 250 },
        };
        _folder.Configure("longer.json", longer);
        string[] train = ["train", "--data", "data", "--config", "longer.json"];
        using (var process = CliProcess.Start(_folder.Path, [.. train, "--out", "stopped"]))
        {
            await process.FirstError;
            process.Signal(signal);
            var stopped = await process.End();
            Assert.Equal((130, ""), (stopped.Code, stopped.Out));
            Assert.EndsWith("croma: interrupted; the same command with --resume goes on from the checkpoint.\n", stopped.Error, StringComparison.Ordinal);
        }
        Assert.True(File.Exists(_folder["stopped/checkpoint.safetensors"]));
        Assert.False(File.Exists(_folder["stopped/model.safetensors"]));

        var refused = await _folder.Run([.. train, "--out", "stopped"]);
        Assert.Contains("--resume", refused.RequireOneLineOfError(), StringComparison.Ordinal);
        var resumed = await _folder.Run([.. train, "--out", "stopped", "--resume"]);
        Assert.Equal(0, resumed.Code);
        await _folder.Run([.. train, "--out", "whole"]);
        Assert.Equal(Bytes("whole"), Bytes("stopped"));
        Assert.Equal(await File.ReadAllTextAsync(_folder["whole/curve.csv"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder["stopped/curve.csv"], TestContext.Current.CancellationToken));
        Assert.Equal(await File.ReadAllTextAsync(_folder["whole/log.csv"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder["stopped/log.csv"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_interrupt_ends_it_even_where_the_first_has_to_wait()
    {
        // the look at meta-validation before the first iteration, which no interrupt cuts short, would take hours
        _folder.Configure("endless.json", TinyConfiguration.Value with { Selection = TinyConfiguration.Value.Selection with { Tasks = 1_000_000 } });
        using var process = CliProcess.Start(_folder.Path, "train", "--data", "data", "--config", "endless.json", "--out", "model");
        while (!Directory.Exists(_folder["model"])) await Task.Delay(10, TestContext.Current.CancellationToken);
        while (!process.HasExited)
        {
            process.Signal("INT");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Equal(130, (await process.End()).Code);
    }

    [Fact]
    public async Task Evaluation_writes_the_contract()
    {
        await _folder.Train("a", more: ["--seed", "1"]);
        await _folder.Train("b", more: ["--seed", "2"]);
        await _folder.Train("c", more: ["--method", "oracle"]);
        var result = await _folder.Run("evaluate", "--model", "a", "b", "c", "--data", "data", "--shots", "1,2", "--tasks", "3", "--queries", "4", "--seed", "5", "--json", "-");
        Assert.Equal(0, result.Code);
        var json = result.Json;
        Assert.Equal(["version", "dataset", "episodes", "results", "seed", "report"], Names(json));
        Assert.Equal(CromaVersion.Text, json.GetProperty("version").GetString());
        Assert.Equal(["name", "sha256"], Names(json.GetProperty("dataset")));
        Assert.Equal(["sha256", "tasks", "ways", "queries"], Names(json.GetProperty("episodes")));
        Assert.Equal((3, 5, 4), (Number("tasks"), Number("ways"), Number("queries")));
        Assert.Equal(5, json.GetProperty("seed").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("report").ValueKind);
        var rows = json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([("croma", 1, 2), ("croma", 2, 2), ("oracle", 1, 1), ("oracle", 2, 1)],
            rows.Select(r => (r.GetProperty("method").GetString()!, r.GetProperty("shots").GetInt32(), r.GetProperty("repeats").GetInt32())));
        Assert.All(rows, row => Assert.Equal(["method", "shots", "mean", "std", "ci95", "repeats", "seconds", "targetSamples", "targetLabels"], Names(row)));
        Assert.All(rows, row => Assert.InRange(row.GetProperty("mean").GetDouble(), 20, 100));
        Assert.Equal(2, rows[0].GetProperty("ci95").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("ci95").ValueKind);
        Assert.Equal((120, 0), (rows[0].GetProperty("targetSamples").GetInt32(), rows[0].GetProperty("targetLabels").GetInt32()));
        Assert.Equal((120, 120), (rows[2].GetProperty("targetSamples").GetInt32(), rows[2].GetProperty("targetLabels").GetInt32()));

        int Number(string name) => json.GetProperty("episodes").GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Evaluation_shows_a_table_and_writes_the_same_as_JSON_to_a_file()
    {
        await _folder.Train("a");
        string[] evaluate = ["evaluate", "--model", "a", "--data", "data", "--shots", "1,2", "--quiet", "--json"];
        var table = await _folder.Run([.. evaluate, "figures/table.json"]);
        var json = await _folder.Run([.. evaluate, "-", "--threads", "1"]);
        Assert.Equal((0, ""), (table.Code, table.Error));
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["figures/table.json"], TestContext.Current.CancellationToken));
        Assert.Equal(Means(json.Json), Means(file.RootElement));
        Assert.All(Means(json.Json), mean => Assert.Contains($"{mean:0.0}", table.Out, StringComparison.Ordinal));
        Assert.Contains("tiny: image to audio", table.Out, StringComparison.Ordinal);

        static double[] Means(JsonElement json) => [.. json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("mean").GetDouble())];
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];

    private byte[] Bytes(string model) => File.ReadAllBytes(_folder[Path.Combine(model, "model.safetensors")]);
}
