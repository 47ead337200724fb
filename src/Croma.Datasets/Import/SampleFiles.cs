using Croma.Data.Formats;
using Croma.Datasets.Media;
using Croma.Datasets.Speech;

namespace Croma.Datasets.Import;

/// <summary>What a file of a sample holds, by its ending.</summary>
internal enum ContentKind
{
    Text,
    Image,
    Sound,
    Vectors,
}

/// <summary>Samples that are files of their own, or texts.</summary>
internal static class SampleFiles
{
    private const int FilesAtOnce = 64;
    private static readonly MediaLimits s_limits = new() { FileBytes = 64L << 20 };

    private static readonly Dictionary<string, ContentKind> s_kinds = new(
        [
            new(".txt", ContentKind.Text), new(".npy", ContentKind.Vectors),
            .. MediaFormat.PictureEndings.Select(e => KeyValuePair.Create(e, ContentKind.Image)), .. MediaFormat.SoundEndings.Select(e => KeyValuePair.Create(e, ContentKind.Sound)),
        ],
        StringComparer.Ordinal);

    /// <summary>A modality of such samples, which must all be of one kind.</summary>
    public static ImportSide Side(string modality, string from, IReadOnlyList<ImportItem> items)
    {
        var first = KindOf(items[0]);
        foreach (var item in items)
            if (KindOf(item) is var kind && kind != first)
                throw new CromaException($"{item.Where}: this is {kind} and other samples of '{modality}' are {first} ({items[0].Where}); a modality is of one kind");
        return new ImportSide(modality, from, items, context => Load(first, items, context));
    }

    private static ContentKind KindOf(ImportItem item)
    {
        if (item.File is null) return ContentKind.Text;
        return s_kinds.TryGetValue(Path.GetExtension(item.File).ToLowerInvariant(), out var kind) ? kind
            : throw new CromaException($"{item.Where}: '{Path.GetFileName(item.File)}' is of no kind that is read ({string.Join(", ", s_kinds.Keys)}); remove it, or convert it");
    }

    private static LoadedSamples Load(ContentKind kind, IReadOnlyList<ImportItem> items, LoadContext context)
    {
        var (side, seconds) = (context.Options.ImageSize, context.Options.Seconds);
        switch (kind)
        {
            case ContentKind.Text: return LoadedSamples.Texts(Each(items, context, ReadText));
            case ContentKind.Image:
                var (images, pixels) = (FFmpegVersion(context), Preparation.PixelsOf(context.Preparation));
                var pictured = pixels is null ? Preparation.Picture : context.Preparation!;
                pixels ??= SquarePixels.Of;
                return LoadedSamples.Images(Media(items, context, (decoder, files) => Convert(decoder.Pictures(files, context.Cancellation), picture => pixels(picture, side))), side, images, pictured);
            case ContentKind.Sound:
                var (sounds, frames) = (FFmpegVersion(context), Preparation.FramesOf(context.Preparation));
                var sounded = frames is null ? Preparation.Sound(seconds) : context.Preparation!;
                frames ??= Preparation.FramesOf(sounded)!;
                return LoadedSamples.Sounds(Media(items, context, (decoder, files) => Convert(decoder.Sounds(files, LogMel.SampleRate, context.Cancellation), frames)), seconds, sounds, sounded);
            default:
                var arrays = Each(items, context, ReadVectors);
                var (_, width, sequences) = arrays[0];
                foreach (var (array, item) in arrays.Zip(items))
                    if ((array.Width, array.Sequences) != (width, sequences))
                        throw new CromaException($"{item.Where}: this is {Describe(array.Width, array.Sequences)}; {items[0].Where} is {Describe(width, sequences)}: all must be alike");
                return LoadedSamples.Vectors([.. arrays.Select(a => a.Values)], width, sequences);
        }
    }

    private static T[] Each<T>(IReadOnlyList<ImportItem> items, LoadContext context, Func<ImportItem, T> read)
    {
        var all = new T[items.Count];
        FirstFailure.Of(() => Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = context.Options.Threads, CancellationToken = context.Cancellation }, i =>
        {
            all[i] = read(items[i]);
            context.Done();
        }));
        return all;
    }

    /// <summary>Pictures or sounds, some files at a time for each thread.</summary>
    private static T[] Media<T>(IReadOnlyList<ImportItem> items, LoadContext context, Func<MediaDecoder, string[], IEnumerable<(T Value, string? Reason)>> decode)
    {
        var all = new T[items.Count];
        var scratch = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            FirstFailure.Of(() => Parallel.ForEach(items.Index().Chunk(FilesAtOnce), new ParallelOptions { MaxDegreeOfParallelism = context.Options.Threads, CancellationToken = context.Cancellation }, some =>
            {
                var decoder = new MediaDecoder(Path.Combine(scratch, $"{some[0].Index}"), s_limits);
                foreach (var ((index, item), (value, reason)) in some.Zip(decode(decoder, [.. some.Select(s => s.Item.File!)])))
                {
                    all[index] = reason is null ? value : throw new CromaException($"{item.Where}: {reason}");
                    context.Done();
                }
            }));
            return all;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static IEnumerable<(TResult, string?)> Convert<T, TResult>(IEnumerable<Decoded<T>> decoded, Func<T, TResult> convert) where T : class =>
        decoded.Select(d => (d.Value is null ? default! : convert(d.Value), d.Reason));

    private static byte[] ReadText(ImportItem item) => item.Text is { } text ? TextContent.OfText(text, item.Where) : TextContent.OfFile(item.File!, item.Where);

    private static (Half[] Values, int Width, bool Sequences) ReadVectors(ImportItem item)
    {
        using var array = NpyReader.Open(item.File!);
        if (array.Count == 0 || array.Shape.Count is not (1 or 2)) throw new DataFormatException(item.File!, -1, $"the array's shape is {array.ShapeText}; a sample is a vector [numbers] or a sequence of them [steps, numbers]");
        var values = new float[array.Count];
        array.Read(values);
        var width = checked((int)array.Shape[^1]);
        return (HalfPrecision.Convert(values, width, item.File!, 0), width, array.Shape.Count == 2);
    }

    private static string FFmpegVersion(LoadContext context) => $"{FFmpeg.Program} {FFmpeg.Version(context.Cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]))}";

    private static string Describe(int width, bool sequences) => sequences ? $"a sequence of vectors of {width} numbers" : $"a vector of {width} numbers";
}
