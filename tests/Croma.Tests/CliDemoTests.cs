namespace Croma.Tests;

/// <summary>croma demo on small data that stand where it looks for its own.</summary>
public sealed class CliDemoTests
{
    [Fact]
    public async Task The_demo_compares_four_methods_and_keeps_model_and_report()
    {
        using var folder = new TemporaryFolder();
        TinyDataset.Write(folder["data/udhr-speech"], name: "udhr-speech", samplesPerPart: 20, trainConcepts: 20);
        var demo = await CliProcess.Run(folder.Path, "demo", "--json", "-");
        Assert.Equal(0, demo.Code);
        Assert.Contains("Profile 'small', narrower and shorter than the paper's", demo.Error, StringComparison.Ordinal);
        var rows = demo.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(
            from method in new[] { "croma", "unimodal-pretraining", "align-meta-classify", "oracle" } from shots in new[] { 1, 5, 10 } select (method, shots),
            rows.Select(r => (r.GetProperty("method").GetString()!, r.GetProperty("shots").GetInt32())));

        Assert.Equal("runs/demo/report.html", demo.Json.GetProperty("report").GetString());
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(folder["runs/demo/report.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // its model is a model like any other, and scores what the demo's first repeat did
        var model = await CliProcess.Run(folder.Path, "evaluate", "--model", "runs/demo/model", "--data", "data/udhr-speech", "--json", "-", "--quiet");
        Assert.Equal(0, model.Code);
        Assert.Equal(demo.Json.GetProperty("episodes").ToString(), model.Json.GetProperty("episodes").ToString());

        // a second start finds everything done
        var again = await CliProcess.Run(folder.Path, "demo", "--json", "-", "--quiet");
        Assert.Equal(demo.Json.GetProperty("results").ToString(), again.Json.GetProperty("results").ToString());
    }

    [Fact]
    public async Task The_demo_refuses_other_data_in_its_place()
    {
        using var folder = new TemporaryFolder();
        TinyDataset.Write(folder["data/udhr-speech"]);
        var demo = await CliProcess.Run(folder.Path, "demo");
        Assert.Contains("'data/udhr-speech' holds 'tiny'", demo.RequireOneLineOfError(), StringComparison.Ordinal);
    }
}
