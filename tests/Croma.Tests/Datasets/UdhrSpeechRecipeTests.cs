using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Speech;
using Croma.Datasets.UdhrSpeech;

namespace Croma.Tests.Datasets;

/// <summary>The recipe itself, cut to a few languages; needs espeak-ng, and npm with a registry or the archive.</summary>
public sealed class UdhrSpeechRecipeTests : IDisposable
{
    // kept between runs, so that the archive is got once
    private static readonly string Cache = Path.Combine(Path.GetTempPath(), "croma-tests-cache");
    private static readonly HashSet<string> Variants = ["f1", "m1"];
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_with_any_number_of_threads_and_after_an_interruption()
    {
        Need();
        Make("one", threads: 1, seed: 1);
        Make("three", threads: 3, seed: 1);
        using var interrupt = new CancellationTokenSource();
        var stop = new Reporter(progress =>
        {
            if (progress is { Stage: "speech", Done: 1 }) interrupt.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Make("resumed", threads: 1, seed: 1, stop, interrupt.Token));
        var kept = Assert.Single(Directory.GetFiles(_folder["resumed/.partial"]));
        var written = File.GetLastWriteTimeUtc(kept);
        Assert.False(File.Exists(_folder["resumed/manifest.json"]));
        var whenResumed = default(DateTime);
        Make("resumed", threads: 2, seed: 1, new Reporter(progress =>
        {
            if (progress is { Stage: "writing", Done: 0 }) whenResumed = File.GetLastWriteTimeUtc(kept);
        }));

        Assert.Equal(written, whenResumed);
        Assert.Equal(["manifest.json", "media", "media.json", "pairs.safetensors", "speech.safetensors", "text.safetensors"],
            Directory.GetFileSystemEntries(_folder["one"]).Select(Path.GetFileName).Order());
        foreach (var other in new[] { "three", "resumed" })
            foreach (var file in Directory.GetFiles(_folder["one"], "*", SearchOption.AllDirectories))
                Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder[other], Path.GetRelativePath(_folder["one"], file))));
    }

    [Fact]
    public void The_data_set_is_sound_and_says_that_its_speech_is_synthesised()
    {
        Need();
        Make("set", threads: 2, seed: 7);
        Assert.Empty(DatasetCheck.Run(_folder["set"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal(["af", "am", "ar"], dataset.Concepts.Select(concept => concept.Id));
        Assert.Equal(["speech"], dataset.Manifest.Synthetic);
        Assert.Equal(7UL, dataset.Manifest.Seed);
        Assert.Equal((59 + 50 + 50, 159), (dataset.Source.Count, dataset.Target.Count));
        for (var i = 0; i < dataset.Target.Count; i++)
        {
            Assert.InRange(dataset.Target.Contents.Length(i), 10, 598);
            Assert.Equal((dataset.Source.Concept(i), dataset.Source.Part(i), dataset.Source.Group(i)), (dataset.Target.Concept(i), dataset.Target.Part(i), dataset.Target.Group(i)));
        }
        for (var concept = 0; concept < 3; concept++)
            Assert.Equal(20, Enumerable.Range(0, dataset.Target.Count).Count(i => dataset.Target.Concept(i) == concept && dataset.Target.Part(i) == Part.Target));
    }

    [Fact]
    public void What_methods_meet_in_meta_test_can_be_heard_and_nothing_else()
    {
        Need();
        Make("set", threads: 2, seed: 1);
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        var target = dataset.Target;
        for (var i = 0; i < target.Count; i++)
        {
            var heard = dataset.Concepts[target.Concept(i)].Split == ConceptSplit.MetaTest && target.Part(i) != Part.Source;
            Assert.Equal(heard, target.Media(i) is { Type: "audio/wav" });
            // frames of 25 ms every 10 ms; 8 samples a millisecond
            if (heard) Assert.InRange(target.Media(i)!.Read().Length - 58 - 80 * target.Contents.Length(i), 0, 8 * 26);
        }
        Assert.Equal(0, dataset.Source.MediaCount);
    }

    [Fact]
    public void A_kept_file_of_another_seed_is_not_used()
    {
        Need();
        var language = UdhrLanguages.All[0];
        var text = new string?[59];
        text[3] = "Een van die artikels";
        var path = _folder["af"];
        new UdhrClips(1, "1.51", Variants).Make(0, language, text, true, path, TestContext.Current.CancellationToken);
        Assert.Equal([3], new UdhrClips(1, "1.51", Variants).TryLoad(language, true, path)!.Places);
        Assert.Null(new UdhrClips(2, "1.51", Variants).TryLoad(language, true, path));
        Assert.Null(new UdhrClips(1, "1.52", Variants).TryLoad(language, true, path));
        Assert.Null(new UdhrClips(1, "1.51", Variants).TryLoad(language, false, path));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Null(new UdhrClips(1, "1.51", Variants).TryLoad(language, true, path));
    }

    [Fact]
    public void Speaking_twice_gives_the_same_sound_and_stops_when_there_is_enough()
    {
        Need();
        var speaker = new Speaker("en-gb", "f3", 40, 170);
        var text = string.Join(' ', Enumerable.Repeat("All human beings are born free.", 20));
        var first = Espeak.Speak(text, speaker, 50_000, out _, TestContext.Current.CancellationToken)!;
        Assert.Equal(50_000, first.Length);
        Assert.Equal(first, Espeak.Speak(text, speaker, 50_000, out _, TestContext.Current.CancellationToken));
        Assert.InRange(first.Max(), 0.05f, 1f);
    }

    [Fact]
    public void A_voice_that_does_not_exist_is_a_failure_with_the_programs_own_words()
    {
        Need();
        Assert.Null(Espeak.Speak("text", new Speaker("xyz", "f3", 40, 170), 1000, out var complaint, TestContext.Current.CancellationToken));
        Assert.Contains("voice", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_installed_variants_are_known()
    {
        Need();
        Assert.Subset(Espeak.Variants(TestContext.Current.CancellationToken).ToHashSet(), new HashSet<string> { "f1", "f5", "m1", "m8", "Alex" });
    }

    [Fact]
    public void Families_are_those_that_espeak_files_its_voices_under()
    {
        Need();
        var families = Espeak.Families(TestContext.Current.CancellationToken);
        Assert.Equal(("gmw", "gmw", "roa", "zls"), (families["en-gb"], families["de"], families["es"], families["sr"]));
        Assert.False(families.ContainsKey("eu"));
    }

    [Fact]
    public void A_language_that_is_alone_in_its_family_in_meta_train_is_in_no_cluster()
    {
        const ConceptSplit train = ConceptSplit.MetaTrain, test = ConceptSplit.MetaTest;
        string?[] expected = ["gmw", "gmw", null, null, null, "gmw"];
        Assert.Equal(expected,
            UdhrSplits.Clusters(["gmw", "gmw", "roa", "roa", null, "gmw"], [train, train, train, test, train, test]));
    }

    [Fact]
    public void An_archive_that_is_not_the_known_one_is_not_used()
    {
        File.WriteAllBytes(_folder[UdhrPackage.Package.FileName], [1, 2, 3]);
        Assert.False(UdhrPackage.Package.IsCached(_folder.Path));
    }

    [Fact]
    public void What_is_missing_is_said_in_one_line_with_the_command_that_installs_it() =>
        Assert.Equal("espeak-ng and npm are not installed; as root: apt-get install --no-install-recommends espeak-ng npm",
            DebianPackages.Describe(["espeak-ng", "npm"]));

    public void Dispose() => _folder.Dispose();

    private void Make(string name, int threads, ulong seed, IProgress<RecipeProgress>? progress = null, CancellationToken? cancellation = null) =>
        UdhrSpeechRecipe.Make(new UdhrSpeechOptions(_folder[name], Cache) { Threads = threads, Seed = seed, LanguageLimit = 3 },
            progress, cancellation ?? TestContext.Current.CancellationToken);

    private static void Need()
    {
        var missing = UdhrSpeechPrerequisites.Missing(Cache, TestContext.Current.CancellationToken);
        Assert.SkipWhen(missing.Count > 0, DebianPackages.Describe(missing));
    }

    private sealed class Reporter(Action<RecipeProgress> report) : IProgress<RecipeProgress>
    {
        public void Report(RecipeProgress value) => report(value);
    }
}
