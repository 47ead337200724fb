using Croma.Compute;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.Speech;

namespace Croma.Datasets.Wilderness;

/// <summary>
/// The recipe `wilderness`: Bible texts (source) and their readings (target), the paper's text-to-speech data. Concepts are
/// languages; every language has chapters of its own, and 60 utterances of them, about as many as in the paper's
/// (5493 of 99 languages): 20 each for alignment, source and target classification.
/// </summary>
public static class WildernessRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "wilderness";

    internal const int UtterancesOfPart = 20, UtterancesOfLanguage = 3 * UtterancesOfPart, LeastUnseen = 5;

    /// <summary>Makes the data set.</summary>
    /// <param name="from">The folder of languages.</param>
    /// <param name="folder">The folder to make. Interrupted, the recipe keeps what it has decoded in `.partial` there, and goes on from it.</param>
    /// <param name="seed">Draws chapters, utterances, splits and parts.</param>
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
        var languages = WildernessFolder.Read(from);
        var splits = Split(languages.Count, seed);
        var chosen = WildernessChapters.Choose(languages, UtterancesOfLanguage, seed);
        var broken = new BrokenFiles(skipBroken);
        var kept = SpokenClips.Kept(folder, version);
        var clips = SpokenClips.Decode([.. from language in Enumerable.Range(0, languages.Count) from utterance in chosen[language] select MediaFile.At(Path.Combine(languages[language].Wav, utterance.Id + ".wav"))],
            threads, broken, kept, progress, cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        Assemble(languages, chosen, clips, splits, seed, Sources(version, broken.Note)).Write(folder);
        kept.Remove();
        progress?.Report(new RecipeProgress("writing", 1, 1));
        return broken.Skipped;
    }

    private static DatasetWriter Assemble(IReadOnlyList<WildernessLanguage> languages, IReadOnlyList<Utterance[]> chosen, SpokenClip?[] clips, ConceptSplit[] splits, ulong seed, Provenance[] provenance)
    {
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", LogMel.Bands, LogMel.FramesPerSecond))
        {
            Description = "Texts of the Bible in many languages and their recorded readings. Concepts are languages, each of chapters of its own; the group is the utterance. Every clip's log-mel bands are shifted and "
                + "scaled over its own frames, which takes away a constant channel without reading a label; a language is mostly one recording's few voices all the same.",
            Provenance = provenance,
        };
        writer.Target.Preparation = Preparation.Speech;
        var group = 0;
        foreach (var (index, language) in languages.Index())
        {
            var concept = writer.AddConcept(language.Id, language.Name, splits[index]);
            var place = 0;
            foreach (var utterance in chosen[index])
            {
                // those drawn first are for what a task needs most of: a skipped clip is missed in alignment or source
                var part = place < UtterancesOfPart ? Part.Target : place % 2 == 0 ? Part.Alignment : Part.Source;
                if (clips[group] is { } clip)
                {
                    SpokenClips.Add(writer, concept, part, group, utterance.Text, clip, heard: splits[index] == ConceptSplit.MetaTest);
                    place++;
                }
                group++;
            }
        }
        return writer;
    }

    /// <summary>As the paper: eight tenths, one tenth, the rest; but five at least for tasks of five.</summary>
    private static ConceptSplit[] Split(int count, ulong seed)
    {
        var validation = Math.Max(count / 10, LeastUnseen);
        var test = Math.Max(count - 8 * count / 10 - count / 10, LeastUnseen);
        return count >= 3 * LeastUnseen ? ConceptSplits.Draw("wilderness/languages", [.. Enumerable.Repeat(true, count)], validation, test, seed)
            : throw new CromaException($"There are {count} languages; {3 * LeastUnseen} are needed, five for each split.");
    }

    private static Provenance[] Sources(string ffmpeg, string broken) =>
    [
        new("text and speech", "A. W. Black, CMU Wilderness Multilingual Speech Dataset, ICASSP 2019; texts and readings of bible.is", "your copy", "as bible.is states for each language",
            $"Utterances whose alignment failed are not used.{broken} Decoded by ffmpeg {ffmpeg} to 16 kHz, one channel; at most {SpokenClips.MaximumSeconds} s of a clip, without the silence before and after it."),
    ];
}
