using System.Text.Json;
using Croma.Data;
using Croma.Search;
using Croma.Tests.Data;

namespace Croma.Tests;

/// <summary>croma index and croma retrieve, end to end.</summary>
public sealed class CliRetrieveTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_index_answers_as_the_collection_itself_does()
    {
        await _folder.Train("model", "sequences");
        var indexed = await _folder.Run("index", "--model", "model", "sequences", "--modality", "target", "--out", "speech.index", "--quiet", "--json", "-");
        Assert.Equal((0, ""), (indexed.Code, indexed.Error));
        Assert.Equal(("speech", 720, 16), (Text(indexed.Json, "modality"), indexed.Json.GetProperty("items").GetInt32(), indexed.Json.GetProperty("dimension").GetInt32()));
        var (file, folder) = (await Retrieve("speech.index"), await Retrieve("sequences"));
        Assert.Equal(Strip(folder), Strip(file));
        var hits = file.Json.GetProperty("results")[0].GetProperty("hits").EnumerateArray().ToList();
        Assert.Equal(4, hits.Count);
        Assert.Equal(("text", "speech"), (Text(file.Json, "queryModality"), Text(file.Json, "modality")));
        Assert.Equal(hits.Select(h => h.GetProperty("score").GetDouble()).OrderDescending(), hits.Select(h => h.GetProperty("score").GetDouble()));

        // the library's cosines, in double precision
        using var dataset = CrossModalDataset.Open(_folder["sequences"]);
        using var model = SearchModel.Load(_folder["model"]);
        var query = model.Embed(ModalityRole.Source, new MemorySamples(model.Shape(ModalityRole.Source), new byte[][] { "abcabc"u8.ToArray() }), cancellation: TestContext.Current.CancellationToken)[0];
        var rows = model.Embed(ModalityRole.Target, dataset.Target.Contents, threads: 2, cancellation: TestContext.Current.CancellationToken);
        foreach (var hit in hits)
            Assert.Equal(rows[hit.GetProperty("position").GetInt32()].Zip(query, (a, b) => a * b).Sum(), hit.GetProperty("score").GetDouble(), 2e-3);

        var lines = (await _folder.Run("retrieve", "--model", "model", "--query", "abcabc", "--in", "speech.index", "--top", "4", "--format", "jsonl")).Out.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(hits.Select(h => Text(h, "item")), lines.Select(l => Text(l, "item")));
        Assert.Equal([1, 2, 3, 4], lines.Select(l => l.GetProperty("rank").GetInt32()));
        var table = await _folder.Run("retrieve", "--model", "model", "--query", "abcabc", "--in", "speech.index", "--top", "2");
        Assert.Equal("abcabc", table.Out.Split('\n')[0]);
        Assert.Contains(Text(hits[0], "item"), table.Out.Split('\n')[1], StringComparison.Ordinal);

        Task<CliResult> Retrieve(string where) => _folder.Run("retrieve", "--model", "model", "--query", "abcabc", "--in", where, "--modality", "target", "--top", "4", "--quiet", "--json", "-");
        static string Strip(CliResult result) => result.Json.GetProperty("results").GetRawText();
    }

    [Fact]
    public async Task Another_model_is_refused_in_one_line_and_pairs_make_it_another()
    {
        await _folder.Train("model", "sequences");
        await _folder.Train("second", "sequences", "--seed", "2");
        Directory.CreateDirectory(_folder["frames"]);
        var random = new Croma.Compute.CounterRandom(1, 1);
        var pairs = "source,target\n";
        for (var i = 0; i < 6; i++)
        {
            File.WriteAllBytes(_folder[$"frames/{i}.npy"], NpyFiles.Of([.. Enumerable.Range(0, 30).Select(_ => (float)random.NextNormal())], 5, 6));
            pairs += $"text {(char)('a' + i)},frames/{i}.npy\n";
        }
        File.WriteAllText(_folder["pairs.csv"], pairs);
        Assert.Equal(0, (await _folder.Run("index", "--model", "model", "frames", "--out", "plain.index")).Code);
        Assert.Equal(0, (await _folder.Run("index", "--model", "model", "frames", "--pairs", "pairs.csv", "--out", "aligned.index")).Code);

        await Fails("another model", "retrieve", "--model", "second", "--query", "text a", "--in", "plain.index");
        await Fails("another model", "retrieve", "--model", "model", "--pairs", "pairs.csv", "--query", "text a", "--in", "plain.index");
        await Fails("another model", "retrieve", "--model", "model", "--query", "text a", "--in", "aligned.index");
        await Fails("another model", "retrieve", "--model", "model", "--pairs", "pairs.csv", "--seed", "9", "--query", "text a", "--in", "aligned.index");
        var (before, after) = (await Rank("plain.index"), await Rank("aligned.index", "--pairs", "pairs.csv"));
        Assert.Equal(6, after.Json.GetProperty("alignedOn").GetInt32());
        // aligning draws the pairs together
        Assert.True(Own(after) > Own(before), $"{Own(before)} and {Own(after)}");

        Task<CliResult> Rank(string index, params string[] more) => _folder.Run(["retrieve", "--model", "model", "--query", "text a", "--in", index, "--json", "-", .. more]);
        static double Own(CliResult r) => r.Json.GetProperty("results")[0].GetProperty("hits").EnumerateArray().Single(h => h.GetProperty("item").GetString()!.EndsWith("0.npy", StringComparison.Ordinal)).GetProperty("score").GetDouble();
    }

    [Fact]
    public async Task Wrong_inputs_get_one_line_each()
    {
        await _folder.Train("model");
        await Fails("say which", "index", "--model", "model", "data", "--out", "x");
        await Fails("neither a vector of 6 numbers", "retrieve", "--model", "model", "--query", "some words", "--in", "data");
        await Fails("--modality takes source, target, image or audio, not 'sound'", "index", "--model", "model", "data", "--out", "x", "--modality", "sound");
        await Fails("holds no model", "index", "--model", "nothing", "data", "--out", "x");
        await Fails("Query and items may be of either", "retrieve", "--model", "model", "--query", "data", "--in", "data");
        File.WriteAllText(_folder["not.index"], "this is no index at all, although it is long enough");
        await Fails("header's length", "retrieve", "--model", "model", "--query", "data", "--in", "not.index");
        await Fails("did you mean 'jsonl'", "retrieve", "--model", "model", "--query", "data", "--in", "data", "--format", "json");
        File.WriteAllText(_folder["pairs.csv"], "source,target\n../x.npy,y.npy\na,b\n");
        await Fails("leaves the folder", "index", "--model", "model", "data", "--out", "x", "--pairs", "pairs.csv");
        Assert.False(Path.Exists(_folder["x"]) || Path.Exists(_folder["x.partial"]));
    }

    [Fact]
    public async Task An_interrupted_index_goes_on_and_a_changed_collection_is_refused()
    {
        await _folder.Train("model", "sequences");
        Directory.CreateDirectory(_folder["texts"]);
        for (var i = 0; i < 700; i++) File.WriteAllText(_folder[$"texts/{i:000}.txt"], $"text {i}");
        Assert.Equal(0, (await _folder.Run("index", "--model", "model", "texts", "--out", "whole.index", "--quiet")).Code);

        // the second portion of 512 files has one that cannot be read
        File.WriteAllBytes(_folder["texts/600.txt"], [0xFF, 0xFE, 0]);
        var result = await _folder.Run("index", "--model", "model", "texts", "--out", "texts.index", "--quiet");
        Assert.Contains("600.txt", result.RequireOneLineOfError(), StringComparison.Ordinal);
        File.WriteAllText(_folder["texts/600.txt"], "text 600");
        var on = await _folder.Run("index", "--model", "model", "texts", "--out", "texts.index", "--quiet");
        Assert.Equal((0, "going on after 512 items\n"), (on.Code, on.Error));
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.index"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["texts.index"], TestContext.Current.CancellationToken));

        File.WriteAllBytes(_folder["texts/600.txt"], [0xFF, 0xFE, 0]);
        Assert.Equal(2, (await _folder.Run("index", "--model", "model", "texts", "--out", "other.index", "--quiet")).Code);
        File.WriteAllText(_folder["texts/001.txt"], "another text");
        var changed = await _folder.Run("index", "--model", "model", "texts", "--out", "other.index", "--quiet");
        Assert.Contains("not what the interrupted run read", changed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["other.index"]));
    }

    private async Task Fails(string words, params string[] arguments) => Assert.Contains(words, (await _folder.Run(arguments)).RequireOneLineOfError(), StringComparison.Ordinal);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
