using Croma.Datasets.Speech;

namespace Croma.Datasets.CifarEsc50;

/// <summary>
/// What an encoder sees of a clip: its first 5 s at 16 kHz as log-mel energies of 64 bands in windows of 25 ms every 10 ms,
/// the mean of each 4 frames: 124 steps of 40 ms. A shorter clip is padded with silence.
/// </summary>
internal static class ClipFeatures
{
    public const int Bands = 64;
    public const int FramesPooled = 4;
    public const int Steps = (1 + (Seconds * LogMel.SampleRate - LogMel.Window) / LogMel.Hop) / FramesPooled;
    private const int Seconds = 5;
    private const double VarianceFloor = 1e-5;
    private static readonly LogMel s_logMel = new(Bands);

    /// <summary>Steps a second.</summary>
    public const double StepsPerSecond = (double)LogMel.FramesPerSecond / FramesPooled;

    /// <summary>Decodes a clip's 5 s.</summary>
    public static float[] Samples(Clip clip, int rate, CancellationToken cancellation)
    {
        var samples = FFmpeg.Decode(clip.File, clip.Name, rate, Seconds * rate, cancellation);
        if (samples.Length < Seconds * rate) Array.Resize(ref samples, Seconds * rate);
        return samples;
    }

    /// <summary>Decodes a clip: [Steps, Bands], not yet standardised.</summary>
    public static float[] Energies(Clip clip, CancellationToken cancellation)
    {
        var frames = s_logMel.Energies(Samples(clip, LogMel.SampleRate, cancellation));
        var pooled = new float[Steps * Bands];
        for (var i = 0; i < pooled.Length; i++)
        {
            var (step, band) = (i / Bands, i % Bands);
            for (var frame = 0; frame < FramesPooled; frame++) pooled[i] += frames[(step * FramesPooled + frame) * Bands + band] / FramesPooled;
        }
        return pooled;
    }

    /// <summary>
    /// Clips with every band shifted and scaled alike, so that those of meta-train together have mean 0 and variance 1. A
    /// clip keeps its spectrum: it is what tells sounds apart.
    /// </summary>
    /// <param name="clips">Energies of all clips.</param>
    /// <param name="train">Those of meta-train.</param>
    public static Half[][] Standardise(IReadOnlyList<float[]> clips, IReadOnlyList<float[]> train)
    {
        var (means, scales) = (new double[Bands], new double[Bands]);
        for (var band = 0; band < Bands; band++)
        {
            double sum = 0, squares = 0;
            foreach (var clip in train)
                for (var i = band; i < clip.Length; i += Bands) sum += clip[i];
            means[band] = sum / ((double)train.Count * Steps);
            foreach (var clip in train)
                for (var i = band; i < clip.Length; i += Bands) squares += (clip[i] - means[band]) * (clip[i] - means[band]);
            scales[band] = 1 / Math.Sqrt(squares / ((double)train.Count * Steps) + VarianceFloor);
        }
        return [.. clips.Select(clip => clip.Select((value, i) => (Half)((value - means[i % Bands]) * scales[i % Bands])).ToArray())];
    }
}
