using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Croma.Datasets.Speech;

/// <summary>
/// Log-mel features of sound: triangular bands on HTK's mel scale (2595 log10(1 + f/700)) over the spectrum of Hann windows
/// (periodic), then the natural logarithm.
/// </summary>
internal sealed class LogMel
{
    /// <summary>Bands for speech.</summary>
    public const int Bands = 40;

    public const int SampleRate = 16000;
    public const int Window = 400;
    public const int Hop = 160;
    public const int FramesPerSecond = SampleRate / Hop;
    private const double VarianceFloor = 1e-5;

    private readonly LogMelOptions _options;
    private readonly double[] _window;
    private readonly (int FirstBin, double[] Weights)[] _filters;

    public LogMel(LogMelOptions options)
    {
        _options = options;
        _window = [.. Enumerable.Range(0, options.Window).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / options.Window))];
        _filters = [.. Enumerable.Range(0, options.Bands).Select(options.Filter)];
    }

    /// <summary>As <see cref="LogMelOptions"/> has it for speech, with so many bands.</summary>
    public LogMel(int bands = Bands) : this(new LogMelOptions { Bands = bands }) { }

    /// <summary>Log-mel energies [frames, bands] of samples in [-1, 1]; a sound shorter than a window is padded with silence.</summary>
    public float[] Energies(ReadOnlySpan<float> samples)
    {
        var (frames, bands, size) = (_options.FrameCount(samples.Length), _options.Bands, _options.Transform);
        var energies = new float[frames * bands];
        var buffer = new Complex[size];
        var (power, second) = (new double[size / 2 + 1], new double[size / 2 + 1]);
        for (var frame = 0; frame < frames; frame += 2)
        {
            // two real frames ride in one complex transform
            for (var i = 0; i < size; i++)
                buffer[i] = i < _window.Length ? new Complex(Sample(samples, frame, i), Sample(samples, frame + 1, i)) : Complex.Zero;
            Fourier.Forward(buffer, FourierOptions.NoScaling);
            for (var bin = 0; bin < power.Length; bin++)
            {
                var (z, mirrored) = (buffer[bin], Complex.Conjugate(buffer[(size - bin) % size]));
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
        var bands = _options.Bands;
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
        var position = frame * _options.Hop + i;
        return position < samples.Length ? samples[position] * _window[i] : 0;
    }

    private void Apply(double[] power, Span<float> energies)
    {
        if (_options.Spectrum == MelSpectrum.Magnitude)
            for (var bin = 0; bin < power.Length; bin++) power[bin] = Math.Sqrt(power[bin]);
        for (var band = 0; band < energies.Length; band++)
        {
            var (first, weights) = _filters[band];
            var sum = 0.0;
            for (var i = 0; i < weights.Length; i++) sum += weights[i] * power[first + i];
            energies[band] = (float)Math.Log(sum + _options.Floor);
        }
    }

    private static double SquaredMagnitude(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;
}
