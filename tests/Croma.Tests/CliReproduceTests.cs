using System.Text.Json;
using System.Xml.Linq;

namespace Croma.Tests;

/// <summary>croma reproduce on the synthetic studies.</summary>
public sealed class CliReproduceTests
{
    [Theory, InlineData("figure8", 1, 5), InlineData("appendix-e", 3, 2)]
    public async Task A_study_gives_figures_findings_and_files(string name, int tables, int findings)
    {
        using var folder = new TemporaryFolder();
        var result = await Reproduce(folder, name, "--json", "-");
        Assert.Equal(0, result.Code);
        Assert.Equal(["version", "experiment", "title", "expectation", "scale", "seed", "machine", "seconds", "outcome", "csv", "report"], Names(result.Json));
        Assert.Equal((name, "smoke"), (result.Json.GetProperty("experiment").GetString(), result.Json.GetProperty("scale").GetString()));
        var outcome = result.Json.GetProperty("outcome");
        Assert.Equal((tables, findings), (outcome.GetProperty("tables").GetArrayLength(), outcome.GetProperty("findings").GetArrayLength()));
        var cells = outcome.GetProperty("tables").EnumerateArray().SelectMany(t => t.GetProperty("cells").EnumerateArray()).ToList();
        Assert.All(cells, c => Assert.True(c.GetProperty("mean").GetDouble() > 0 && c.GetProperty("predicted").GetDouble() > 0));

        var lines = await File.ReadAllLinesAsync(folder[$"out/{name}-smoke.csv"], TestContext.Current.CancellationToken);
        Assert.Equal(cells.Count + 1, lines.Length);
        var markdown = await File.ReadAllLinesAsync(folder[$"out/{name}-smoke.md"], TestContext.Current.CancellationToken);
        Assert.Equal((tables, findings), (markdown.Count(l => l.StartsWith("## ", StringComparison.Ordinal)) - 1, markdown.Count(l => l.StartsWith("- Holds: ", StringComparison.Ordinal) || l.StartsWith("- **Does not hold**: ", StringComparison.Ordinal))));
        var pictures = markdown.Where(l => l.StartsWith("![", StringComparison.Ordinal)).Select(l => l[(l.LastIndexOf('(') + 1)..^1]).ToList();
        Assert.Equal(Enumerable.Range(1, tables).Select(table => $"{name}-smoke-{table}.svg"), pictures);
        Assert.All(pictures, picture => Assert.Equal("svg", XDocument.Load(folder[$"out/{picture}"]).Root!.Name.LocalName));
        var page = ReportPage.Parse((await File.ReadAllTextAsync(folder[$"out/{name}-smoke.html"], TestContext.Current.CancellationToken)).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        Assert.Equal(tables, page.Descendants("svg").Count(s => s.Attribute("role") != null));
        Assert.True(JsonElement.DeepEquals(outcome, JsonDocument.Parse(await File.ReadAllTextAsync(folder[$"out/{name}-smoke.json"], TestContext.Current.CancellationToken)).RootElement.GetProperty("outcome")));
    }

    [Fact]
    public async Task The_three_observations_of_section_5_5_hold()
    {
        using var folder = new TemporaryFolder();
        var findings = (await Reproduce(folder, "figure8", "--json", "-")).Json.GetProperty("outcome").GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings.Take(4), f => Assert.True(f.GetProperty("holds").GetBoolean(), f.ToString()));
    }

    [Fact]
    public async Task What_is_there_is_not_computed_again_and_another_seed_is_not_there()
    {
        using var folder = new TemporaryFolder();
        var first = await Reproduce(folder, "figure8", "--json", "-", "--threads", "1");
        var run = Assert.Single(Directory.GetFiles(folder["out/runs"]));
        var stamp = File.GetLastWriteTimeUtc(run);
        var second = await Reproduce(folder, "figure8", "--json", "-", "--threads", "2");
        Assert.True(JsonElement.DeepEquals(first.Json.GetProperty("outcome"), second.Json.GetProperty("outcome")));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(folder["out/runs"]))));
        await Reproduce(folder, "figure8", "--seed", "2");
        Assert.Equal(2, Directory.GetFiles(folder["out/runs"]).Length);
    }

    [Fact]
    public async Task Resume_begins_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("'out' holds no runs to go on with", (await Reproduce(folder, "figure8", "--resume")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
        Assert.Equal(0, (await Reproduce(folder, "figure8")).Code);
        Assert.Equal(0, (await Reproduce(folder, "figure8", "--resume")).Code);
    }

    [Fact]
    public async Task The_table_and_what_it_shows_are_printed()
    {
        using var folder = new TemporaryFolder();
        var result = await Reproduce(folder, "figure8");
        Assert.Contains("supervised, target (n = 40)", result.Out, StringComparison.Ordinal);
        Assert.Contains("holds: (3) Even weak alignment", result.Out, StringComparison.Ordinal);
        Assert.Contains("report: out/figure8-smoke.html", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("figure9", "smoke", "no experiment 'figure9'; did you mean 'figure8'?")]
    [InlineData("figure8", "smal", "no scale 'smal'; did you mean 'small'?")]
    public async Task Bad_input_is_one_line(string name, string scale, string message)
    {
        var result = await CliProcess.Run(Path.GetTempPath(), "reproduce", name, "--scale", scale);
        Assert.Contains(message, result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_none_is_one_line()
    {
        using var folder = new TemporaryFolder();
        await Reproduce(folder, "figure8");
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(folder["out/runs"])), "{}", TestContext.Current.CancellationToken);
        var result = await Reproduce(folder, "figure8");
        Assert.Contains("remove it and it is made again", result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    private static Task<CliResult> Reproduce(TemporaryFolder folder, string name, params IEnumerable<string> more) =>
        CliProcess.Run(folder.Path, ["reproduce", name, "--scale", "smoke", "--out", "out", "--quiet", .. more]);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
