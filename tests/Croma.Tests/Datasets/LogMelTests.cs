using System.Numerics;
using Croma.Datasets.Speech;

namespace Croma.Tests.Datasets;

public sealed class LogMelTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(400, 1)]
    [InlineData(559, 1)]
    [InlineData(560, 2)]
    [InlineData(16000, 98)]
    [InlineData(96000, 598)]
    public void There_is_a_frame_every_10_ms_as_long_as_a_whole_window_fits(int samples, int frames) =>
        Assert.Equal(frames, new LogMelOptions().FrameCount(samples));

    /// <summary>
    /// Mel(1000 Hz) = 1000 and Mel(20 Hz) = 31.75, Mel(8000 Hz) = 2840.02, so that centres lie 68.49 apart and 1000 Hz falls
    /// at 14.14 of them: into band 13 (counting from 0), whose centre is number 14.
    /// </summary>
    [Fact]
    public void A_tone_of_1000_Hz_is_loudest_in_the_band_that_holds_it()
    {
        var energies = new LogMel().Energies(Tone(1000, 0.5, 4000));
        for (var frame = 0; frame < energies.Length / LogMel.Bands; frame++)
        {
            var row = energies.AsSpan(frame * LogMel.Bands, LogMel.Bands).ToArray();
            Assert.Equal(13, Array.IndexOf(row, row.Max()));
        }
    }

    /// <summary>
    /// A tone of amplitude 0.5 has its transform's peak at its frequency, of half the amplitude times the window's sum of
    /// 200, that is 50, which is -6 dB, (25)^2, one Hann bin (40 Hz) away; the sum over bins of 31.25 Hz is by Parseval's
    /// theorem 512/2 x sum of squares = 256 x 0.125 x 150 = 4800, all of it in the bands, whose triangles add up to 1.
    /// </summary>
    [Fact]
    public void The_energy_of_a_tone_is_that_of_Parsevals_theorem()
    {
        var energies = new LogMel().Energies(Tone(1000, 0.5, 4000));
        for (var frame = 0; frame < energies.Length / LogMel.Bands; frame++)
        {
            var sum = 0.0;
            for (var band = 0; band < LogMel.Bands; band++) sum += Math.Exp(energies[frame * LogMel.Bands + band]);
            Assert.Equal(4800, sum, 4800 * 0.005);
        }
    }

    [Fact]
    public void Every_band_is_that_of_the_plain_definition()
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, 400 + 2 * 160).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var energies = new LogMel().Energies(samples);
        Assert.Equal(3 * 40, energies.Length);
        for (var frame = 0; frame < 3; frame++)
        {
            var power = Enumerable.Range(0, 257).Select(bin =>
            {
                var sum = Complex.Zero;
                for (var n = 0; n < 400; n++)
                    sum += samples[frame * 160 + n] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * n / 400)) * Complex.Exp(-2 * Math.PI * Complex.ImaginaryOne * bin * n / 512);
                return sum.Magnitude * sum.Magnitude;
            }).ToArray();
            double Edge(int i) => 700 * (Math.Pow(10, (31.748 + (2840.023 - 31.748) * i / 41) / 2595) - 1);
            for (var band = 0; band < 40; band++)
            {
                var sum = 0.0;
                for (var bin = 0; bin < 257; bin++)
                    sum += power[bin] * Math.Max(0, Math.Min((bin * 31.25 - Edge(band)) / (Edge(band + 1) - Edge(band)), (Edge(band + 2) - bin * 31.25) / (Edge(band + 2) - Edge(band + 1))));
                Assert.Equal(Math.Log(sum + 1e-6), energies[frame * 40 + band], 2e-3);
            }
        }
    }

    [Fact]
    public void Silence_is_the_logarithm_of_the_floor() =>
        Assert.All(new LogMel().Energies(new float[1000]), energy => Assert.Equal(Math.Log(1e-6), energy, 1e-5));

    [Fact]
    public void Normalised_bands_have_mean_0_and_variance_1()
    {
        var random = new Random(2);
        var normalised = new LogMel().Normalised([.. Enumerable.Range(0, 16000).Select(i => (float)((random.NextDouble() - 0.5) * i / 16000))]);
        for (var band = 0; band < LogMel.Bands; band++)
        {
            var values = Enumerable.Range(0, normalised.Length / LogMel.Bands).Select(frame => (double)normalised[frame * LogMel.Bands + band]).ToArray();
            Assert.Equal(0, values.Average(), 1e-3);
            Assert.Equal(1, values.Average(value => value * value), 1e-2);
        }
        Assert.All(new LogMel().Normalised(new float[1000]), value => Assert.Equal((Half)0, value));
    }

    private static float[] Tone(double frequency, double amplitude, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / LogMel.SampleRate)))];
}
