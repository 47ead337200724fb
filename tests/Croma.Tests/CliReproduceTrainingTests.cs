using System.Text.Json;
using System.Xml.Linq;
using Croma.Baselines;

namespace Croma.Tests;

/// <summary>croma reproduce where it trains, on small data at the smoke scale: one folder for all, as a user would have it.</summary>
public sealed class CliReproduceTrainingTests(CliReproduceTrainingTests.Data data) : IClassFixture<CliReproduceTrainingTests.Data>
{
    /// <summary>A data set that the experiments share, and their results.</summary>
    public sealed class Data : IDisposable
    {
        public Data() => TinyDataset.Write(Folder["data"], sequences: true, samplesPerPart: 20, trainConcepts: 20, media: true);

        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }

    [Fact]
    public async Task Table_2_has_every_method_beside_the_paper_s_figures()
    {
        var json = (await Reproduce("table2-text-speech")).Json;
        var cells = Cells(json);
        Assert.Equal((Methods.OfThePaper.Count - 1) * 3, cells.Count);
        var croma = cells.Single(c => c.GetProperty("row").GetString() == "CroMA" && c.GetProperty("column").GetString() == "5-shot");
        Assert.Equal((90.6, 1.5), (croma.GetProperty("paper").GetProperty("mean").GetDouble(), croma.GetProperty("paper").GetProperty("std").GetDouble()));
        Assert.Equal(JsonValueKind.Null, croma.GetProperty("p").ValueKind);
        Assert.All(cells.Where(c => c.GetProperty("row").GetString() != "CroMA"), c => Assert.True(c.GetProperty("holmP").GetDouble() >= c.GetProperty("p").GetDouble()));
        Assert.Contains("Holm", json.GetProperty("outcome").GetProperty("test").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, cells.First(c => c.GetProperty("row").GetString()!.StartsWith("Oracle", StringComparison.Ordinal)).GetProperty("targetLabels").GetInt32());
    }

    [Fact]
    public async Task Table_4_has_three_rows_and_five_measures_at_two_K()
    {
        var cells = Cells((await Reproduce("table4")).Json);
        Assert.Equal(2 * 5 * 3, cells.Count);
        Assert.Equal([39.0, 35.0], cells.Where(c => c.GetProperty("row").GetString() == "CroMA" && c.GetProperty("column").GetString() == "R@10").Select(c => c.GetProperty("paper").GetProperty("mean").GetDouble()));
    }

    [Fact]
    public async Task Images_and_sounds_have_the_rows_of_Table_8_and_weak_retrieval()
    {
        TinyImages.Write(data.Folder["images"]);
        var json = (await Reproduce("table2-image-audio", "images", "images-out")).Json;
        var cells = Cells(json);
        Assert.Equal(7 * 3, cells.Count);
        var croma = cells.Single(c => c.GetProperty("row").GetString() == "CroMA, weak pairs" && c.GetProperty("column").GetString() == "10-shot");
        Assert.Equal((92.7, 0), (croma.GetProperty("paper").GetProperty("mean").GetDouble(), croma.GetProperty("targetLabels").GetInt32()));
        Assert.Equal(JsonValueKind.Null, croma.GetProperty("p").ValueKind);
        var retrieval = Cells((await Reproduce("table4", "images", "images-out")).Json);
        Assert.Equal(2 * 6 * 3, retrieval.Count);
        Assert.Equal(JsonValueKind.Null, retrieval.First(c => c.GetProperty("column").GetString() == "cluster@10").GetProperty("paper").ValueKind);
        var refused = await CliProcess.Run(data.Folder.Path, "reproduce", "table2-image-audio", "--scale", "smoke", "--data", "data", "--quiet");
        Assert.Contains("is no data set of images with weak pairs", refused.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_table_2_plays_queries_of_the_first_task_beside_what_methods_took_them_for()
    {
        var json = (await Reproduce("table2-text-speech")).Json;
        var page = Report(json);
        var players = ReportPage.Section(page, "examples").Descendants("audio").Select(a => (string?)a.Attribute("src")).ToList();
        var examples = json.GetProperty("outcome").GetProperty("predictions");
        var queries = examples.GetProperty("queries").EnumerateArray().ToList();
        var samples = queries.Select(q => q.GetProperty("query")).Concat(examples.GetProperty("support").EnumerateArray().SelectMany(s => s.EnumerateArray()));
        Assert.Equal((5 * 2, 5 * 5 + 5 * 2), (queries.Count, players.Count));
        Assert.Equal(samples.Select(s => $"data:audio/wav;base64,{Convert.ToBase64String(TinyDataset.Sound(s.GetProperty("sample").GetInt32()))}"), players);

        var record = Directory.GetFiles(data.Folder["out/runs"], "croma-0-*.json").Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement).First(r => r.GetProperty("targetLabels").GetInt32() == 0);
        var five = record.GetProperty("results").EnumerateArray().Single(r => r.GetProperty("shots").GetInt32() == 5);
        Assert.Equal(new[] { 0, 1, 10, 11, 20, 21, 30, 31, 40, 41 }.Select(i => five.GetProperty("samples")[i].GetInt32()), queries.Select(q => q.GetProperty("query").GetProperty("sample").GetInt32()));
        Assert.Equal(new[] { 0, 1, 10, 11, 20, 21, 30, 31, 40, 41 }.Select(i => $"Concept {five.GetProperty("predictions")[i].GetInt32()}"), queries.Select(q => q.GetProperty("answers")[0].GetProperty("concept").GetString()));
    }

    [Fact]
    public async Task The_report_of_table_4_plays_what_was_found_with_and_without_alignment()
    {
        var json = (await Reproduce("table4")).Json;
        var examples = json.GetProperty("outcome").GetProperty("retrieved").GetProperty("queries").EnumerateArray().ToList();
        var section = ReportPage.Section(Report(json), "examples");
        Assert.Equal((5, 5, 5 * 2 * 5), (examples.Count, section.Descendants("blockquote").Count(), section.Descendants("audio").Count()));
        Assert.All(examples, e => Assert.Equal(["No align", "CroMA"], e.GetProperty("lists").EnumerateArray().Select(l => l.GetProperty("method").GetString())));
        // the pair's own is marked where its rank says that it is among the nearest
        foreach (var list in examples.SelectMany(e => e.GetProperty("lists").EnumerateArray()))
        {
            var hits = list.GetProperty("items").EnumerateArray().Select((item, i) => (Is: item.GetProperty("is").GetString(), Place: i + 1)).Where(i => i.Is == "ItsPair").Select(i => i.Place);
            Assert.Equal(list.GetProperty("rank").GetInt32() is var rank and <= 5 ? [rank] : [], hits);
        }
    }

    [Fact]
    public async Task Without_media_frames_are_drawn()
    {
        TinyDataset.Write(data.Folder["silent"], sequences: true, samplesPerPart: 20, trainConcepts: 20);
        var section = ReportPage.Section(Report((await Reproduce("table4", "silent", "silent-out")).Json), "examples");
        Assert.Empty(section.Descendants("audio"));
        Assert.All(section.Descendants("img"), i => Assert.StartsWith("data:image/png;base64,iVBOR", (string?)i.Attribute("src"), StringComparison.Ordinal));
        Assert.Equal(50, section.Descendants("img").Count());
    }

    [Fact]
    public async Task Figure_7_has_a_curve_a_method_and_k()
    {
        var json = (await Reproduce("figure7")).Json;
        Assert.Equal(3, json.GetProperty("outcome").GetProperty("tables").GetArrayLength());
        Assert.Equal([0, 0.8], Cells(json).Select(c => c.GetProperty("x").GetDouble()).Distinct().Order());
        Assert.True(File.Exists(data.Folder[json.GetProperty("report").GetString()!]));
    }

    [Fact]
    public async Task Ablations_compare_the_parts_and_the_choices()
    {
        var rows = Cells((await Reproduce("ablations")).Json).Select(c => c.GetProperty("row").GetString()).Distinct().ToList();
        Assert.Equal(10, rows.Count);
        Assert.Contains("CroMA, epsilon 0.1", rows);
    }

    [Fact]
    public async Task What_is_there_is_not_run_again()
    {
        var first = await Reproduce("figure7", out_: "again");
        var files = Directory.GetFiles(data.Folder["again/runs"], "*.json").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        foreach (var model in Directory.GetDirectories(data.Folder["again/runs"], "*.model")) Directory.Delete(model, recursive: true);
        var second = await Reproduce("figure7", out_: "again");
        Assert.True(JsonElement.DeepEquals(first.Json.GetProperty("outcome"), second.Json.GetProperty("outcome")));
        Assert.Empty(Directory.GetDirectories(data.Folder["again/runs"], "*.model"));
        Assert.All(files.Where(f => !Path.GetFileName(f.Key).StartsWith("episodes", StringComparison.Ordinal)), f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
    }

    [Fact]
    public async Task Data_without_clusters_lack_the_rows_that_need_them()
    {
        TinyDataset.Write(data.Folder["plain"], sequences: true, samplesPerPart: 20, trainConcepts: 20, clusters: false);
        var json = (await Reproduce("ablations", "plain", "plain-out")).Json;
        Assert.DoesNotContain(Cells(json), c => c.GetProperty("row").GetString() == "CroMA, weak pairs");
        Assert.Contains("CroMA, weak pairs", json.GetProperty("outcome").GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data nowhere", "nowhere: no data set here")]
    [InlineData("--data data --tuned nowhere", "no folder 'nowhere' of tuned configurations")]
    public async Task Bad_input_is_one_line(string options, string message)
    {
        var result = await CliProcess.Run(data.Folder.Path, ["reproduce", "table4", "--scale", "smoke", "--quiet", .. options.Split(' ')]);
        Assert.Contains(message, result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    private async Task<CliResult> Reproduce(string name, string from = "data", string out_ = "out")
    {
        var result = await CliProcess.Run(data.Folder.Path, "reproduce", name, "--scale", "smoke", "--data", from, "--out", out_, "--quiet", "--json", "-");
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result;
    }

    private XElement Report(JsonElement json) => ReportPage.Parse(File.ReadAllText(data.Folder[json.GetProperty("report").GetString()!]));

    private static List<JsonElement> Cells(JsonElement json) =>
        [.. json.GetProperty("outcome").GetProperty("tables").EnumerateArray().SelectMany(t => t.GetProperty("cells").EnumerateArray())];
}
