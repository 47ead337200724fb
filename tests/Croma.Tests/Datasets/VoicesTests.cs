using System.Formats.Tar;
using System.IO.Compression;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.Voices;
using Croma.Tasks;

namespace Croma.Tests.Datasets;

/// <summary>The recipe `voices` on made-up recordings.</summary>
public sealed class VoicesTests : IDisposable
{
    private const int Languages = 15, Words = 62;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_files_and_an_archive_of_them_give_the_same_bytes_of_a_sound_data_set()
    {
        Need();
        WriteFiles(_folder["files"]);
        WriteArchive(_folder["packed"]);
        Assert.Empty(Make("files", "a", threads: 1));
        Assert.Empty(Make("packed", "b", threads: 2));
        foreach (var file in Directory.GetFiles(_folder["a"], "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["b"], Path.GetRelativePath(_folder["a"], file))));
        Assert.Empty(DatasetCheck.Run(_folder["a"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["a"]);
        Assert.Equal((0, Languages, Languages * Words), (dataset.Manifest.Synthetic.Count, dataset.Concepts.Count, dataset.Target.Count));
        Assert.Contains("15 of 960 clips are left out since they have no transcript, 15 since theirs is a single letter", dataset.Manifest.Provenance[0].Note, StringComparison.Ordinal);
        Assert.Equal("l00: A. Speaker / free; l01: not stated", dataset.Manifest.Provenance[1].Note);
        for (var i = 0; i < dataset.Target.Count; i++)
            Assert.Equal(dataset.Concepts[dataset.Target.Concept(i)].Split == ConceptSplit.MetaTest && dataset.Target.Part(i) != Part.Source, dataset.Target.Media(i) is { Type: "audio/wav" });
    }

    [Fact]
    public void A_word_is_in_one_part_in_all_languages_and_no_query_is_a_word_of_the_support()
    {
        Assemble(Clips()).Write(_folder["set"]);
        Assert.Empty(DatasetCheck.Run(_folder["set"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal((5, 5, 5), (Count(ConceptSplit.MetaTrain), Count(ConceptSplit.MetaValidation), Count(ConceptSplit.MetaTest)));
        var groups = Enumerable.Range(0, dataset.Target.Count).ToLookup(dataset.Target.Group, i => (dataset.Target.Part(i), dataset.Source.Part(i)));
        Assert.Equal(Words, groups.Count);
        Assert.All(groups, word => Assert.Single(word.Distinct()));
        var third = groups.Count(word => word.First().Item1 == Part.Alignment);
        Assert.InRange(third, 20, 21);
        Assert.Equal(third * Languages, dataset.StrongPairs.Count);
        foreach (var episode in EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 4, 5, 10, 10, 1).Episodes)
            for (var way = 0; way < 5; way++) Assert.Empty(episode.Support[way].Select(dataset.Target.Group).Intersect(episode.Query[way].Select(dataset.Target.Group)));

        int Count(ConceptSplit split) => dataset.Concepts.Count(c => c.Split == split);
    }

    [Fact]
    public void One_transcript_or_one_recording_under_two_keys_is_one_word()
    {
        var clips = Clips();
        // upper and lower case in one language; the same file in another
        clips[0] = (clips[0].Clip with { Text = "ALPHA" }, clips[0].Spoken);
        clips[1] = (clips[1].Clip with { Text = "alpha" }, clips[1].Spoken);
        clips[Words + 5] = (clips[Words + 5].Clip, clips[Words + 6].Spoken);
        Assemble(clips).Write(_folder["set"]);
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal(Words - 2, Enumerable.Range(0, dataset.Target.Count).Select(dataset.Target.Group).Distinct().Count());
        Assert.Equal(dataset.Target.Group(0), dataset.Target.Group(1));
        Assert.Equal(dataset.Target.Group(5), dataset.Target.Group(6));
    }

    [Fact]
    public void Languages_of_few_words_are_of_meta_train_only()
    {
        List<(VoiceClip Clip, SpokenClip Spoken)> clips = [.. Clips().Where((c, i) => c.Clip.Language is not "l03" || i % Words < 40)];
        for (ulong seed = 0; seed < 3; seed++)
        {
            Assemble(clips, seed).Write(_folder[$"set{seed}"]);
            using var dataset = CrossModalDataset.Open(_folder[$"set{seed}"]);
            Assert.Equal(ConceptSplit.MetaTrain, dataset.Concepts[3].Split);
        }
        var few = Assert.Throws<CromaException>(() => Assemble([.. clips.Where(c => c.Clip.Language[^1] < '7')]));
        Assert.Contains("10 of them with so many", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Varieties_of_one_language_are_of_meta_train_so_that_none_is_known_by_another()
    {
        List<(VoiceClip Clip, SpokenClip Spoken)> clips = [.. Clips().Select(c => (c.Clip with { Language = c.Clip.Language switch { "l03" => "pt", "l04" => "pt_BR", var other => other } }, c.Spoken))];
        for (ulong seed = 0; seed < 3; seed++)
        {
            Assemble(clips, seed).Write(_folder[$"set{seed}"]);
            using var dataset = CrossModalDataset.Open(_folder[$"set{seed}"]);
            Assert.Equal([("Portuguese", ConceptSplit.MetaTrain), ("Portuguese (Brazil)", ConceptSplit.MetaTrain)], dataset.Concepts.Where(c => c.Id.StartsWith("pt", StringComparison.Ordinal)).Select(c => (c.Name, c.Split)));
        }
    }

    [Fact]
    public void A_broken_clip_is_named_and_fails_or_is_left_out()
    {
        Need();
        WriteFiles(_folder["files"]);
        File.WriteAllText(_folder["files/sounds/l02/w07.wav"], "no sound");
        Assert.Contains("l02/w07.wav: it is no sound", Assert.Throws<CromaException>(() => Make("files", "set")).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["set/manifest.json"]));
        Assert.Contains("l02/w07.wav: it is no sound", Assert.Single(Make("files", "set", skip: true)), StringComparison.Ordinal);
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal(Languages * Words - 1, dataset.Target.Count);
        Assert.Contains("Files left out, as they could not be decoded (1): ", dataset.Manifest.Provenance[0].Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "There is no folder")]
    [InlineData("path,lang,words\nx,y,z\n", "has 0 CSV tables with the columns path, lang and text")]
    [InlineData("path,lang,text\na.wav,en,\n", "no clip has a transcript of more than a letter")]
    [InlineData("path,lang,text\na.wav,,word\n", "'a.wav' has no language")]
    [InlineData("path,lang,text\na.wav,en,word\n", "has no 'a.wav', which its table names, and 0 .tar.gz files")]
    [InlineData("path,lang,text\n../a.wav,en,word\n", "'../a.wav' leads out of the folder")]
    public void A_folder_that_is_laid_out_otherwise_is_one_line(string? table, string message)
    {
        if (table is not null) Directory.CreateDirectory(_folder["from"]);
        if (table is not null) File.WriteAllText(_folder["from/clips.csv"], table);
        Assert.Contains(message, Assert.Throws<CromaException>(() => VoicesFolder.Read(_folder["from"])).Message, StringComparison.Ordinal);
    }

    /// <summary>The recordings that developers have beside the project; nothing is decoded.</summary>
    [Fact]
    public void The_recordings_of_developers_are_read()
    {
        var folder = Path.GetFullPath(Path.Combine(ReadmeTests.Root, "../shared/data/text-speech"));
        Assert.SkipUnless(Directory.Exists(folder), $"there is no '{folder}': only developers have it");
        using var voices = VoicesFolder.Read(folder);
        Assert.Equal((4672, 43), (voices.Clips.Count, voices.Clips.Select(c => c.Language).Distinct().Count()));
        Assert.StartsWith("1536 of 7285 clips are left out since they have no transcript, 1077 since", voices.LeftOut, StringComparison.Ordinal);
        Assert.StartsWith("af: Hermien Bos 2011 / GPL; ", voices.Credits, StringComparison.Ordinal);
        Assert.Equal("OggS"u8, File.ReadAllBytes(voices.Clips[^1].File.Path).AsSpan(0, 4));
    }

    private IReadOnlyList<string> Make(string from, string name, int threads = 2, bool skip = false) =>
        VoicesRecipe.Make(_folder[from], _folder[name], 1, threads, skip, cancellation: TestContext.Current.CancellationToken);

    private static DatasetWriter Assemble(IReadOnlyList<(VoiceClip Clip, SpokenClip Spoken)> clips, ulong seed = 1) => VoicesRecipe.Assemble(clips, [], seed);

    private static List<(VoiceClip Clip, SpokenClip Spoken)> Clips() =>
    [
        .. from language in Enumerable.Range(0, Languages)
           from word in Enumerable.Range(0, Words)
           select (new VoiceClip($"l{language:00}", $"w{word:00}", $"word {word} of {language}", new MediaFile("", "")), new SpokenClip(new Half[40], [], $"{language} {word}")),
    ];

    /// <summary>Sounds in a folder of the folder, a table, and one of credits.</summary>
    private static void WriteFiles(string folder)
    {
        WriteTables(folder);
        foreach (var (path, sound) in Sounds())
        {
            var file = Path.Combine(folder, "sounds", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, sound);
        }
    }

    private static void WriteArchive(string folder)
    {
        WriteTables(folder);
        using var archive = new TarWriter(new GZipStream(File.Create(Path.Combine(folder, "sounds.tar.gz")), CompressionLevel.Fastest), TarEntryFormat.Ustar);
        foreach (var (path, sound) in Sounds()) archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(sound) });
    }

    private static void WriteTables(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "clips.csv"), "path,lang,key,text\n" + string.Concat(from l in Enumerable.Range(0, Languages)
                                                                                                    from w in Enumerable.Range(0, Words + 2)
                                                                                                    select $"l{l:00}/w{w:00}.wav,l{l:00},w{w:00},{(w == Words ? "" : w == Words + 1 ? "é" : $"\"word {w}, {l}\"")}\n"));
        File.WriteAllText(Path.Combine(folder, "credits.csv"), "lang,credit\nl00,A. Speaker / free\nl00,A. Speaker / free\nl01,\n");
    }

    private static IEnumerable<(string Path, byte[] Sound)> Sounds() =>
        from l in Enumerable.Range(0, Languages) from w in Enumerable.Range(0, Words) select ($"l{l:00}/w{w:00}.wav", Waves.Noise($"{l} {w}", 0.05));

    private static void Need() => Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) is null, "ffmpeg is not installed here");
}
