using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Croma.Datasets.Speech;

/// <summary>
/// Changes a sampling rate by a rational factor: a polyphase bank of Kaiser-windowed sinc filters (J. O. Smith, "Digital
/// Audio Resampling", 2002). Sums are taken in a fixed order without fused operations, so the result is the same bits on
/// every machine.
/// </summary>
internal sealed class Resampler
{
    private const int ZeroCrossings = 16;
    private const double KaiserBeta = 8;

    /// <summary>The edge of the pass band, as a part of the lower of the two Nyquist frequencies.</summary>
    private const double PassBand = 0.94;

    private readonly int _up, _down, _taps;
    private readonly float[] _filters;

    /// <param name="from">Samples a second that go in.</param>
    /// <param name="to">Samples a second that come out.</param>
    public Resampler(int from, int to)
    {
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (_up, _down) = (to / divisor, from / divisor);
        var cutoff = PassBand * Math.Min(1.0, (double)to / from);
        var half = ((int)Math.Ceiling(ZeroCrossings / cutoff) + 3) / 4 * 4;
        _taps = 2 * half;
        _filters = new float[_up * _taps];
        var raw = new double[_taps];
        for (var phase = 0; phase < _up; phase++)
        {
            for (var tap = 0; tap < _taps; tap++)
            {
                var distance = tap - half + 1 - (double)phase / _up;
                raw[tap] = Sinc(cutoff * distance) * Kaiser(distance / half);
            }
            var sum = raw.Sum();
            for (var tap = 0; tap < _taps; tap++) _filters[phase * _taps + tap] = (float)(raw[tap] / sum);
        }
    }

    /// <summary>The samples at the new rate: floor(length x to / from) of them, silence assumed before and after.</summary>
    public float[] Convert(ReadOnlySpan<float> input)
    {
        var padded = new float[input.Length + _taps];
        input.CopyTo(padded.AsSpan(_taps / 2 - 1));
        var output = new float[(int)((long)input.Length * _up / _down)];
        for (var i = 0; i < output.Length; i++)
        {
            var position = Math.DivRem((long)i * _down, _up, out var phase);
            output[i] = Dot(padded.AsSpan((int)position, _taps), _filters.AsSpan((int)phase * _taps, _taps));
        }
        return output;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector256<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector256<float>>(b);
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        var four = sum.GetLower() + sum.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-12 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double Kaiser(double x) => Math.Abs(x) >= 1
        ? 0
        : MathNet.Numerics.SpecialFunctions.BesselI0(KaiserBeta * Math.Sqrt(1 - x * x)) / MathNet.Numerics.SpecialFunctions.BesselI0(KaiserBeta);
}
