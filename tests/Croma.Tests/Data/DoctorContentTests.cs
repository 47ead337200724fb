using System.Text;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Doctor;

namespace Croma.Tests.Data;

/// <summary>What the doctor finds in texts and pictures, and which vectors it takes for near.</summary>
public sealed class DoctorContentTests : IDisposable
{
    private readonly DoctorFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("caf\u00C3\u00A9", "Latin-1")]
    [InlineData("\u00E2\u20AC\u0153quoted\u00E2\u20AC\u009D", "Latin-1")]
    [InlineData("caf\uFFFD", "U+FFFD")]
    [InlineData("c\0a\0f\0", "control characters")]
    [InlineData(" \n", "empty")]
    public void Text_of_a_wrong_encoding_is_said(string text, string what) =>
        Assert.Contains(what, DoctorFolder.Only(_folder.Examine(new DoctorData { TextOf = (c, i) => c == 0 && i == 0 ? Encoding.UTF8.GetBytes(text) : DoctorData.Text(c, i) }), "text").What, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_problem() =>
        Assert.Equal(Severity.Problem, DoctorFolder.Only(_folder.Examine(new DoctorData { TextOf = (c, i) => c == 0 && i == 0 ? [0xFF, 0xFE] : DoctorData.Text(c, i) }), "text").Severity);

    [Theory]
    [InlineData("über café – naïve")]
    [InlineData("Ελληνικά")]
    [InlineData("日本語")]
    [InlineData("Ã")]
    public void Text_of_other_languages_is_not_taken_for_garbled(string text) =>
        Assert.Empty(_folder.Examine(new DoctorData { TextOf = (c, i) => c == 0 && i == 0 ? Encoding.UTF8.GetBytes(text) : DoctorData.Text(c, i) }).Findings);

    [Fact]
    public void Texts_that_differ_in_case_and_spaces_only_are_near_duplicates() =>
        Assert.Equal("1 of 354 samples of 'a' are the same but for case, spaces and punctuation as an earlier one",
            DoctorFolder.Only(_folder.Examine(new DoctorData { TextOf = (c, i) => c == 0 && i < 2 ? Encoding.UTF8.GetBytes(i == 0 ? "Hello, World" : "hello world!") : DoctorData.Text(c, i) }), "near-duplicates").What);

    [Fact]
    public void Pictures_of_one_colour_are_said_and_near_ones_found()
    {
        var folder = _folder["pictures"];
        var writer = new DatasetWriter("pictures", 1, ModalityWriter.Images("photo", 16, 16), ModalityWriter.Features("b", DoctorData.Width));
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
            vectors.Add(i % 4 != 0 || i == 0 ? [.. Enumerable.Range(0, DoctorData.Width).Select(_ => (Half)random.NextNormal())] : [.. vectors[random.Next(i)].Select(v => (Half)((float)v + 0.03f * (float)random.NextNormal()))]);
        var writer = new DatasetWriter("near", 1, ModalityWriter.Features("a", DoctorData.Width), ModalityWriter.Features("b", DoctorData.Width));
        writer.AddConcept("c", "c", ConceptSplit.MetaTrain);
        foreach (var vector in vectors) writer.Source.Add(0, Part.Source, ModalityData.NoGroup, vector);
        writer.Write(_folder["near"]);
        using var dataset = CrossModalDataset.Open(_folder["near"]);
        var found = NearVectors.Find(dataset.Source, new DuplicateSets([]), TestContext.Current.CancellationToken).Sets;

        double[] variances = [.. Enumerable.Range(0, DoctorData.Width).Select(c => vectors.Average(v => (double)v[c] * (double)v[c]) - Math.Pow(vectors.Average(v => (double)v[c]), 2))];
        double Squared(int i, int j) => Enumerable.Range(0, DoctorData.Width).Sum(c => Math.Pow((double)vectors[i][c] - (double)vectors[j][c], 2) / variances[c]);
        const double typical = 2 * DoctorData.Width;
        var near = (from i in Enumerable.Range(0, 400) from j in Enumerable.Range(i + 1, 399 - i) where Squared(i, j) <= 0.02 * 0.02 * typical select (i, j)).ToList();
        var setOf = found.Index().SelectMany(s => s.Item.Select(m => (m, s.Index))).ToDictionary();
        Assert.True(near.Count > 5);
        Assert.All(near, p => Assert.Equal(setOf[p.i], setOf[p.j]));
        Assert.Equal(near.SelectMany(p => new[] { p.i, p.j }).Distinct().Order(), setOf.Keys.Order());
    }
}
