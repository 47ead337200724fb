using System.Globalization;

namespace Croma.Datasets.Pictures;

/// <summary>Photographs as encoders get them: the central square of a picture, shrunk by the mean of areas.</summary>
internal static class Photographs
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 32;

    private const int Pixels = Side * Side;

    private static readonly string s_side = Side.ToString(CultureInfo.InvariantCulture);

    private static readonly FFmpegBatch s_decoder = new("jpeg_pipe,png_pipe,gif,bmp_pipe,webp_pipe", "v:0",
    [
        "-frames:v", "1", "-vf", $"scale={s_side}:{s_side}:force_original_aspect_ratio=increase:flags=area+accurate_rnd+full_chroma_int+bitexact,crop={s_side}:{s_side}",
        "-pix_fmt", "rgb24", "-f", "rawvideo",
    ], output => output.Length == 3 * Pixels ? null : $"it gives {output.Length} bytes of pixels instead of {3 * Pixels}")
    {
        // a picture of a few kilobytes can claim to have billions of pixels
        InputOptions = ["-max_pixels", "50000000"],
    };

    /// <summary>Decodes pictures to planes of red, green and blue; empty where one is broken and skipped.</summary>
    public static Decoded[] Decode(IReadOnlyList<MediaFile> files, int threads, BrokenFiles broken, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RecipeProgress("pictures", 0, files.Count));
        var decoded = s_decoder.Decode(files, threads, broken, done => progress?.Report(new RecipeProgress("pictures", done, files.Count)), cancellation);
        return [.. decoded.Select(d => d.Complaint is null ? d with { Output = Planes(d.Output) } : d)];
    }

    private static byte[] Planes(byte[] rgb)
    {
        var planes = new byte[rgb.Length];
        for (var i = 0; i < rgb.Length; i++) planes[i % 3 * Pixels + i / 3] = rgb[i];
        return planes;
    }
}
