using System.Text.Json;
using Croma.Method;

namespace Croma.Tests;

/// <summary>croma tune.</summary>
public sealed class CliTuneTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_outcome_is_a_configuration_that_train_and_reproduce_take()
    {
        var result = await Tune(3, "--json", "-");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["version", "dataset", "method", "seed", "budget", "best", "validationAccuracy", "configuration", "seconds", "trials"], result.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("tuned/croma.json", result.Json.GetProperty("configuration").GetString());
        var trials = result.Json.GetProperty("trials").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2], trials.Select(t => t.GetProperty("trial").GetInt32()));
        Assert.Equal(trials.Max(t => t.GetProperty("validationAccuracy").GetDouble()), result.Json.GetProperty("validationAccuracy").GetDouble());

        var train = await _folder.Run("train", "--data", "data", "--config", "tuned/croma.json", "--out", "model", "--quiet");
        Assert.Equal((0, ""), (train.Code, train.Error));
        var best = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["tuned/croma.json"], TestContext.Current.CancellationToken)).RootElement;
        var used = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["model/model.json"], TestContext.Current.CancellationToken)).RootElement.GetProperty("configuration");
        Assert.True(JsonElement.DeepEquals(best, used));

        TinyDataset.Write(_folder["larger"], samplesPerPart: 20, trainConcepts: 20);
        string[] table4 = ["reproduce", "table4", "--scale", "smoke", "--data", "larger", "--quiet", "--json", "-"];
        var (tuned, plain) = (await _folder.Run([.. table4, "--tuned", "tuned", "--out", "a"]), await _folder.Run([.. table4, "--out", "b"]));
        Assert.Contains("in place of the profile", tuned.Out, StringComparison.Ordinal);
        Assert.NotEqual(Figures(plain), Figures(tuned));

        static string Figures(CliResult result) => result.Json.GetProperty("outcome").GetProperty("tables").ToString();
    }

    [Fact]
    public async Task What_is_there_is_not_tried_again()
    {
        await Tune(2);
        var before = Directory.GetFiles(_folder["tuned/trials"]).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var again = await Tune(3);
        Assert.Contains("of 3 is best on meta-validation", again.Out, StringComparison.Ordinal);
        Assert.All(before, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
        Assert.Equal(3, Directory.GetFiles(_folder["tuned/trials"]).Length);
    }

    [Fact]
    public async Task A_stopped_search_goes_on_and_ends_as_an_uninterrupted_one()
    {
        _folder.Configure("longer.json", TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 1000, MetaOptimizer = MetaOptimizer.Sgd } });
        string[] tune = ["tune", "--data", "data", "--config", "longer.json", "--budget", "2", "--threads", "1", "--json", "-", "--out"];
        using (var process = CliProcess.Start(_folder.Path, [.. tune, "stopped"]))
        {
            await process.FirstError;
            process.Signal("INT");
            var stopped = await process.End();
            Assert.Equal((130, ""), (stopped.Code, stopped.Out));
            Assert.EndsWith("croma: interrupted; the same command goes on from there.\n", stopped.Error, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(_folder["stopped/croma.json"]));
        var (resumed, whole) = (await _folder.Run([.. tune, "stopped"]), await _folder.Run([.. tune, "whole"]));
        Assert.Equal(Accuracies(whole), Accuracies(resumed));
        Assert.Equal(await File.ReadAllTextAsync(_folder["whole/croma.json"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder["stopped/croma.json"], TestContext.Current.CancellationToken));

        static IEnumerable<double> Accuracies(CliResult result) => result.Json.GetProperty("trials").EnumerateArray().Select(t => t.GetProperty("validationAccuracy").GetDouble());
    }

    [Theory]
    [InlineData("tune --data data", "--out")]
    [InlineData("tune --data data --out x --method cromma", "no method 'cromma'; did you mean 'croma'?")]
    [InlineData("tune --data data --out x --budget 0", "--budget takes a whole number from 1 to 10000, not '0'")]
    [InlineData("tune --data data --out x --profile small --config tiny.json", "--profile and --config were both given")]
    [InlineData("tune --data nowhere --out x", "nowhere: no data set here")]
    public async Task Bad_input_is_one_line(string arguments, string message) =>
        Assert.Contains(message, (await _folder.Run(arguments.Split(' '))).RequireOneLineOfError(), StringComparison.Ordinal);

    private Task<CliResult> Tune(int budget, params IEnumerable<string> more) =>
        _folder.Run(["tune", "--method", "croma", "--data", "data", "--config", "tiny.json", "--budget", $"{budget}", "--out", "tuned", "--quiet", .. more]);
}
