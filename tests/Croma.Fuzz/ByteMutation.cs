using System.Buffers.Binary;
using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>Mutations of any bytes: bits and bytes changed, cut off, moved, repeated, spliced, lengths overwritten.</summary>
internal static class ByteMutation
{
    private const int MostGrowth = 4096;

    private static readonly long[] s_numbers =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 1 << 20, (1 << 24) - 1, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MinValue,
    ];

    /// <summary>A mutated copy.</summary>
    /// <param name="content">What is mutated.</param>
    /// <param name="other">What parts are taken from.</param>
    /// <param name="random">Draws what is done.</param>
    public static byte[] Of(byte[] content, byte[] other, CounterRandom random)
    {
        if (content.Length == 0) return [.. Part(other, random)];
        var at = random.Next(content.Length);
        switch (random.Next(9))
        {
            case 0: return Changed(content, c => c[at] ^= (byte)(1 << random.Next(8)));
            case 1: return Changed(content, c => c[at] = (byte)random.Next(256));
            case 2: return content[..at];
            case 3: return [.. content[..at], .. Part(other, random), .. content[at..]];
            case 4: return [.. content[..at], .. content[Math.Min(content.Length, at + 1 + random.Next(64))..]];
            case 5: return [.. content, .. Part(content, random)];
            case 6:
                var part = Part(content, random);
                return Changed(content, c => part[..Math.Min(part.Length, c.Length - at)].CopyTo(c, at));
            case 7: return Changed(content, c => WriteNumber(c.AsSpan(random.Next(3) == 0 ? at : at & ~7), random));
            default:
                return Changed(content, c =>
                {
                    for (var i = 0; i < 8; i++) c[random.Next(c.Length)] ^= (byte)(1 << random.Next(8));
                });
        }
    }

    /// <summary>A number that is at the edge of something.</summary>
    public static long Number(CounterRandom random) => s_numbers[random.Next(s_numbers.Length)];

    private static void WriteNumber(Span<byte> to, CounterRandom random)
    {
        var bytes = (Span<byte>)stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Number(random));
        var length = Math.Min(to.Length, 1 << random.Next(4));
        bytes[..length].CopyTo(to);
    }

    private static byte[] Part(byte[] content, CounterRandom random)
    {
        if (content.Length == 0) return [0];
        var from = random.Next(content.Length);
        return content[from..(from + 1 + random.Next(Math.Min(content.Length - from, MostGrowth)))];
    }

    private static byte[] Changed(byte[] content, Action<byte[]> change)
    {
        var copy = content.ToArray();
        change(copy);
        return copy;
    }
}
