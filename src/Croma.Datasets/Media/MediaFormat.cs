namespace Croma.Datasets.Media;

/// <summary>
/// A format of pictures or sounds, known by the first bytes of its files. ffmpeg is told to read the file as that and as
/// nothing else: left to guess, it would follow playlists and scripts to other files.
/// </summary>
internal sealed record MediaFormat(string Demuxer, bool IsPicture)
{
    /// <summary>Bytes that <see cref="Of"/> wants to see.</summary>
    public const int HeadBytes = 16;

    /// <summary>Endings of names that such files have, for picking them out of folders.</summary>
    public static IReadOnlyList<string> PictureEndings { get; } = [".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".webp"];

    /// <inheritdoc cref="PictureEndings"/>
    public static IReadOnlyList<string> SoundEndings { get; } = [".aif", ".aiff", ".au", ".flac", ".m4a", ".mka", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm"];

    /// <summary>The formats' names, for messages.</summary>
    public static string Names(bool pictures) => pictures ? "PNG, JPEG, GIF, BMP, WebP, PPM" : "WAV, FLAC, Ogg, MP3, MP4, Matroska, AIFF, AU";

    /// <summary>The format of a file that begins so, or null.</summary>
    public static MediaFormat? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\u0089PNG\r\n\u001a\n"u8[1..])) return Picture("png_pipe");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return Picture("jpeg_pipe");
        if (head.StartsWith("GIF8"u8)) return Picture("gif_pipe");
        if (head.StartsWith("BM"u8)) return Picture("bmp_pipe");
        if (head.StartsWith("P6"u8)) return Picture("ppm_pipe");
        if (head.Length >= 12 && head.StartsWith("RIFF"u8)) return head[8..].StartsWith("WEBP"u8) ? Picture("webp_pipe") : head[8..].StartsWith("WAVE"u8) ? Sound("wav") : null;
        if (head.StartsWith("fLaC"u8)) return Sound("flac");
        if (head.StartsWith("OggS"u8)) return Sound("ogg");
        if (head.Length >= 8 && head[4..].StartsWith("ftyp"u8)) return Sound("mov");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1a, 0x45, 0xdf, 0xa3])) return Sound("matroska");
        if (head.Length >= 12 && head.StartsWith("FORM"u8) && head[8..].StartsWith("AIF"u8)) return Sound("aiff");
        if (head.StartsWith(".snd"u8)) return Sound("au");
        // an MPEG frame's eleven bits of synchronisation, layer III
        var isMp3 = head.StartsWith("ID3"u8) || (head.Length >= 2 && head[0] == 0xff && (head[1] & 0xe6) == 0xe2);
        return isMp3 ? Sound("mp3") : null;

        static MediaFormat Picture(string demuxer) => new(demuxer, true);
        static MediaFormat Sound(string demuxer) => new(demuxer, false);
    }
}
