using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Where a data set's photographs are kept until it is written.</summary>
    /// <param name="dataset">Its folder.</param>
    /// <param name="ffmpeg">The version of the program that decodes.</param>
    public static KeptResults<Photograph> Kept(string dataset, string ffmpeg) => new(KeptResults<Photograph>.FolderOf(dataset), $"photographs 1, {Side}, ffmpeg {ffmpeg}", 2,
        photograph => [photograph.Pixels, Encoding.ASCII.GetBytes(photograph.Sha256)], parts => new Photograph(parts[0], Encoding.ASCII.GetString(parts[1])));

    /// <summary>Decodes pictures; null where one is broken and skipped.</summary>
    public static Photograph?[] Decode(IReadOnlyList<MediaFile> files, int threads, BrokenFiles broken, KeptResults<Photograph>? kept, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RecipeProgress("pictures", 0, files.Count));
        return broken.Decode(files, threads, (decoder, paths) => decoder.Pictures(paths, cancellation),
            (file, picture) => new Photograph(SquarePixels.Of(picture, Side), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path)))),
            kept, done => progress?.Report(new RecipeProgress("pictures", done, files.Count)), cancellation);
    }
}
