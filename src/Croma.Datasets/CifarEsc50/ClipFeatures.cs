using Croma.Datasets.Media;
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

    /// <summary>Steps a second.</summary>
    public const double StepsPerSecond = (double)LogMel.FramesPerSecond / FramesPooled;

    /// <summary>Decodes some clips' 5 s.</summary>
    /// <exception cref="CromaException">A clip is broken.</exception>
    public static IReadOnlyList<float[]> Samples(IReadOnlyList<Clip> clips, int rate, CancellationToken cancellation) =>
        new BrokenFiles(skip: false).Decode<float[], float[]>([.. clips.Select(clip => clip.File)], 1, (decoder, files) => decoder.Sounds(files, rate, cancellation), (_, sound) => Cut(sound, rate), null, _ => { }, cancellation)!;

    /// <summary>The energies of a sound at 16 kHz: [Steps, Bands], not yet standardised.</summary>
    /// <param name="logMel">Of <see cref="Bands"/> bands.</param>
    /// <param name="sound">The sound.</param>
    public static float[] Energies(LogMel logMel, float[] sound)
    {
        var frames = logMel.Energies(Cut(sound, LogMel.SampleRate));
        var pooled = new float[Steps * Bands];
        for (var i = 0; i < pooled.Length; i++)
        {
            var (step, band) = (i / Bands, i % Bands);
            for (var frame = 0; frame < FramesPooled; frame++) pooled[i] += frames[(step * FramesPooled + frame) * Bands + band] / FramesPooled;
        }
        return pooled;
    }

    private static float[] Cut(float[] sound, int rate)
    {
        if (sound.Length != Seconds * rate) Array.Resize(ref sound, Seconds * rate);
        return sound;
    }
}

/// <summary>
/// Shifts and scales every band alike, so that the clips of meta-train together have mean 0 and variance 1. A clip keeps its
/// spectrum: it is what tells sounds apart.
/// </summary>
/// <param name="Means">What is subtracted from each band.</param>
/// <param name="Scales">What it is then multiplied by.</param>
internal sealed record BandStatistics(double[] Means, double[] Scales)
{
    private const double VarianceFloor = 1e-5;

    /// <summary>Those of the energies of meta-train's clips.</summary>
    public static BandStatistics Of(IReadOnlyList<float[]> train)
    {
        const int Bands = ClipFeatures.Bands, Steps = ClipFeatures.Steps;
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
        return new BandStatistics(means, scales);
    }

    public Half[] Standardise(float[] clip) => [.. clip.Select((value, i) => (Half)((value - Means[i % Means.Length]) * Scales[i % Means.Length]))];
}
