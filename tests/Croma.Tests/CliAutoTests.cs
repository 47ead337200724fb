using System.Text.Json;

namespace Croma.Tests;

/// <summary>croma train --method auto, end to end, and what adapts after it.</summary>
public sealed class CliAutoTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_keeps_the_best_pair_and_says_among_what_it_chose()
    {
        string[] train = ["train", "--data", "data", "--config", "tiny.json", "--method", "auto", "--out", "model"];
        var result = await _folder.Run([.. train, "--json", "-", "--quiet"]);
        Assert.Equal(0, result.Code);
        var auto = result.Json.GetProperty("auto");
        Assert.Equal(["method", "head", "why", "profile", "shots", "tasks", "ways", "queries", "episodes", "candidates", "failed"], auto.EnumerateObject().Select(p => p.Name));
        var candidates = auto.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(21, candidates.Count);
        Assert.Equal(candidates.Max(c => c.GetProperty("mean").GetDouble()), candidates[0].GetProperty("mean").GetDouble());
        Assert.Equal(candidates[0].GetProperty("head").GetString(), auto.GetProperty("head").GetString());
        Assert.All(candidates, c => Assert.Contains($"{c.GetProperty("method").GetString()} + {c.GetProperty("head").GetString()} ", result.Error, StringComparison.Ordinal));
        using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["model/auto.json"], TestContext.Current.CancellationToken));
        Assert.Equal(auto.GetProperty("why").GetString(), kept.RootElement.GetProperty("why").GetString());
        using var model = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["model/model.json"], TestContext.Current.CancellationToken));
        Assert.Equal((auto.GetProperty("method").GetString(), auto.GetProperty("head").GetString()), (model.RootElement.GetProperty("method").GetString(), model.RootElement.GetProperty("head").GetString()));

        // the model is one like any other
        var evaluated = await _folder.Run("evaluate", "--model", "model", "--data", "data", "--shots", "1,2", "--tasks", "2", "--queries", "4", "--quiet");
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains("another folder", (await _folder.Run(train)).RequireOneLineOfError(), StringComparison.Ordinal);
        File.Delete(_folder["model/model.json"]);
        Assert.Contains("--resume", (await _folder.Run(train)).RequireOneLineOfError(), StringComparison.Ordinal);
        var again = await _folder.Run([.. train, "--resume", "--json", "-", "--quiet"]);
        Assert.Equal(auto.GetRawText(), again.Json.GetProperty("auto").GetRawText());
        Assert.Contains("no candidates", (await _folder.Run([.. train[..^1], "other", "--resume"])).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_form_says_which_candidate_was_best()
    {
        var result = await _folder.Run("train", "--data", "data", "--config", "tiny.json", "--method", "align-correlation", "--out", "model", "--json", "-", "--quiet");
        Assert.Equal(0, result.Code);
        Assert.Equal(16, result.Json.GetProperty("iterations").GetInt32());
        Assert.Matches("^(rank [1-6], strength (0.001|0.01|0.1|1)|the random start)$", result.Json.GetProperty("candidate").GetString()!);
    }
}
