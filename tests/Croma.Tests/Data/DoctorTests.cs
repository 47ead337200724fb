using System.Text;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Doctor;

namespace Croma.Tests.Data;

/// <summary>Each finding of the doctor, on a data set with that one fault; and none on one without.</summary>
public sealed class DoctorTests : IDisposable
{
    private const int Width = 16;

    private readonly TemporaryFolder _folder = new();
    private int _number;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_data_set_has_no_findings()
    {
        var report = Examine(new Made());
        Assert.Empty(report.Findings);
        Assert.True(report.IsFit);
        Assert.Equal([12, 5, 5], report.Counts.Select(c => c.Concepts));
        Assert.Equal(new CountRange(5, 15, 15), report.Counts[2].TargetTasks);
    }

    [Fact]
    public void More_shots_than_there_are_samples_for_are_a_problem_with_what_can_be_asked()
    {
        var finding = Only(Examine(new Made(), new DoctorOptions(Shots: 6)), "samples", 2);
        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.Contains("5 of 5 classes of meta-validation have fewer than the 16 target samples", finding.What, StringComparison.Ordinal);
        Assert.Contains("at most 5 shots", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_classes_for_the_ways_asked_are_a_problem() =>
        Assert.Equal(["meta-validation has 5", "meta-test has 5"], Examine(new Made(), new DoctorOptions(Ways: 6)).Findings.Select(f => f.What.Split(" classes")[0]));

    [Fact]
    public void Few_labelled_source_samples_are_said()
    {
        Assert.Equal(Severity.Warning, Only(Examine(new Made { SourcesOf = c => c == 0 ? 2 : 6 }), "samples").Severity);
        Assert.Equal(Severity.Problem, Only(Examine(new Made { SourcesOf = c => c < 8 ? 2 : 6 }), "classes").Severity);
    }

    [Fact]
    public void Uneven_classes_are_said_with_the_largest_and_the_smallest() =>
        Assert.Equal(["c1: 60", "c0: 6"], Only(Examine(new Made { SourcesOf = c => c == 1 ? 60 : 6 }), "imbalance").Examples);

    [Fact]
    public void Few_pairs_are_a_warning_and_none_a_problem()
    {
        Assert.Equal(Severity.Warning, Only(Examine(new Made { PairsOf = c => c < 8 ? 2 : 0 }), "pairs").Severity);
        Assert.Equal(Severity.Problem, Only(Examine(new Made { PairsOf = _ => 0 }), "pairs").Severity);
        var clustered = Examine(new Made { PairsOf = _ => 0, ClusterOf = c => $"g{c / 3}", Unpaired = 4 });
        Assert.Empty(clustered.Findings);
    }

    [Fact]
    public void Unpaired_samples_are_a_warning()
    {
        var findings = Examine(new Made { Unpaired = 1 }).Findings;
        Assert.Equal(["22 samples of 'a' for alignment are in no pair and are not used", "22 samples of 'b' for alignment are in no pair and are not used"], findings.Select(f => f.What));
    }

    [Fact]
    public void A_target_sample_of_meta_test_that_was_in_training_is_a_leak()
    {
        var report = Examine(new Made { Change = (c, part, i, target, v) => target && part == Part.Target && c >= 17 && i == 0 ? Vector(c - 17, Part.Alignment, 1, target) : v });
        var finding = report.Findings.Single(f => f.Check == "leak");
        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.Contains("5 of 150 samples", finding.What, StringComparison.Ordinal);
        Assert.Contains("meta-train, alignment) = b", finding.Examples[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_near_duplicate_across_the_splits_is_a_warning()
    {
        var report = Examine(new Made { Change = (c, part, i, target, v) => target && part == Part.Target && c >= 19 && i == 0 ? [.. Vector(c - 19, Part.Target, 1, target).Select(x => (Half)((float)x + 0.01f))] : v });
        var finding = report.Findings.Single(f => f.Check == "leak");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("3 of 150 samples of 'b' by which methods are chosen or tested are nearly the same", finding.What, StringComparison.Ordinal);
    }

    [Theory, InlineData(2, Severity.Warning), InlineData(15, Severity.Problem)]
    public void Twins_among_shots_and_queries_are_weighed_by_how_often_they_meet(int twins, Severity severity)
    {
        var report = Examine(new Made { Change = (c, part, i, target, v) => target && part == Part.Target && c == 20 && i < twins ? Vector(c, part, 0, target) : v });
        var finding = report.Findings.First(f => f.What.Contains("as another of their class", StringComparison.Ordinal));
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(twins == 2 ? "about 0.5 %" : "about 10.0 %", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradicting_labels_are_said()
    {
        var report = Examine(new Made { Change = (c, part, i, target, v) => !target && part == Part.Source && c < 2 && i == 0 ? Vector(0, part, 0, target) : v });
        Assert.Contains(report.Findings, f => f.Severity == Severity.Warning && f.What == "2 samples of 'a' are exactly the same as ones of another class");
    }

    [Fact]
    public void A_missing_number_is_a_problem_with_its_column()
    {
        var finding = Only(Examine(new Made { Change = (c, part, i, target, v) => target && c == 3 && i == 0 && part == Part.Target ? [.. v[..5], Half.NaN, .. v[6..]] : v }), "numbers");
        Assert.Equal((Severity.Problem, "b 69: column 5 is missing (NaN)"), (finding.Severity, finding.Examples[0]));
    }

    [Fact]
    public void Columns_that_are_constant_or_of_another_size_are_said()
    {
        var report = Examine(new Made { Change = (_, _, _, _, v) => [.. v[..4], (Half)3, .. v[5..15], (Half)(5000 * (float)v[15])] });
        Assert.Contains(report.Findings, f => f.Severity == Severity.Note && f.What == "1 of 16 columns of 'a' are the same in all samples" && f.Examples[0] == "column 4: 3");
        Assert.Contains(report.Findings, f => f.Severity == Severity.Warning && f.What.StartsWith("columns of 'b' are of very different size", StringComparison.Ordinal));
        Assert.Equal(Severity.Problem, Examine(new Made { Change = (_, _, _, target, v) => target ? [.. v.Select(_ => (Half)1)] : v }).Findings[0].Severity);
    }

    [Theory]
    [InlineData("caf\u00C3\u00A9", "Latin-1")]
    [InlineData("\u00E2\u20AC\u0153quoted\u00E2\u20AC\u009D", "Latin-1")]
    [InlineData("caf\uFFFD", "U+FFFD")]
    [InlineData("c\0a\0f\0", "control characters")]
    [InlineData(" \n", "empty")]
    public void Text_of_a_wrong_encoding_is_said(string text, string what) =>
        Assert.Contains(what, Only(Examine(new Made { TextOf = (c, i) => c == 0 && i == 0 ? Encoding.UTF8.GetBytes(text) : Text(c, i) }), "text").What, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_problem() =>
        Assert.Equal(Severity.Problem, Only(Examine(new Made { TextOf = (c, i) => c == 0 && i == 0 ? [0xFF, 0xFE] : Text(c, i) }), "text").Severity);

    [Theory]
    [InlineData("über café – naïve")]
    [InlineData("Ελληνικά")]
    [InlineData("日本語")]
    [InlineData("Ã")]
    public void Text_of_other_languages_is_not_taken_for_garbled(string text) =>
        Assert.Empty(Examine(new Made { TextOf = (c, i) => c == 0 && i == 0 ? Encoding.UTF8.GetBytes(text) : Text(c, i) }).Findings);

    [Fact]
    public void Texts_that_differ_in_case_and_spaces_only_are_near_duplicates() =>
        Assert.Equal("1 of 354 samples of 'a' are the same but for case, spaces and punctuation as an earlier one",
            Only(Examine(new Made { TextOf = (c, i) => c == 0 && i < 2 ? Encoding.UTF8.GetBytes(i == 0 ? "Hello, World" : "hello world!") : Text(c, i) }), "near-duplicates").What);

    [Fact]
    public void Pictures_of_one_colour_are_said_and_near_ones_found()
    {
        var folder = _folder["pictures"];
        var writer = new DatasetWriter("pictures", 1, ModalityWriter.Images("photo", 16, 16), ModalityWriter.Features("b", Width));
        writer.AddConcept("c", "c", ConceptSplit.MetaTrain);
        var random = new CounterRandom(5, 5);
        byte[] one = [.. Enumerable.Range(0, 768).Select(_ => (byte)random.Next(250))], other = [.. Enumerable.Range(0, 768).Select(_ => (byte)random.Next(250))];
        foreach (var pixels in new byte[][] { one, other, [.. one.Select(p => (byte)(p + 1))], new byte[768] }) writer.Source.Add(0, Part.Source, ModalityData.NoGroup, pixels);
        writer.Write(folder);
        using var dataset = CrossModalDataset.Open(folder);
        var findings = DatasetDoctor.Examine(dataset, cancellation: TestContext.Current.CancellationToken).Findings;
        Assert.Contains(findings, f => f.What == "1 of 4 pictures of 'photo' are of one colour" && f.Examples[0] == "photo 3");
        Assert.Contains(findings, f => f.What.StartsWith("1 of 4 samples of 'photo' are nearly the same", StringComparison.Ordinal) && f.Examples[0].Contains("= photo 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Near_duplicates_are_those_that_comparing_all_with_all_finds()
    {
        var random = new CounterRandom(9, 9);
        var vectors = new List<Half[]>();
        for (var i = 0; i < 400; i++)
            vectors.Add(i % 4 != 0 || i == 0 ? [.. Enumerable.Range(0, Width).Select(_ => (Half)random.NextNormal())] : [.. vectors[random.Next(i)].Select(v => (Half)((float)v + 0.03f * (float)random.NextNormal()))]);
        var writer = new DatasetWriter("near", 1, ModalityWriter.Features("a", Width), ModalityWriter.Features("b", Width));
        writer.AddConcept("c", "c", ConceptSplit.MetaTrain);
        foreach (var vector in vectors) writer.Source.Add(0, Part.Source, ModalityData.NoGroup, vector);
        writer.Write(_folder["near"]);
        using var dataset = CrossModalDataset.Open(_folder["near"]);
        var found = NearVectors.Find(dataset.Source, new DuplicateSets([]), TestContext.Current.CancellationToken).Sets;

        double[] variances = [.. Enumerable.Range(0, Width).Select(c => vectors.Average(v => (double)v[c] * (double)v[c]) - Math.Pow(vectors.Average(v => (double)v[c]), 2))];
        double Squared(int i, int j) => Enumerable.Range(0, Width).Sum(c => Math.Pow((double)vectors[i][c] - (double)vectors[j][c], 2) / variances[c]);
        const double typical = 2 * Width;
        var near = (from i in Enumerable.Range(0, 400) from j in Enumerable.Range(i + 1, 399 - i) where Squared(i, j) <= 0.02 * 0.02 * typical select (i, j)).ToList();
        var setOf = found.Index().SelectMany(s => s.Item.Select(m => (m, s.Index))).ToDictionary();
        Assert.True(near.Count > 5);
        Assert.All(near, p => Assert.Equal(setOf[p.i], setOf[p.j]));
        Assert.Equal(near.SelectMany(p => new[] { p.i, p.j }).Distinct().Order(), setOf.Keys.Order());
    }

    private static Diagnosis Only(DoctorReport report, string check, int times = 1)
    {
        Assert.All(report.Findings, f => Assert.Equal(check, f.Check));
        Assert.Equal(times, report.Findings.Count);
        return report.Findings[0];
    }

    private DoctorReport Examine(Made made, DoctorOptions? options = null)
    {
        var folder = _folder[$"set{_number++}"];
        made.Write(folder);
        using var dataset = CrossModalDataset.Open(folder);
        return DatasetDoctor.Examine(dataset, options, cancellation: TestContext.Current.CancellationToken);
    }

    private static byte[] Text(int concept, int i) => Encoding.UTF8.GetBytes($"text {concept} {i}");

    private static Half[] Vector(int concept, Part part, int i, bool target)
    {
        var random = new CounterRandom(3, CounterRandom.Stream($"{part}{target}", concept, i));
        return [.. Enumerable.Range(0, Width).Select(_ => (Half)random.NextNormal())];
    }

    /// <summary>A data set of 22 classes, 12 of them of meta-train, in which nothing is the matter but what a test changes.</summary>
    private sealed class Made
    {
        public Func<int, int> SourcesOf { get; init; } = _ => 6;

        public Func<int, int> PairsOf { get; init; } = _ => 6;

        public Func<int, string?> ClusterOf { get; init; } = _ => null;

        public int Unpaired { get; init; }

        public Func<int, int, byte[]>? TextOf { get; init; }

        public Func<int, Part, int, bool, Half[], Half[]> Change { get; init; } = (_, _, _, _, vector) => vector;

        public void Write(string folder)
        {
            const int Classes = 22, Train = 12, Validation = 17;
            var writer = new DatasetWriter("made", 1, TextOf is null ? ModalityWriter.Features("a", Width) : ModalityWriter.Bytes("a"), ModalityWriter.Features("b", Width));
            for (var c = 0; c < Classes; c++)
            {
                writer.AddConcept($"c{c}", $"c{c}", c < Train ? ConceptSplit.MetaTrain : c < Validation ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest, ClusterOf(c));
                var texts = 0;
                for (var i = 0; i < PairsOf(c) + Unpaired; i++)
                {
                    var (source, target) = (AddSource(c, Part.Alignment, i, ref texts), AddTarget(c, Part.Alignment, i));
                    if (i < PairsOf(c)) writer.AddPair(source, target);
                }
                for (var i = 0; i < (c < Train ? SourcesOf(c) : 15); i++) AddSource(c, Part.Source, i, ref texts);
                for (var i = 0; i < 15; i++) AddTarget(c, Part.Target, i);
            }
            writer.Write(folder);

            int AddSource(int c, Part part, int i, ref int texts) => TextOf is { } text
                ? writer.Source.Add(c, part, ModalityData.NoGroup, text(c, texts++))
                : writer.Source.Add(c, part, ModalityData.NoGroup, Change(c, part, i, false, Vector(c, part, i, false)));

            int AddTarget(int c, Part part, int i) => writer.Target.Add(c, part, ModalityData.NoGroup, Change(c, part, i, true, Vector(c, part, i, true)));
        }
    }
}
