using System.Globalization;
using System.Xml.Linq;
using Croma.Cli.Report;
using static Croma.Tests.ReportPage;

namespace Croma.Tests;

public sealed class ReportPageTests
{
    [Fact]
    public void The_page_holds_what_was_agreed_in_the_agreed_order()
    {
        const string expected = """
            h1 A report
            h2 What was done
            h2 Accuracy
            caption Accuracy in per cent on languages never met in training, 5-way; k labelled samples a class
            th Method, and what it read of speech | k = 1 | k = 5 | k = 10
            th CroMA 1,234 samples, no labels
            th Unimodal fine-tuning no speech in training
            th Align + Meta Classify 1,234 samples, no labels
            th Oracle (within modality) 1,234 samples, all labelled
            svg Accuracy in per cent with k = 1: CroMA 52.0 ± 2.5; Unimodal fine-tuning 47.0 ± 2.5; Align + Meta Classify 42.0 ± 2.5; Oracle (within modality) 67.0 ± 2.5
            svg Accuracy in per cent with k = 5: CroMA 56.0 ± 2.5; Unimodal fine-tuning 51.0 ± 2.5; Align + Meta Classify 46.0 ± 2.5; Oracle (within modality) 71.0 ± 2.5
            svg Accuracy in per cent with k = 10: CroMA 61.0 ± 2.5; Unimodal fine-tuning 56.0 ± 2.5; Align + Meta Classify 51.0 ± 2.5; Oracle (within modality) 76.0 ± 2.5
            figcaption The table as a picture: dot = mean, line = 95 % confidence interval, dashed = guessing.
            h2 Learning curves
            svg Accuracy on meta-validation, %, by meta-iteration: CroMA from 27.0 to 47.0; Align + Meta Classify from 29.0 to 49.0; Oracle (within modality) from 30.0 to 50.0
            svg CroMA’s alignment loss, by meta-iteration: CroMA from 2.100 to 1.100
            svg CroMA’s classification loss, by meta-iteration: CroMA from 1.400 to 1.200
            figcaption By meta-iteration: line = mean of 3 repeats, band = from the least to the greatest. Meta-validation has languages of its own, neither of training nor of the test; the best iteration on it is the one that is tested. No curve: Unimodal fine-tuning, which does not train before meeting the languages of the test.
            caption Mean accuracy on meta-validation’s languages, in per cent
            th Iteration | CroMA | Align + Meta Classify | Oracle (within modality)
            th 0
            th 10
            th 20
            h2 What CroMA takes for what, k = 5
            svg Confusion matrix of 6 languages: 72 of 90 right. Its numbers are in the table below.
            figcaption Row: what it was; column: what CroMA took it for; in per cent of the row. 72 of 90 answers, over 2 tasks and 3 repeats, were right. A task offers 5 of the 6 languages, so a pair that seldom met was seldom confused. Most often, Welsh was taken for Swahili: 3 times of 15.
            caption Answers counted; row: what it was, column: what it was taken for
            th Was | Welsh | Swahili | Tagalog | Tamil | Māori | Zulu <&> "Natal"
            th Welsh
            th Swahili
            th Tagalog
            th Tamil
            th Māori
            th Zulu <&> "Natal"
            h2 The shared space
            svg Before training (random start): map of 40 embeddings of Welsh, Swahili, Tagalog and Tamil; cosine of true pairs 0.10, of others 0.05; 25 % find their own speech.
            svg After CroMA’s training: map of 40 embeddings of Welsh, Swahili, Tagalog and Tamil; cosine of true pairs 0.80, of others 0.15; 75 % find their own speech.
            figcaption 20 pairs of 4 languages of the test. The plane is that of the first two principal components of text and speech together; it knows nothing of the languages. The large marks are the means of the text and of the speech, joined by a line. Each map has its own scale.
            caption Measured in all dimensions of the space, not on the map
            th Measure | before | after
            th Mean cosine of true pairs (text and speech of the same content)
            th Mean cosine of text and speech of different languages
            th Gap: distance of the mean of all text from the mean of all speech
            th Nearest centre of speech is the right one, of 4 (guessing: 25 %)
            """;
        Assert.Equal(expected.Split('\n'), Outline(Parse(HtmlReport.Render(ReportSamples.Data()))));
    }

    [Fact]
    public void The_summary_says_that_speech_is_synthesised_and_how_to_repeat_the_run()
    {
        var text = Text(Section(Parse(HtmlReport.Render(ReportSamples.Data())), "done"));
        foreach (var part in new[] { "udhr-speech", "The speech is synthesised by a program", "narrower than the paper’s (half the width)", "2 cores", "6 min 40 s", "2026-01-02 03:04 UTC", "Croma 0.1.0, commit 0123abc", "./croma demo --seed 7", new string('b', 64) })
            Assert.Contains(part, text, StringComparison.Ordinal);

        var data = ReportSamples.Data();
        var real = Text(Section(Parse(HtmlReport.Render(data with { Origin = data.Origin with { Synthetic = [], Commit = null } })), "done"));
        Assert.DoesNotContain("synthesised", real, StringComparison.Ordinal);
        Assert.DoesNotContain("commit", real, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_is_bold_among_those_without_target_labels()
    {
        var accuracy = Section(Parse(HtmlReport.Render(ReportSamples.Data())), "accuracy");
        Assert.Equal(["52.0 ± 2.5", "56.0 ± 2.5", "61.0 ± 2.5"], accuracy.Descendants("td").Elements("strong").Select(Text));

        var data = ReportSamples.Data();
        var labelled = data with { Results = data.Results with { Results = [.. data.Results.Results.Select(r => r with { TargetLabels = 9 })] } };
        Assert.Equal(["67.0 ± 2.5", "71.0 ± 2.5", "76.0 ± 2.5"], Section(Parse(HtmlReport.Render(labelled)), "accuracy").Descendants("td").Elements("strong").Select(Text));
    }

    [Fact]
    public void The_matrix_shades_by_row_and_counts_on_hover()
    {
        var cells = Section(Parse(HtmlReport.Render(ReportSamples.Data())), "confusion").Descendants("g").Where(g => (string?)g.Attribute("class") == "cell").ToList();
        Assert.Equal(36, cells.Count);
        Assert.Equal("Welsh taken for Swahili: 3 of 15 (20.0 %)", cells[1].Descendants("title").Single().Value);
        Assert.Equal("0.2", cells[1].Elements("rect").Single(r => (string?)r.Attribute("class") == "heat").Attribute("fill-opacity")!.Value);
        Assert.Equal(["80", "20"], cells.Take(6).Elements("text").Select(t => t.Value));
    }

    [Fact]
    public void Curves_have_a_band_from_the_least_to_the_greatest_repeat()
    {
        Assert.Equal(4, Bands(ReportSamples.Data()));
        Assert.Equal(0, Bands(ReportSamples.Data(repeats: 1)));
        var hover = Section(Parse(HtmlReport.Render(ReportSamples.Data())), "learning").Descendants("title").Select(t => t.Value);
        Assert.Contains("CroMA, iteration 10: 37.0 (35.0 to 39.0)", hover);

        // the repeats' values lie evenly, so their mean lies in the middle of the band
        var croma = Section(Parse(HtmlReport.Render(ReportSamples.Data())), "learning").Descendants("g").First(g => (string?)g.Attribute("class") == "s0" && g.Element("path") != null && g.Elements("circle").Count() == 6);
        var (band, line) = (Heights(croma, "band"), Heights(croma, "curve"));
        Assert.Equal(3, line.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(band[i] < line[i] - 1 && band[5 - i] > line[i] + 1);
            Assert.Equal(line[i], (band[i] + band[5 - i]) / 2, 0.02);
        }

        static List<double> Heights(XElement group, string style) =>
            [.. group.Elements("path").Single(p => (string?)p.Attribute("class") == style).Attribute("d")!.Value.Trim('M', 'Z').Split('L').Select(p => double.Parse(p.Split(' ')[1], CultureInfo.InvariantCulture))];

        static int Bands(ReportData data) => Section(Parse(HtmlReport.Render(data)), "learning").Descendants("path").Count(p => (string?)p.Attribute("class") == "band");
    }

    [Fact]
    public void One_repeat_has_no_interval()
    {
        var accuracy = Section(Parse(HtmlReport.Render(ReportSamples.Data(repeats: 1))), "accuracy");
        Assert.DoesNotContain("±", Text(accuracy), StringComparison.Ordinal);
        Assert.Contains("One training, so no confidence interval", Text(accuracy), StringComparison.Ordinal);
        Assert.DoesNotContain(accuracy.Descendants("line"), l => (string?)l.Attribute("class") == "interval");
    }

    [Fact]
    public void Methods_without_curves_are_named_instead()
    {
        var data = ReportSamples.Data();
        var without = data with { Runs = [.. data.Runs.Select(r => r with { Curve = [] })] };
        var learning = Section(Parse(HtmlReport.Render(without)), "learning");
        Assert.Empty(learning.Descendants("svg"));
        foreach (var method in ReportSamples.Methods) Assert.Contains(MethodNames.Title(method), Text(learning), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_results_are_refused()
    {
        var data = ReportSamples.Data();
        Assert.Throws<CromaException>(() => HtmlReport.Render(data with { Results = data.Results with { Results = [] } }));
        Assert.Contains("croma", Assert.Throws<CromaException>(() => HtmlReport.Render(data with { Runs = [] })).Message, StringComparison.Ordinal);
    }
}
