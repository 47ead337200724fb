using System.Buffers.Binary;
using System.Text;

namespace Croma.Tests.Monitoring;

/// <summary>An event as a reader finds it.</summary>
internal sealed record ReadEvent(double WallTime, long Step, string? FileVersion, bool StartsSession, IReadOnlyList<(string Tag, float Value)> Scalars);

/// <summary>A strict reader of TensorBoard event files, which shares nothing with the writer: anything unexpected fails.</summary>
internal static class EventReader
{
    private const uint Castagnoli = 0x82f63b78;

    /// <summary>CRC-32C bit by bit, as RFC 3720 defines it.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ Castagnoli : crc >> 1;
        }
        return ~crc;
    }

    public static List<ReadEvent> Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        var events = new List<ReadEvent>();
        while (rest.Length > 0)
        {
            RequireCrc(rest[..8], rest[8..12]);
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var data = rest.Slice(12, length);
            RequireCrc(data, rest.Slice(12 + length, 4));
            events.Add(ParseEvent(data));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    private static void RequireCrc(ReadOnlySpan<byte> of, ReadOnlySpan<byte> masked)
    {
        var crc = Crc32C(of);
        Assert.Equal(unchecked((crc >> 15 | crc << 17) + 0xa282ead8), BinaryPrimitives.ReadUInt32LittleEndian(masked));
    }

    private static ReadEvent ParseEvent(ReadOnlySpan<byte> message)
    {
        var read = new ReadEvent(0, 0, null, false, []);
        while (message.Length > 0)
        {
            read = Tag(ref message) switch
            {
                (1, 1) => read with { WallTime = BitConverter.Int64BitsToDouble((long)Fixed(ref message, 8)) },
                (2, 0) => read with { Step = (long)Varint(ref message) },
                (3, 2) => read with { FileVersion = Encoding.UTF8.GetString(Delimited(ref message)) },
                (5, 2) => read with { Scalars = ParseSummary(Delimited(ref message)) },
                (7, 2) => read with { StartsSession = IsStart(Delimited(ref message)) },
                var (field, wire) => throw new InvalidDataException($"an event has no field {field} of wire type {wire}"),
            };
        }
        return read;
    }

    private static bool IsStart(ReadOnlySpan<byte> message)
    {
        Assert.Equal((1, 0), Tag(ref message));
        return Varint(ref message) == 1 && message.Length == 0;
    }

    private static List<(string, float)> ParseSummary(ReadOnlySpan<byte> message)
    {
        var scalars = new List<(string, float)>();
        while (message.Length > 0)
        {
            Assert.Equal((1, 2), Tag(ref message));
            var value = Delimited(ref message);
            Assert.Equal((1, 2), Tag(ref value));
            var tag = Encoding.UTF8.GetString(Delimited(ref value));
            Assert.Equal((2, 5), Tag(ref value));
            scalars.Add((tag, BitConverter.Int32BitsToSingle((int)Fixed(ref value, 4))));
            Assert.Equal(0, value.Length);
        }
        return scalars;
    }

    private static (int Field, int Wire) Tag(ref ReadOnlySpan<byte> message)
    {
        var key = (int)Varint(ref message);
        return (key >> 3, key & 7);
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = message[0];
            message = message[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new InvalidDataException("a number is too long");
    }

    private static ulong Fixed(ref ReadOnlySpan<byte> message, int bytes)
    {
        var value = bytes == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(message) : BinaryPrimitives.ReadUInt32LittleEndian(message);
        message = message[bytes..];
        return value;
    }

    private static ReadOnlySpan<byte> Delimited(ref ReadOnlySpan<byte> message)
    {
        var length = (int)Varint(ref message);
        var content = message[..length];
        message = message[length..];
        return content;
    }
}
