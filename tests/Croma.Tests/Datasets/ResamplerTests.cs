using Croma.Datasets.Speech;

namespace Croma.Tests.Datasets;

public sealed class ResamplerTests
{
    private const int From = 22050, To = 16000;

    [Theory]
    [InlineData(22050, 16000)]
    [InlineData(441, 320)]
    [InlineData(440, 319)]
    [InlineData(0, 0)]
    public void The_length_is_that_of_the_same_time_at_the_new_rate(int samples, int expected) =>
        Assert.Equal(expected, new Resampler(From, To).Convert(new float[samples]).Length);

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(6000)]
    public void A_tone_in_the_pass_band_keeps_its_amplitude_and_phase(double frequency)
    {
        var output = new Resampler(From, To).Convert(Tone(frequency, From, From));
        for (var i = 200; i < output.Length - 200; i++)
            Assert.Equal(Math.Sin(2 * Math.PI * frequency * i / To), output[i], 0.002);
    }

    [Theory]
    [InlineData(9000)]
    [InlineData(10500)]
    public void A_tone_above_the_new_Nyquist_frequency_is_removed(double frequency)
    {
        var output = new Resampler(From, To).Convert(Tone(frequency, From, From));
        Assert.All(output[200..^200], sample => Assert.InRange(sample, -0.002f, 0.002f));
    }

    [Fact]
    public void What_comes_later_does_not_change_what_came_before()
    {
        var resampler = new Resampler(From, To);
        var sound = Tone(440, From, 4410);
        var whole = resampler.Convert(sound);
        var part = resampler.Convert(sound.AsSpan(0, 2205 + 64));
        Assert.Equal(whole[..1600], part[..1600]);
    }

    private static float[] Tone(double frequency, int rate, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];
}
