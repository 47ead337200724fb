using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Wilderness;

namespace Croma.Tests.Datasets;

/// <summary>The recipe `wilderness` on a tiny made-up copy in the layout that the data set's scripts make.</summary>
public sealed class WildernessTests : IDisposable
{
    private const int Languages = 15, OfChapter = 35;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_and_speech_of_a_tiny_copy_become_a_sound_data_set_the_same_each_time()
    {
        Need();
        Write();
        Make("one", 1);
        Make("two", 2);
        foreach (var file in Directory.GetFiles(_folder["one"], "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["two"], Path.GetRelativePath(_folder["one"], file))));
        Assert.Empty(DatasetCheck.Run(_folder["one"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["one"]);
        Assert.Equal((5, 5, 5), (Count(ConceptSplit.MetaTrain), Count(ConceptSplit.MetaValidation), Count(ConceptSplit.MetaTest)));
        Assert.Equal(("LANG00", "Language 0", "LANG01"), (dataset.Concepts[0].Id, dataset.Concepts[0].Name, dataset.Concepts[1].Name));
        Assert.Equal((0, Languages * 20), (dataset.Manifest.Synthetic.Count, dataset.StrongPairs.Count));
        for (var concept = 0; concept < Languages; concept++)
            foreach (var part in Enum.GetValues<Part>())
                Assert.Equal(20, Enumerable.Range(0, dataset.Target.Count).Count(i => dataset.Target.Concept(i) == concept && dataset.Target.Part(i) == part));

        int Count(ConceptSplit split) => dataset.Concepts.Count(c => c.Split == split);
    }

    [Fact]
    public void Every_language_has_chapters_of_its_own()
    {
        Write();
        var languages = WildernessFolder.Read(_folder["from"]);
        var chosen = WildernessChapters.Choose(languages, 60, seed: 1);
        Assert.All(chosen, own => Assert.Equal(60, own.Select(u => u.Id).Distinct().Count()));
        var chapters = chosen.Select(own => own.Select(u => u.Chapter).ToHashSet()).ToList();
        for (var i = 0; i < Languages; i++)
            for (var j = 0; j < i; j++) Assert.Empty(chapters[i].Intersect(chapters[j]));
        Assert.NotEqual(chosen[0].Select(u => u.Id), WildernessChapters.Choose(languages, 60, seed: 2)[0].Select(u => u.Id));
        Assert.Contains("106 are needed: there are 31 chapters for 15 languages", Assert.Throws<CromaException>(() => WildernessChapters.Choose(languages, 106, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transcripts_are_read_with_and_without_scores_and_failed_alignments_are_left_out()
    {
        Language("AAAAAA", """
            ( B01___01_Matthew_____AAAAAAN1DA_00001 "Say \"yes\", (all) of you." 0.12 5.3 )
            ( B01___01_Matthew_____AAAAAAN1DA_00002 "failed" -nan 5.3 )

            ( B02___10_Mark________AAAAAAN1DA_00001 "no scores" )
            """);
        Language("BBBBBB", null);
        File.WriteAllText(_folder["from/BBBBBB/aligned/etc/transcription.txt"], "part_7_00001 Words of another naming. \n");
        Directory.CreateDirectory(_folder["from/indices"]);
        var languages = WildernessFolder.Read(_folder["from"]);
        Assert.Equal(["AAAAAA", "BBBBBB"], languages.Select(l => l.Id));
        Assert.Equal([("B01___01", "Say \"yes\", (all) of you."), ("B02___10", "no scores")], languages[0].Utterances.Select(u => (u.Chapter, u.Text)));
        Assert.Equal([new Utterance("part_7_00001", "part_7", "Words of another naming.")], languages[1].Utterances);
    }

    [Theory]
    [InlineData("B01___01_Matthew_00001 words", "txt.done.data, line 1: this is no utterance")]
    [InlineData("( B01___01_Matthew \"words\" 0 0 )", "'B01___01_Matthew' does not end in an utterance's number")]
    [InlineData("( ../../x_00001 \"words\" 0 0 )", "'../../x_00001' does not end in an utterance's number")]
    [InlineData("( B01___01_00001 \" \" 0 0 )", "'B01___01_00001' has no text")]
    [InlineData("( B01___01_00001 \"a\" 0 0 )\n( B01___01_00001 \"b\" 0 0 )", "'B01___01_00001' comes twice")]
    [InlineData(null, "txt.done.data: the file is missing, and so is ")]
    public void A_bad_transcript_is_one_line(string? transcript, string message)
    {
        Language("AAAAAA", transcript);
        Assert.Contains(message, Refuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_are_laid_out_otherwise_are_one_line()
    {
        Assert.Contains("There is no folder", Refuse(), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["from/ACCIBS/wav"]);
        Assert.Contains("holds no language: folders LANGID/aligned with wav/", Refuse(), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["from/ACCIBS/aligned/etc"]);
        Assert.Contains("wav: the folder is missing", Refuse(), StringComparison.Ordinal);
        Need();
        Directory.Delete(_folder["from"], recursive: true);
        Language("AAAAAA", "( B01___01_00001 \"a\" 0 0 )");
        Assert.Contains("There are 1 languages; 15 are needed", Assert.Throws<CromaException>(() => Make("set", 1)).Message, StringComparison.Ordinal);
    }

    private string Refuse() => Assert.Throws<CromaException>(() => WildernessFolder.Read(_folder["from"])).Message;

    private void Make(string name, int threads) =>
        Assert.Empty(WildernessRecipe.Make(_folder["from"], _folder[name], 1, threads, skipBroken: false, cancellation: TestContext.Current.CancellationToken));

    /// <summary>Two chapters a language, and one that all have.</summary>
    private void Write()
    {
        for (var l = 0; l < Languages; l++)
        {
            var id = $"LANG{l:00}";
            string[] utterances = [.. from chapter in new[] { 2 * l + 1, 2 * l + 2, 40 } from u in Enumerable.Range(1, OfChapter) select $"B{chapter:00}___01_Book________{id}N1DA_{u:00000}"];
            Language(id, string.Join('\n', utterances.Select((u, i) => $"( {u} \"words {i} of {l}\" 0.{i} 4.5 )")));
            foreach (var (i, utterance) in utterances.Index()) File.WriteAllBytes(_folder[$"from/{id}/aligned/wav/{utterance}.wav"], Waves.Noise($"{l} {i % 4}", 0.05));
        }
        File.WriteAllText(_folder["from/LANG00/aligned/etc/languagename"], "Language 0\n");
    }

    private void Language(string id, string? transcript)
    {
        foreach (var part in (string[])["wav", "etc"]) Directory.CreateDirectory(_folder[$"from/{id}/aligned/{part}"]);
        if (transcript is not null) File.WriteAllText(_folder[$"from/{id}/aligned/etc/txt.done.data"], transcript + "\n");
    }

    private static void Need() => Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) is null, "ffmpeg is not installed here");
}
