using System.Security.Cryptography;
using Croma.Datasets.Media;

namespace Croma.Datasets.Pictures;

/// <summary>A photograph as encoders get it.</summary>
/// <param name="Pixels">Planes of red, green and blue.</param>
/// <param name="Sha256">Of the file it was decoded from.</param>
internal sealed record Photograph(byte[] Pixels, string Sha256);

/// <summary>Decodes photographs to the central square of the picture, shrunk by the mean of areas.</summary>
internal static class Photographs
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 32;

    /// <summary>Decodes pictures; null where one is broken and skipped.</summary>
    public static Photograph?[] Decode(IReadOnlyList<MediaFile> files, int threads, BrokenFiles broken, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RecipeProgress("pictures", 0, files.Count));
        return broken.Decode(files, threads, (decoder, paths) => decoder.Pictures(paths, cancellation),
            (file, picture) => new Photograph(Shrink(picture), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path)))),
            done => progress?.Report(new RecipeProgress("pictures", done, files.Count)), cancellation);
    }

    /// <summary>The central square as planes [3, 32, 32], each pixel the mean of the area that it covers.</summary>
    internal static byte[] Shrink(DecodedPicture picture)
    {
        var side = Math.Min(picture.Width, picture.Height);
        var (left, top) = ((picture.Width - side) / 2, (picture.Height - side) / 2);
        var shares = Enumerable.Range(0, Side).Select(i => Shares(i, side)).ToArray();
        var planes = new byte[3 * Side * Side];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                double red = 0, green = 0, blue = 0;
                foreach (var (row, height) in shares[y])
                    foreach (var (column, width) in shares[x])
                    {
                        var pixel = picture.Pixels.AsSpan(3 * ((top + row) * picture.Width + left + column), 3);
                        var weight = height * width;
                        red += weight * pixel[0];
                        green += weight * pixel[1];
                        blue += weight * pixel[2];
                    }
                var at = y * Side + x;
                (planes[at], planes[Side * Side + at], planes[2 * Side * Side + at]) = ((byte)Math.Round(red), (byte)Math.Round(green), (byte)Math.Round(blue));
            }
        return planes;
    }

    /// <summary>The pixels of a line of <paramref name="side"/> that the i-th of 32 covers, each with its share; shares sum to 1.</summary>
    private static (int Pixel, double Share)[] Shares(int i, int side)
    {
        var (begin, end) = ((double)i * side / Side, (double)(i + 1) * side / Side);
        return [.. from pixel in Enumerable.Range((int)begin, Math.Min(side, (int)Math.Ceiling(end)) - (int)begin) select (pixel, (Math.Min(end, pixel + 1) - Math.Max(begin, pixel)) / (end - begin))];
    }
}
