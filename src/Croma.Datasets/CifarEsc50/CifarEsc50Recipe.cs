using System.Runtime.InteropServices;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Speech;

namespace Croma.Datasets.CifarEsc50;

/// <summary>Where the recipe finds its data: one folder of the packed form, or three of the authors' own.</summary>
/// <param name="Packed">The packed form, or null.</param>
/// <param name="Cifar100">cifar-100-binary, or null.</param>
/// <param name="Cifar10">cifar-10-batches-bin, or null.</param>
/// <param name="Esc50">The folder with audio/ and meta/esc50.csv, or null.</param>
public sealed record CifarEsc50Sources(string? Packed, string? Cifar100, string? Cifar10, string? Esc50)
{
    /// <exception cref="CromaException">Neither the packed form nor all three others are given, or both, or a folder is missing.</exception>
    public void Require()
    {
        string?[] original = [Cifar100, Cifar10, Esc50];
        if (Packed is null ? original.Contains(null) : original.Any(o => o is not null))
            throw new CromaException($"The recipe '{CifarEsc50Recipe.Name}' reads your copies of the data sets: give --cifar100 DIR, --cifar10 DIR and --esc50 DIR, or --packed DIR alone.");
        foreach (var folder in original.Append(Packed))
            if (folder is not null && !Directory.Exists(folder)) throw new CromaException($"There is no folder '{folder}'.");
    }
}

/// <summary>Encoders that were trained elsewhere, whose features take the place of pixels and energies.</summary>
/// <param name="Pictures">Features of some pictures of 32 x 32 pixels, RGB pixel by pixel.</param>
/// <param name="Sounds">Features of some sounds.</param>
/// <param name="Rate">Samples a second that <paramref name="Sounds"/> takes.</param>
/// <param name="PictureEncoder">What made the former, for the data set's provenance.</param>
/// <param name="SoundEncoder">What made the latter.</param>
public sealed record CifarEsc50Encoders(Func<IReadOnlyList<byte[]>, IReadOnlyList<float[]>> Pictures, Func<IReadOnlyList<float[]>, IReadOnlyList<float[]>> Sounds, int Rate, string PictureEncoder, string SoundEncoder);

/// <summary>
/// The recipe `cifar-esc50`: pictures of CIFAR-10 and CIFAR-100 (source) and sounds of ESC-50 (target), joined by 17
/// clusters of classes that are weak pairs. A class of pictures and a class of sounds are concepts of their own.
/// </summary>
public static class CifarEsc50Recipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "cifar-esc50";

    /// <summary>The name of the data set of features.</summary>
    public const string FeaturesName = "cifar-esc50-features";

    private const int EncodedAtOnce = 64;

    /// <summary>The Debian packages that are missing: "ffmpeg" or none.</summary>
    public static IReadOnlyList<string> Missing(CancellationToken cancellation = default) => FFmpeg.Version(cancellation) is null ? [FFmpeg.Program] : [];

    /// <summary>Makes the data set, or with encoders the one of their features.</summary>
    /// <param name="sources">Where its data are.</param>
    /// <param name="folder">The folder to make. Interrupted, the recipe keeps the energies that it has in `.partial` there, and goes on from them.</param>
    /// <param name="seed">Draws what samples are used for.</param>
    /// <param name="threads">Programs that decode at the same time. Does not change the result.</param>
    /// <param name="encoders">Encoders, or null.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">ffmpeg or a file is missing, or a file is not what it should be.</exception>
    public static void Make(CifarEsc50Sources sources, string folder, ulong seed, int threads, CifarEsc50Encoders? encoders = null, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        sources.Require();
        var version = FFmpeg.Version(cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        progress?.Report(new RecipeProgress("files", 0, 1));
        using var pieces = sources.Packed is { } packed ? Readers.Packed(packed) : Readers.Original(sources.Cifar100!, sources.Cifar10!, sources.Esc50!);
        var kept = new KeptResults<float[]>(KeptResults<float[]>.FolderOf(folder), $"clips 1, ffmpeg {version}", 1, energies => [MemoryMarshal.AsBytes(energies.AsSpan()).ToArray()], parts => MemoryMarshal.Cast<byte, float>(parts[0]).ToArray());
        var writer = encoders is null ? Assemble(pieces, Decode(pieces.Clips, threads, kept, progress, cancellation), seed, version) : Encode(pieces, encoders, seed, threads, version, progress, cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        writer.Write(folder);
        kept.Remove();
        progress?.Report(new RecipeProgress("writing", 1, 1));
    }

    private static float[][] Decode(IReadOnlyList<Clip> clips, int threads, KeptResults<float[]> kept, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        var logMel = new LogMel(ClipFeatures.Bands);
        progress?.Report(new RecipeProgress("sounds", 0, clips.Count));
        return new BrokenFiles(skip: false).Decode<float[], float[]>([.. clips.Select(clip => clip.File)], threads, (decoder, files) => decoder.Sounds(files, LogMel.SampleRate, cancellation),
            (_, sound) => ClipFeatures.Energies(logMel, sound), kept, done => progress?.Report(new RecipeProgress("sounds", done, clips.Count)), cancellation)!;
    }

    private static DatasetWriter Assemble(Pieces pieces, float[][] energies, ulong seed, string ffmpeg)
    {
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Images("image", Picture.Side, Picture.Side), ModalityWriter.Frames("audio", ClipFeatures.Bands, ClipFeatures.StepsPerSecond))
        {
            Description = "Photographs of CIFAR-10 and CIFAR-100 and sounds of ESC-50 as log-mel energies. Classes of pictures and classes of sounds are concepts of their own; "
                + "17 clusters of them are weak pairs. The group of a sound is its recording: parts share none, but shots and queries of a task may be takes of one.",
            Provenance = Sources(pieces.Form, ffmpeg),
        };
        var train = energies.Where((_, i) => pieces.Concepts.Sound(pieces.Clips[i].Class).Split == ConceptSplit.MetaTrain).ToList();
        if (train.Count == 0) throw new CromaException("There are no sounds of meta-train, by which all are to be standardised.");
        AddPictures(writer, pieces, (concept, part, i) => writer.Source.Add(concept, part, ModalityData.NoGroup, pieces.Pictures[i].Pixels));
        var bands = BandStatistics.Of(train);
        (writer.Source.Preparation, writer.Target.Preparation) = (Preparation.Picture, Preparation.Clip(bands));
        AddClips(writer, pieces, [.. energies.Select(bands.Standardise)], seed);
        return writer;
    }

    private static DatasetWriter Encode(Pieces pieces, CifarEsc50Encoders encoders, ulong seed, int threads, string ffmpeg, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        var (done, all) = (0, pieces.Pictures.Count + pieces.Clips.Count);
        progress?.Report(new RecipeProgress("sounds", 0, all));
        var pictures = Each(pieces.Pictures, some => encoders.Pictures([.. some.Select(p => p.ByPixel())]));
        var sounds = Each(pieces.Clips, some => encoders.Sounds(ClipFeatures.Samples(some, encoders.Rate, cancellation)));
        bool[] trains = [.. pieces.Clips.Select(clip => pieces.Concepts.Sound(clip.Class).Split == ConceptSplit.MetaTrain)];
        bool[] trainPictures = [.. pieces.Pictures.Select(p => pieces.Concepts.Image(p.Class).Split == ConceptSplit.MetaTrain)];
        var (images, clips) = (EncodedFeatures.Standardise(pictures, trainPictures), EncodedFeatures.Standardise(sounds, trains));
        var writer = new DatasetWriter(FeaturesName, seed, ModalityWriter.Features("image", pictures[0].Length), ModalityWriter.Features("audio", sounds[0].Length))
        {
            Description = "Features, by encoders trained elsewhere, of photographs of CIFAR-10 and CIFAR-100 and of sounds of ESC-50; each number shifted and scaled by its mean and deviation over meta-train. "
                + "17 clusters of classes are weak pairs. The sounds' encoder was trained on AudioSet, which has most of ESC-50's classes: its concepts are not new to it.",
            Provenance = [.. Sources(pieces.Form, ffmpeg), new("features of images", encoders.PictureEncoder, "", "its own", ""), new("features of audio", encoders.SoundEncoder, "", "its own", "")],
        };
        AddPictures(writer, pieces, (concept, part, i) => writer.Source.Add(concept, part, ModalityData.NoGroup, images[i]));
        AddClips(writer, pieces, clips, seed);
        return writer;

        float[][] Each<T>(IReadOnlyList<T> items, Func<T[], IReadOnlyList<float[]>> encode)
        {
            var features = new float[items.Count][];
            FirstFailure.Of(() => Parallel.ForEach(Enumerable.Range(0, items.Count).Chunk(EncodedAtOnce), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, some =>
            {
                foreach (var (at, row) in some.Zip(encode([.. some.Select(i => items[i])]))) features[at] = row;
                progress?.Report(new RecipeProgress("sounds", Interlocked.Add(ref done, some.Length), all));
            }));
            return features;
        }
    }

    /// <summary>Half of a class that is in a cluster goes to alignment, all else to source classification.</summary>
    private static void AddPictures(DatasetWriter writer, Pieces pieces, Action<int, Part, int> add)
    {
        foreach (var own in pieces.Pictures.Index().GroupBy(picture => picture.Item.Class).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (pieces.Concepts.Image(own.Key) is not { Split: { } split } place) continue;
            var concept = writer.AddConcept("image." + own.Key, own.Key.Replace('_', ' ') + " (image)", split, place.Cluster);
            foreach (var (i, (at, _)) in own.Index()) add(concept, place.Cluster is not null && i % 2 == 0 ? Part.Alignment : Part.Source, at);
        }
    }

    private static void AddClips(DatasetWriter writer, Pieces pieces, Half[][] values, ulong seed)
    {
        var (clips, parts) = (pieces.Clips, ClipParts.Of(pieces.Clips, seed));
        var recordings = clips.Select(clip => clip.Recording).Distinct().Index().ToDictionary(r => r.Item, r => r.Index);
        foreach (var own in clips.Index().GroupBy(clip => clip.Item.Class).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (pieces.Concepts.Sound(own.Key) is not { Split: { } split } place) continue;
            var concept = writer.AddConcept("sound." + own.Key, own.Key.Replace('_', ' ') + " (sound)", split, place.Cluster);
            foreach (var (i, clip) in own) writer.Target.Add(concept, parts[i], recordings[clip.Recording], values[i]);
        }
    }

    private static Provenance[] Sources(string form, string ffmpeg) =>
    [
        new("images", "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009: CIFAR-10 and CIFAR-100", "your copy", "none stated", $"Read in this form: {form}."),
        new("audio", "K. J. Piczak, ESC: Dataset for Environmental Sound Classification, ACM Multimedia 2015, doi:10.1145/2733373.2806390", "your copy", "CC BY-NC 3.0 (ESC-10: CC BY 3.0); clips as their Freesound authors say",
            $"Decoded by ffmpeg {ffmpeg} to 16 kHz, one channel; every band standardised over the clips of meta-train."),
        new("clusters and splits", "made by hand", "1", "MIT", "17, as in the paper, whose own list is only in a picture: figures are not comparable cluster by cluster."),
    ];
}
