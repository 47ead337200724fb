using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Croma.Checkpoints;
using Croma.Cli.Card;
using Croma.Data;

namespace Croma.Tests;

/// <summary>croma card.</summary>
public sealed class CliCardTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_leaves_a_card_that_says_all_and_whose_commands_repeat_it()
    {
        Say("data");
        await _folder.Train("model", more: ["--seed", "7"]);
        var card = await File.ReadAllTextAsync(_folder["model/card.md"], Token);
        using var dataset = CrossModalDataset.Open(_folder["data"]);
        var (weights, info) = (Hash("model"), ModelFolder.ReadInfo(_folder["model"]));
        Assert.Equal(["# CroMA on tiny", "## Data", "## Training", "## Figures", "## Limits", "## How to repeat it"], card.Split('\n').Where(l => l.StartsWith('#')));
        foreach (var part in (string[])[dataset.Sha256, weights, "seed 7", "CC-BY-4.0", "Directions in noise.", "audio: synthesised by a program", $"[{info.ValidationCi95![0]:0.0}, {info.ValidationCi95[1]:0.0}]", "One training: how far another seed would differ is not known"])
            Assert.Contains(part, card, StringComparison.Ordinal);

        // its own commands, on the data under the name that they give it
        var script = card.Split("```sh\n")[1].Split("```")[0].Replace("croma train", $"dotnet {Path.Combine(AppContext.BaseDirectory, "croma-cli.dll")} train", StringComparison.Ordinal).Replace("--data data/tiny", "--data data", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", script]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(Token), shell.StandardError.ReadToEndAsync(Token));
        await shell.WaitForExitAsync(Token);
        Assert.True(shell.ExitCode == 0, await error);
        Assert.EndsWith($"{weights}  again/model.safetensors\n", await output, StringComparison.Ordinal);
        Assert.Equal(card, await File.ReadAllTextAsync(_folder["again/card.md"], Token));
    }

    [Fact]
    public async Task Figures_are_measured_or_read_and_have_their_uncertainty()
    {
        TinyDataset.Write(_folder["larger"], samplesPerPart: 24);
        await _folder.Train("one", "larger");
        await _folder.Train("two", "larger", "--seed", "2");
        var bare = await _folder.Run("card", "--model", "one");
        Assert.Equal(await File.ReadAllTextAsync(_folder["one/card.md"], Token), bare.Out);

        Assert.Equal(0, (await _folder.Run("evaluate", "--data", "larger", "--model", "one", "two", "--shots", "1,5", "--json", "figures.json")).Code);
        var result = await _folder.Run("card", "--model", "one", "--data", "larger", "--tasks", "6", "--figures", "figures.json", "--out", "card.md", "--json", "-");
        Assert.Equal((0, await File.ReadAllTextAsync(_folder["card.md"], Token)), (result.Code, result.Json.GetProperty("card").GetString()));
        var figures = result.Json.GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal([(1, 1, 6), (5, 1, 6), (10, 1, 6), (1, 2, 8), (5, 2, 8)], figures.Select(f => (f.GetProperty("shots").GetInt32(), f.GetProperty("trainings").GetInt32(), f.GetProperty("tasks").GetInt32())));
        Assert.All(figures, f => Assert.InRange(f.GetProperty("mean").GetDouble(), f.GetProperty("ci95")[0].GetDouble(), f.GetProperty("ci95")[1].GetDouble()));
        var card = result.Json.GetProperty("card").GetString()!;
        Assert.DoesNotContain("One training: how far", card, StringComparison.Ordinal);
        Assert.Equal(5, card.Split('\n').Count(l => l.StartsWith("| meta-test, unseen |", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_does_not_belong_to_the_model_is_refused_in_a_line()
    {
        await _folder.Train("model");
        Assert.Contains("holds no model", (await _folder.Run("card", "--model", "nowhere")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("was trained on 'tiny'", (await _folder.Run("card", "--model", "model", "--data", "sequences")).RequireOneLineOfError(), StringComparison.Ordinal);
        await _folder.Train("other", "sequences");
        await _folder.Run("evaluate", "--data", "sequences", "--model", "other", "--shots", "1", "--queries", "5", "--json", "other.json");
        Assert.Contains("another SHA-256", (await _folder.Run("card", "--model", "model", "--figures", "other.json")).RequireOneLineOfError(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["none.json"], "{}", Token);
        Assert.Contains("this is no table of results", (await _folder.Run("card", "--model", "model", "--figures", "none.json")).RequireOneLineOfError(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["model/model.json"], (await File.ReadAllTextAsync(_folder["model/model.json"], Token)).Replace("\"croma\"", "\"x; rm -r ~\"", StringComparison.Ordinal), Token);
        Assert.Contains("a method that this version of Croma does not have", (await _folder.Run("card", "--model", "model")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public void Others_words_cannot_become_Markdown() => Assert.Equal(@"a b \<script> \`c\` \*\* \[x\](y)", ModelCard.Line("a\nb <script> `c` ** [x](y)"));

    /// <summary>Puts into a data set's manifest what the tiny one leaves out.</summary>
    private void Say(string data)
    {
        var path = _folder[$"{data}/manifest.json"];
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["description"] = "Directions in noise.";
        manifest["synthetic"] = new JsonArray("audio");
        manifest["provenance"] = new JsonArray(new JsonObject { ["what"] = "vectors", ["from"] = "a test | of ours", ["version"] = "1", ["licence"] = "CC-BY-4.0", ["note"] = "" });
        File.WriteAllText(path, manifest.ToJsonString());
    }

    private string Hash(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[$"{folder}/model.safetensors"])));
}
