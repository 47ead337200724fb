using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Croma.Monitoring;

/// <summary>
/// Writes scalars as TensorBoard reads them: a file of TFRecords (length, its masked CRC-32C, data, theirs; little-endian), each a
/// protocol-buffer message `tensorflow.Event` of which only the fields below are used
/// (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto, tensorflow/core/lib/io/record_writer.h).
/// </summary>
internal sealed class EventFile : IDisposable
{
    // number of a field << 3 | its wire type: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes
    private const byte WallTime = 1 << 3 | 1, Step = 2 << 3, FileVersion = 3 << 3 | 2, Summary = 5 << 3 | 2, SessionLog = 7 << 3 | 2;
    private const byte SummaryValue = 1 << 3 | 2, ValueTag = 1 << 3 | 2, ValueSimple = 2 << 3 | 5;
    private const byte SessionStatus = 1 << 3, SessionStart = 1;
    private const uint MaskDelta = 0xa282ead8;

    private readonly FileStream _stream;
    private readonly TimeProvider _clock;

    /// <summary>Starts a file, over an older one of that name.</summary>
    /// <param name="path">Its name must hold "tfevents" for TensorBoard to see it.</param>
    /// <param name="firstStep">What an earlier file of the run says of this step and later ones is not shown any more.</param>
    /// <param name="clock">Tells the wall time of each event.</param>
    public EventFile(string path, long firstStep, TimeProvider clock)
    {
        (_stream, _clock) = (new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), clock);
        Write(0, FileVersion, "brain.Event:2"u8);
        Write(firstStep, SessionLog, [SessionStatus, SessionStart]);
    }

    /// <summary>Writes numbers of one step; those that are not finite are left out.</summary>
    public void Scalars(long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        var summary = new ArrayBufferWriter<byte>();
        foreach (var (tag, value) in values)
        {
            if (!double.IsFinite(value)) continue;
            var entry = new ArrayBufferWriter<byte>();
            Delimited(entry, ValueTag, Encoding.UTF8.GetBytes(tag));
            entry.Write([ValueSimple]);
            BinaryPrimitives.WriteSingleLittleEndian(entry.GetSpan(sizeof(float)), (float)value);
            entry.Advance(sizeof(float));
            Delimited(summary, SummaryValue, entry.WrittenSpan);
        }
        if (summary.WrittenCount > 0) Write(step, Summary, summary.WrittenSpan);
    }

    /// <summary>Lets readers see what has been written.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    private void Write(long step, byte field, ReadOnlySpan<byte> content)
    {
        var message = new ArrayBufferWriter<byte>();
        message.Write([WallTime]);
        BinaryPrimitives.WriteDoubleLittleEndian(message.GetSpan(sizeof(double)), (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.Advance(sizeof(double));
        if (step != 0)
        {
            message.Write([Step]);
            Varint(message, (ulong)step);
        }
        Delimited(message, field, content);

        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, (ulong)message.WrittenCount);
        _stream.Write(number);
        WriteCrc(number);
        _stream.Write(message.WrittenSpan);
        WriteCrc(message.WrittenSpan);
    }

    private void WriteCrc(ReadOnlySpan<byte> of)
    {
        Span<byte> crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc(of));
        _stream.Write(crc);
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }

    private static void Delimited(ArrayBufferWriter<byte> to, byte field, ReadOnlySpan<byte> content)
    {
        to.Write([field]);
        Varint(to, (ulong)content.Length);
        to.Write(content);
    }

    private static void Varint(ArrayBufferWriter<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Write([(byte)(value | 0x80)]);
        to.Write([(byte)value]);
    }
}
