using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Croma.Cli.Report;
using static Croma.Tests.ReportPage;

namespace Croma.Tests;

public sealed partial class ReportFormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void All_numbers_are_finite_and_drawn_within_the_drawing(int repeats)
    {
        var page = Parse(HtmlReport.Render(ReportSamples.Data(repeats)));
        Assert.DoesNotMatch("NaN|∞|Infinity", page.ToString());
        foreach (var svg in page.Descendants("svg").Where(s => s.Attribute("viewBox") != null))
        {
            var box = svg.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            foreach (var (names, most) in new[] { (new[] { "x", "x1", "x2", "cx" }, box[2]), (["y", "y1", "y2", "cy"], box[3]) })
                foreach (var attribute in svg.Descendants().Attributes().Where(a => names.Contains(a.Name.LocalName)))
                    Assert.InRange(double.Parse(attribute.Value, CultureInfo.InvariantCulture), 0, most);
        }
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere_and_nothing_runs()
    {
        var page = Parse(HtmlReport.Render(ReportSamples.Data()));
        string[] loading = ["script", "link", "img", "iframe", "object", "embed", "image", "use", "audio", "video", "source"];
        Assert.DoesNotContain(page.Descendants(), e => loading.Contains(e.Name.LocalName));
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "href" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotMatch("https?://|@import|url\\(", page.ToString());
    }

    [Fact]
    public void Html_and_xml_read_the_page_alike()
    {
        var text = HtmlReport.Render(ReportSamples.Data());
        // HTML knows no <x/> outside SVG, no entities within style, and closes void elements by itself
        string[] empty = [.. EmptyElement().Matches(text).Select(m => m.Groups[1].Value).Distinct()];
        Assert.Empty(empty.Except(["meta", "line", "path", "rect", "circle"]));
        Assert.DoesNotContain('&', Parse(text).Descendants("style").Single().ToString());
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_drawing_is_described_every_table_captioned_every_heading_tied_to_its_section()
    {
        var page = Parse(HtmlReport.Render(ReportSamples.Data()));
        Assert.All(page.Descendants("svg"), s => Assert.True(s.Attribute("aria-hidden") != null || s.Attribute("aria-label")!.Value.Length > 20));
        Assert.All(page.Descendants("table"), t => Assert.NotEmpty(t.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), t => Assert.Contains((string?)t.Attribute("scope"), new[] { "col", "row" }));
        Assert.All(page.Descendants("figure"), f => Assert.Single(f.Elements("figcaption")));
        Assert.All(page.Descendants("section"), s => Assert.Equal((string?)s.Attribute("aria-labelledby"), (string?)s.Element("h2")!.Attribute("id")));
        Assert.Contains("prefers-color-scheme:dark", page.Descendants("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_data_say_is_never_markup()
    {
        const string Hostile = "</style></title><script>alert(1)</script>&amp;\0\uD800 \"'";
        var data = ReportSamples.Data();
        var page = Parse(HtmlReport.Render(data with
        {
            Title = Hostile,
            Origin = data.Origin with { Machine = Hostile, Command = Hostile, ConceptNoun = Hostile, Target = Hostile },
            Concepts = [.. data.Concepts.Select(_ => Hostile)],
            Results = data.Results with { Results = [.. data.Results.Results.Append(data.Results.Results[0] with { Method = Hostile })] },
        }));
        Assert.Empty(page.Descendants("script"));
        Assert.Equal(Hostile.Replace('\0', '\uFFFD').Replace('\uD800', '\uFFFD'), page.Descendants("h1").Single().Value);
        Assert.Contains("🜁", HtmlReport.Render(data with { Title = "🜁" }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_the_page_in_Utf8_and_the_same_data_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        HtmlReport.Write(folder["runs/report.html"], ReportSamples.Data());
        Assert.Equal(HtmlReport.Render(ReportSamples.Data()), File.ReadAllText(folder["runs/report.html"]));
    }

    [GeneratedRegex(@"<([a-z1-6]+)(?:\s[^<>]*)?/>")]
    private static partial Regex EmptyElement();
}
