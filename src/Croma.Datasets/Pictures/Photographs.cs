using System.Security.Cryptography;
using Croma.Datasets.Import;
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
            (file, picture) => new Photograph(SquarePixels.Of(picture, Side), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path)))),
            done => progress?.Report(new RecipeProgress("pictures", done, files.Count)), cancellation);
    }
}
