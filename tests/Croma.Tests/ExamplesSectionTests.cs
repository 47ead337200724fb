using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using Croma.Cli.Experiments;
using Croma.Cli.Report;
using Croma.Cli.Report.Charts;
using static Croma.Tests.ReportPage;

namespace Croma.Tests;

/// <summary>Answers and retrieved items in the report of an experiment.</summary>
public sealed class ExamplesSectionTests
{
    private const string Hostile = "</blockquote><script>alert(1)</script>&amp;\0\"'";

    [Fact]
    public void Right_and_wrong_answers_are_so_in_words()
    {
        var page = Page(ExamplesSection.Draw(Predictions("Spanish")));
        string[] cells = [.. page.Descendants("tbody").First().Descendants("td").Skip(1).Select(Text)];
        Assert.Equal(["✓ right Spanish", "✗ wrong Korean"], cells);
    }

    [Fact]
    public void Hits_and_near_misses_are_so_in_words()
    {
        var page = Page(ExamplesSection.Draw(Retrieved("text")));
        Assert.Equal(["✓ hit, the pair’s own Spanish", "✗ another concept Korean", "≈ same concept, another sample Spanish", "✓ hit, the pair’s own Spanish"],
            page.Descendants("tbody").Single().Descendants("td").Select(Text).Select(t => t.Replace("This browser plays no sound. ", "", StringComparison.Ordinal)));
        Assert.Contains("the pair’s own is in place 2", Text(page.Descendants("thead").Single()), StringComparison.Ordinal);
    }

    [Fact]
    public void Sounds_are_within_the_page_have_names_and_can_be_read_as_html()
    {
        var html = HtmlPage.Render("t", ExamplesSection.Draw(Predictions("Spanish")), ExamplesSection.Draw(Retrieved("text")));
        var players = Parse(html).Descendants("audio").ToList();
        Assert.NotEmpty(players);
        Assert.All(players, p => Assert.StartsWith("data:audio/wav;base64,", (string?)p.Attribute("src"), StringComparison.Ordinal));
        Assert.All(players, p => Assert.NotEmpty((string?)p.Attribute("aria-label") ?? ""));
        // HTML knows no <audio/>: what follows would be within it
        Assert.DoesNotMatch("<audio[^>]*/>", html);
        Assert.Contains("media-src data:", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_samples_say_is_never_markup()
    {
        var page = Page(ExamplesSection.Draw(Retrieved(Hostile)), ExamplesSection.Draw(Predictions(Hostile)));
        Assert.Empty(page.Descendants("script"));
        Assert.Equal(Hostile.Replace('\0', '\uFFFD'), page.Descendants("blockquote").Single().Value);
        // scripts that run from right to left are shown so
        Assert.Equal("auto", (string?)page.Descendants("blockquote").Single().Attribute("dir"));
    }

    [Fact]
    public void A_sample_without_media_is_drawn_with_time_to_the_right_and_low_bands_below()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        var contents = dataset.Target.Contents;
        var png = SamplePicture.Of(contents, 3);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal((contents.Length(3), contents.Width), (width, height));
        // a chunk of no bytes has one checksum, which the standard's readers know
        Assert.Equal([0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
        var data = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var inflated = new ZLibStream(new MemoryStream(png, 41, data), CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        inflated.CopyTo(pixels);
        var frames = new float[width * height];
        contents.CopyFrames(3, 0, width, frames);
        var (darkest, lightest) = (Array.IndexOf(frames, frames.Max()), Array.IndexOf(frames, frames.Min()));
        Assert.Equal((0, 255), (Pixel(darkest), Pixel(lightest)));

        int Pixel(int number) => pixels.ToArray()[(height - 1 - number % height) * (width + 1) + 1 + number / height];
    }

    private static XElement Page(params XElement[] sections) => Parse(HtmlPage.Render("t", sections));

    private static SampleView Sound(string concept) => new(1, concept, SampleForm.Sound, null) { Uri = "data:audio/wav;base64,UklGRg==" };

    private static PredictionExamples Predictions(string concept) => new("speech", 1, ["CroMA", "Oracle"], [[Sound(concept)]],
        [new PredictionExample(Sound(concept), [new Answer("CroMA", concept, Right: true), new Answer("Oracle", "Korean", Right: false)])]);

    private static RetrievalExamples Retrieved(string text) => new("text", "speech", 5, 10,
    [
        new RetrievalExample(new SampleView(2, "Spanish", SampleForm.Text, text),
        [
            new RetrievedList("CroMA", 1, [new RetrievedItem(Sound("Spanish"), RetrievedIs.ItsPair), new RetrievedItem(Sound("Spanish"), RetrievedIs.ItsConcept)]),
            new RetrievedList("No align", 2, [new RetrievedItem(Sound("Korean"), RetrievedIs.Other), new RetrievedItem(Sound("Spanish"), RetrievedIs.ItsPair)]),
        ]),
    ]);
}
