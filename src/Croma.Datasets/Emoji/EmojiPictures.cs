using System.Buffers.Binary;

namespace Croma.Datasets.Emoji;

/// <summary>Decodes picture files of 64 x 64 pixels with ffmpeg, many in a process, to planes of 32 x 32 on white.</summary>
internal static class EmojiPictures
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 32;

    private const int FileSide = 2 * Side, FileBytes = 4 * FileSide * FileSide, AtOnce = 256;
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    /// <summary>The pictures in the files' order, each the planes of red, green and blue.</summary>
    /// <param name="files">PNG files, by name.</param>
    /// <param name="report">Told how many are done.</param>
    /// <param name="cancellation">Stops the program.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or a file is no such picture.</exception>
    public static IReadOnlyList<byte[]> Decode(IReadOnlyList<(string Name, byte[] Png)> files, Action<int> report, CancellationToken cancellation)
    {
        // ffmpeg would scale a picture of another size without a word
        foreach (var (name, png) in files)
            if (!IsPicture(png)) throw new CromaException($"{name}: this is no PNG picture of {FileSide} x {FileSide} pixels");
        var pictures = new List<byte[]>();
        foreach (var some in files.Chunk(AtOnce))
        {
            pictures.AddRange(DecodeSome(some, cancellation));
            report(pictures.Count);
        }
        return pictures;
    }

    private static bool IsPicture(ReadOnlySpan<byte> png) => png.Length > 24 && png[..16].SequenceEqual("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR"u8[1..])
        && BinaryPrimitives.ReadInt32BigEndian(png[16..]) == FileSide && BinaryPrimitives.ReadInt32BigEndian(png[20..]) == FileSide;

    private static IEnumerable<byte[]> DecodeSome((string Name, byte[] Png)[] files, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "pipe", "-f", "image2pipe", "-c:v", "png", "-i", "pipe:0",
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1",
        ];
        var result = ChildProcess.Run(FFmpeg.Program, arguments, [.. files.SelectMany(f => f.Png)], (files.Length + 1) * FileBytes, s_timeout, cancellation)
            ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        if (result.ExitCode != 0 || result.Output.Length != files.Length * FileBytes)
            throw new CromaException($"{files[0].Name} to {files[^1].Name}: {FFmpeg.Program} does not find {files.Length} pictures of {FileSide} x {FileSide} pixels in them: {result.Complaint}");
        return Enumerable.Range(0, files.Length).Select(i => Shrink(result.Output.AsSpan(i * FileBytes, FileBytes)));
    }

    /// <summary>Half the size, the mean of four pixels, on white where the picture is transparent.</summary>
    internal static byte[] Shrink(ReadOnlySpan<byte> rgba)
    {
        var planes = new byte[3 * Side * Side];
        for (var i = 0; i < planes.Length; i++)
        {
            var (colour, y, x) = (i / (Side * Side), i / Side % Side, i % Side);
            var sum = 0;
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var at = 4 * ((2 * y + quarter / 2) * FileSide + 2 * x + quarter % 2);
                var opacity = rgba[at + 3];
                sum += rgba[at + colour] * opacity + 255 * (255 - opacity);
            }
            planes[i] = (byte)((sum + 2 * 255) / (4 * 255));
        }
        return planes;
    }
}
