using System.Buffers.Binary;
using Croma.Datasets.Speech;

namespace Croma.Tests.Datasets;

public sealed class MuLawWaveTests
{
    private const int Header = 58;

    [Fact]
    public void The_header_says_what_the_file_is()
    {
        var file = MuLawWave.Encode(new float[801]);
        Assert.Equal("RIFF"u8.ToArray(), file[..4]);
        Assert.Equal("WAVEfmt "u8.ToArray(), file[8..16]);
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        Assert.Equal((7, 1), (BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(20)), BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(22))));
        Assert.Equal(8000, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(24)));
        Assert.Equal("data"u8.ToArray(), file[50..54]);
        // chunks begin at even places, so one of an odd length is followed by a byte that is none of its own
        Assert.Equal((801, Header + 802), (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(54)), file.Length));
    }

    [Theory]
    [InlineData(0f, 0xFF), InlineData(1f, 0x80), InlineData(2f, 0x80), InlineData(-1f, 0x00), InlineData(-2f, 0x00)]
    public void Silence_and_the_ends_have_the_codes_of_the_standard(float sample, int code) => Assert.Equal(code, MuLawWave.Encode([sample])[Header]);

    [Fact]
    public void What_is_decoded_is_near_what_was_encoded()
    {
        float[] samples = [.. Enumerable.Range(-1000, 2001).Select(i => i / 1001f)];
        var codes = MuLawWave.Encode(samples)[Header..];
        for (var i = 0; i < samples.Length; i++) Assert.InRange(Decode(codes[i]) - samples[i], -0.001f - 0.035f * Math.Abs(samples[i]), 0.001f + 0.035f * Math.Abs(samples[i]));
    }

    /// <summary>ITU-T G.711, table 2b.</summary>
    private static float Decode(byte code)
    {
        var inverted = ~code;
        var magnitude = (((inverted & 0x0F) << 3) + 0x84 << ((inverted & 0x70) >> 4)) - 0x84;
        return ((inverted & 0x80) != 0 ? -magnitude : magnitude) / 32768f;
    }
}
