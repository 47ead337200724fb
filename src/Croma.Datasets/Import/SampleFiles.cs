using Croma.Data.Formats;
using System.Text;

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
    private const int LargestFile = 64 << 20, LargestText = 1 << 20;

    private static readonly Dictionary<string, ContentKind> s_kinds = new(StringComparer.Ordinal)
    {
        [".txt"] = ContentKind.Text,
        [".png"] = ContentKind.Image,
        [".jpg"] = ContentKind.Image,
        [".jpeg"] = ContentKind.Image,
        [".gif"] = ContentKind.Image,
        [".bmp"] = ContentKind.Image,
        [".webp"] = ContentKind.Image,
        [".wav"] = ContentKind.Sound,
        [".mp3"] = ContentKind.Sound,
        [".flac"] = ContentKind.Sound,
        [".ogg"] = ContentKind.Sound,
        [".opus"] = ContentKind.Sound,
        [".npy"] = ContentKind.Vectors,
    };

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
                var images = FFmpegVersion(context);
                return LoadedSamples.Images(Each(items, context, item => ImagePixels.Decode(ReadFile(item), item.Where, side, context.Cancellation)), side, images);
            case ContentKind.Sound:
                var sounds = FFmpegVersion(context);
                return LoadedSamples.Sounds(Each(items, context, item => ClipFrames.Decode(ReadFile(item), item.Where, seconds, context.Cancellation)), seconds, sounds);
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

    private static byte[] ReadText(ImportItem item)
    {
        var bytes = item.Text is { } text ? Encoding.UTF8.GetBytes(text) : Utf8Text.WithoutMark(ReadFile(item)).ToArray();
        Utf8Text.Require(bytes, item.Where);
        var trimmed = bytes.AsSpan().TrimEnd(" \t\r\n"u8).ToArray();
        if (trimmed.Length is 0 or > LargestText) throw new CromaException($"{item.Where}: the text has {trimmed.Length} bytes; it must have from 1 to {LargestText}");
        return trimmed;
    }

    private static (Half[] Values, int Width, bool Sequences) ReadVectors(ImportItem item)
    {
        using var array = NpyReader.Open(item.File!);
        if (array.Count == 0 || array.Shape.Count is not (1 or 2)) throw new DataFormatException(item.File!, -1, $"the array's shape is {array.ShapeText}; a sample is a vector [numbers] or a sequence of them [steps, numbers]");
        var values = new float[array.Count];
        array.Read(values);
        var width = checked((int)array.Shape[^1]);
        return (HalfPrecision.Convert(values, width, item.File!, 0), width, array.Shape.Count == 2);
    }

    private static byte[] ReadFile(ImportItem item)
    {
        try
        {
            var length = new FileInfo(item.File!).Length;
            return length <= LargestFile ? File.ReadAllBytes(item.File!) : throw new CromaException($"{item.Where}: the file has {length} bytes; at most {LargestFile} are read");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{item.Where}: cannot be read: {e.Message}", e);
        }
    }

    private static string FFmpegVersion(LoadContext context) => $"{FFmpeg.Program} {FFmpeg.Version(context.Cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]))}";

    private static string Describe(int width, bool sequences) => sequences ? $"a sequence of vectors of {width} numbers" : $"a vector of {width} numbers";
}
