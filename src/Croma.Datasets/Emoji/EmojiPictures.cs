using Croma.Datasets.Media;

namespace Croma.Datasets.Emoji;

/// <summary>Decodes picture files of 64 x 64 pixels to planes of 32 x 32 on white.</summary>
internal static class EmojiPictures
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 32;

    private const int FileSide = 2 * Side;

    /// <summary>Where a data set's pictures are kept until it is written.</summary>
    /// <param name="dataset">Its folder.</param>
    /// <param name="ffmpeg">The version of the program that decodes.</param>
    public static KeptResults<byte[]> Kept(string dataset, string ffmpeg) => new(KeptResults<byte[]>.FolderOf(dataset), $"emojis 1, ffmpeg {ffmpeg}", 1, planes => [planes], parts => parts[0]);

    /// <summary>The pictures in the files' order, each the planes of red, green and blue.</summary>
    /// <param name="files">PNG files, by name.</param>
    /// <param name="kept">What an interrupted run has made; null: nothing.</param>
    /// <param name="report">Told how many are done.</param>
    /// <param name="cancellation">Stops the program.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or a file is no such picture.</exception>
    public static IReadOnlyList<byte[]> Decode(IReadOnlyList<(string Name, byte[] Png)> files, KeptResults<byte[]>? kept, Action<int> report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            return new BrokenFiles(skip: false).Decode<TransparentPicture, byte[]>([.. files.Select((file, i) => new MediaFile(file.Name, ScratchFile.Write(folder, i, file.Png)))], 1,
                (decoder, paths) => decoder.TransparentPictures(paths, cancellation), Planes, kept, report, cancellation)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Planes(MediaFile file, TransparentPicture picture) => picture is { Width: FileSide, Height: FileSide } ? Shrink(picture.Pixels)
        : throw new CromaException($"{file.Name}: the picture has {picture.Width} x {picture.Height} pixels; {FileSide} x {FileSide} are needed");

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
