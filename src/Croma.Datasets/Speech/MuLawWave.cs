using System.Buffers.Binary;

namespace Croma.Datasets.Speech;

/// <summary>
/// Sound as people hear it over a telephone: WAV files of 8-bit mu-law (ITU-T G.711) at 8 kHz, a byte a sample, which browsers play.
/// </summary>
internal static class MuLawWave
{
    public const int SampleRate = 8000;

    private const int HeaderBytes = 58, Bias = 132, Clip = 32635;
    private const short MuLaw = 7, Channels = 1, BytesOfSample = 1;

    /// <summary>A whole WAV file of one channel; samples beyond [-1, 1] are clipped.</summary>
    public static byte[] Encode(ReadOnlySpan<float> samples)
    {
        var file = new byte[HeaderBytes + samples.Length + samples.Length % 2];
        var at = file.AsSpan();
        Put("RIFF"u8, file.Length - 8, ref at);
        "WAVE"u8.CopyTo(at);
        at = at[4..];
        Put("fmt "u8, 18, ref at);
        BinaryPrimitives.WriteInt16LittleEndian(at, MuLaw);
        BinaryPrimitives.WriteInt16LittleEndian(at[2..], Channels);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], SampleRate * BytesOfSample);
        BinaryPrimitives.WriteInt16LittleEndian(at[12..], BytesOfSample);
        BinaryPrimitives.WriteInt16LittleEndian(at[14..], 8 * BytesOfSample);
        at = at[18..];
        Put("fact"u8, 4, ref at);
        BinaryPrimitives.WriteInt32LittleEndian(at, samples.Length);
        at = at[4..];
        Put("data"u8, samples.Length, ref at);
        for (var i = 0; i < samples.Length; i++) at[i] = Compress(samples[i]);
        return file;
    }

    private static void Put(ReadOnlySpan<byte> name, int length, ref Span<byte> at)
    {
        name.CopyTo(at);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], length);
        at = at[8..];
    }

    private static byte Compress(float sample)
    {
        var value = (int)MathF.Round(sample * 32767f);
        var sign = value < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs(value), Clip) + Bias;
        var segment = int.Log2(magnitude) - 7;
        return (byte)~(sign | segment << 4 | magnitude >> segment + 3 & 0x0F);
    }
}
