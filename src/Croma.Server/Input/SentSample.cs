using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;

namespace Croma.Server.Input;

/// <summary>What a sample is sent as.</summary>
internal enum SentKind
{
    Text,
    Features,
    Audio,
    Image,

    /// <summary>An array in a .npy file.</summary>
    Array,

    /// <summary>A file of no kind that is known.</summary>
    Unknown,
}

/// <summary>A sample as a client sent it.</summary>
/// <param name="Class">Its class, not yet looked at; null where it has none.</param>
/// <param name="Name">What the client calls it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Content">The file, or the text in UTF-8; of features nothing.</param>
/// <param name="MediaType">Of the content.</param>
/// <param name="Features">Its numbers.</param>
/// <param name="Width">Numbers of each vector of a sequence; null where they came as one list.</param>
internal sealed record SentSample(string? Class, string Name, SentKind Kind, byte[] Content, string MediaType, float[]? Features = null, int? Width = null);

/// <summary>What samples may be sent as, and what files are.</summary>
internal static class SentKinds
{
    public const string TextType = "text/plain; charset=utf-8", NumbersType = "application/json", ArrayType = "application/octet-stream";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["png_pipe"] = "image/png", ["jpeg_pipe"] = "image/jpeg", ["gif_pipe"] = "image/gif", ["bmp_pipe"] = "image/bmp", ["ppm_pipe"] = "image/x-portable-pixmap", ["webp_pipe"] = "image/webp",
        ["wav"] = "audio/wav", ["flac"] = "audio/flac", ["ogg"] = "audio/ogg", ["mov"] = "audio/mp4", ["matroska"] = "audio/webm", ["aiff"] = "audio/aiff", ["au"] = "audio/basic", ["mp3"] = "audio/mpeg",
    };

    /// <summary>What a modality's samples may be sent as.</summary>
    public static IReadOnlyList<SentKind> TakenBy(SampleShape shape) => shape.Kind switch
    {
        ModalityKind.Bytes => [SentKind.Text],
        ModalityKind.Images => Preparation.PixelsOf(shape.Preparation) is null ? [] : [SentKind.Image],
        ModalityKind.Frames => Preparation.FramesOf(shape.Preparation) is null ? [SentKind.Features, SentKind.Array] : [SentKind.Audio, SentKind.Features, SentKind.Array],
        _ => [SentKind.Features, SentKind.Array],
    };

    /// <summary>As the API calls them.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<SentKind> kinds) => [.. kinds.Where(k => k != SentKind.Array).Select(k => k.ToString().ToLowerInvariant())];

    /// <summary>A modality's kind, as the API calls it.</summary>
    public static string Name(ModalityKind kind) => kind switch
    {
        ModalityKind.Bytes => "text",
        ModalityKind.Images => "image",
        ModalityKind.Frames => "sequence",
        _ => "features",
    };

    /// <summary>What a file is, by its first bytes, and its media type.</summary>
    public static (SentKind Kind, string MediaType) OfFile(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("\u0093NUMPY"u8[1..])) return (SentKind.Array, ArrayType);
        if (MediaFormat.Of(content[..Math.Min(content.Length, MediaFormat.HeadBytes)]) is { } format) return (format.IsPicture ? SentKind.Image : SentKind.Audio, s_types[format.Demuxer]);
        return content.Length > 0 && !content.Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(content) ? (SentKind.Text, TextType) : (SentKind.Unknown, ArrayType);
    }

    /// <summary>In words, for messages.</summary>
    public static string Describe(SentKind kind) => kind switch
    {
        SentKind.Text => "text (UTF-8)",
        SentKind.Features => "features (numbers)",
        SentKind.Audio => $"sound ({MediaFormat.Names(pictures: false)})",
        SentKind.Image => $"a picture ({MediaFormat.Names(pictures: true)})",
        SentKind.Array => "an array (.npy)",
        _ => "a file of a kind that is not known here",
    };
}
