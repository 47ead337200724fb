using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Croma.Datasets.Speech;

/// <summary>
/// Log-mel features of sound at 16 kHz: triangular bands (40 for speech) from 20 to 8000 Hz on HTK's mel scale (2595 log10(1 + f/700)),
/// Hann windows of 25 ms every 10 ms, a transform of 512 points, log(energy + 1e-6).
/// </summary>
/// <param name="bands">How many bands.</param>
internal sealed class LogMel(int bands = LogMel.Bands)
{
    /// <summary>Bands for speech.</summary>
    public const int Bands = 40;

    public const int SampleRate = 16000;
    public const int Window = 400;
    public const int Hop = 160;
    public const int FramesPerSecond = SampleRate / Hop;
    private const int TransformSize = 512;
    private const double LowestFrequency = 20, HighestFrequency = 8000;
    private const double Floor = 1e-6;
    private const double VarianceFloor = 1e-5;

    private readonly double[] _window = [.. Enumerable.Range(0, Window).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / Window))];
    private readonly (int FirstBin, double[] Weights)[] _filters = [.. Enumerable.Range(0, bands).Select(band => Filter(band, bands))];

    /// <summary>Frames that <paramref name="samples"/> samples give: at least 1.</summary>
    public static int FrameCount(int samples) => 1 + Math.Max(0, samples - Window) / Hop;

    /// <summary>Log-mel energies [frames, bands] of samples in [-1, 1]; a sound shorter than a window is padded with silence.</summary>
    public float[] Energies(ReadOnlySpan<float> samples)
    {
        var frames = FrameCount(samples.Length);
        var energies = new float[frames * bands];
        var buffer = new Complex[TransformSize];
        var (power, second) = (new double[TransformSize / 2 + 1], new double[TransformSize / 2 + 1]);
        for (var frame = 0; frame < frames; frame += 2)
        {
            // two real frames ride in one complex transform
            for (var i = 0; i < TransformSize; i++)
                buffer[i] = i < Window ? new Complex(Sample(samples, frame, i), Sample(samples, frame + 1, i)) : Complex.Zero;
            Fourier.Forward(buffer, FourierOptions.NoScaling);
            for (var bin = 0; bin < power.Length; bin++)
            {
                var (z, mirrored) = (buffer[bin], Complex.Conjugate(buffer[(TransformSize - bin) % TransformSize]));
                (power[bin], second[bin]) = (SquaredMagnitude(z + mirrored) / 4, SquaredMagnitude(z - mirrored) / 4);
            }
            Apply(power, energies.AsSpan(frame * bands, bands));
            if (frame + 1 < frames) Apply(second, energies.AsSpan((frame + 1) * bands, bands));
        }
        return energies;
    }

    /// <summary>The energies of a sound with every band shifted and scaled to mean 0 and variance 1 over its frames.</summary>
    public Half[] Normalised(ReadOnlySpan<float> samples) => Normalise(Energies(samples));

    /// <summary>Energies [frames, bands] with every band shifted and scaled likewise.</summary>
    public Half[] Normalise(ReadOnlySpan<float> energies)
    {
        var frames = energies.Length / bands;
        var normalised = new Half[energies.Length];
        for (var band = 0; band < bands; band++)
        {
            double sum = 0, squares = 0;
            for (var i = band; i < energies.Length; i += bands) sum += energies[i];
            var mean = sum / frames;
            for (var i = band; i < energies.Length; i += bands) squares += (energies[i] - mean) * (energies[i] - mean);
            var scale = 1 / Math.Sqrt(squares / frames + VarianceFloor);
            for (var i = band; i < energies.Length; i += bands) normalised[i] = (Half)((energies[i] - mean) * scale);
        }
        return normalised;
    }

    private double Sample(ReadOnlySpan<float> samples, int frame, int i)
    {
        var position = frame * Hop + i;
        return position < samples.Length ? samples[position] * _window[i] : 0;
    }

    private void Apply(double[] power, Span<float> energies)
    {
        for (var band = 0; band < bands; band++)
        {
            var (first, weights) = _filters[band];
            var sum = 0.0;
            for (var i = 0; i < weights.Length; i++) sum += weights[i] * power[first + i];
            energies[band] = (float)Math.Log(sum + Floor);
        }
    }

    private static (int FirstBin, double[] Weights) Filter(int band, int bands)
    {
        const double step = (double)SampleRate / TransformSize;
        var (low, centre, high) = (Edge(band, bands), Edge(band + 1, bands), Edge(band + 2, bands));
        var first = (int)Math.Ceiling(low / step);
        var weights = new double[(int)Math.Floor(high / step) - first + 1];
        for (var i = 0; i < weights.Length; i++)
        {
            var frequency = (first + i) * step;
            weights[i] = frequency <= centre ? (frequency - low) / (centre - low) : (high - frequency) / (high - centre);
        }
        return (first, weights);
    }

    private static double Edge(int index, int bands)
    {
        var (low, high) = (Mel(LowestFrequency), Mel(HighestFrequency));
        return 700 * (Math.Pow(10, (low + (high - low) * index / (bands + 1)) / 2595) - 1);
    }

    private static double Mel(double frequency) => 2595 * Math.Log10(1 + frequency / 700);

    private static double SquaredMagnitude(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;
}
