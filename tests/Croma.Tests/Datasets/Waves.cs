using System.Buffers.Binary;
using Croma.Compute;

namespace Croma.Tests.Datasets;

/// <summary>Made-up sound files.</summary>
internal static class Waves
{
    public const int Rate = 16000;

    /// <summary>Noise that depends on the name.</summary>
    public static byte[] Noise(string name, double seconds)
    {
        var random = new CounterRandom(4, CounterRandom.Stream(name, 0));
        return Of([.. Enumerable.Range(0, (int)(seconds * Rate)).Select(_ => (short)random.Next(-8000, 8000))]);
    }

    /// <summary>A WAV file of 16 bits at 16 kHz.</summary>
    public static byte[] Of(short[] samples)
    {
        var file = new byte[44 + 2 * samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 2 * Rate);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + 2 * i), samples[i]);
        return file;
    }
}
