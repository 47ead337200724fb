using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Croma.Data.Formats;

/// <summary>One array to be written to a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions, the last one contiguous.</param>
/// <param name="Write">Writes exactly the array's bytes, little-endian.</param>
public sealed record SafetensorsArray(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    /// <summary>An array from memory, whose length must be the product of <paramref name="shape"/>.</summary>
    public static SafetensorsArray Of<T>(string name, ReadOnlyMemory<T> values, params long[] shape) where T : unmanaged
    {
        if (shape.Aggregate(1L, (product, dimension) => checked(product * dimension)) != values.Length)
            throw new ArgumentException($"'{name}' has {values.Length} values, which is not the shape [{string.Join(", ", shape)}]", nameof(shape));
        return new SafetensorsArray(name, SafetensorsTypes.Of<T>(), shape, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));
    }
}

/// <summary>
/// Writes safetensors files: arrays ordered by element size, then name, so that each is aligned; the header padded with
/// spaces to 8 bytes. The same arrays give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file, whole or not at all (<see cref="AtomicFile"/>).</summary>
    public static void Write(string path, IEnumerable<SafetensorsArray> arrays, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, arrays, metadata));

    /// <summary>Writes to a stream, from its current position on.</summary>
    public static void Write(Stream stream, IEnumerable<SafetensorsArray> arrays, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = arrays.OrderByDescending(array => array.Type.Size()).ThenBy(array => array.Name, StringComparer.Ordinal).ToArray();
        stream.Write(Header(ordered, metadata));
        foreach (var array in ordered)
        {
            var counted = new CountingStream(stream);
            array.Write(counted);
            if (counted.Written != Bytes(array))
                throw new InvalidOperationException($"'{array.Name}' wrote {counted.Written} bytes; its shape takes {Bytes(array)}");
        }
    }

    private static ReadOnlySpan<byte> Header(SafetensorsArray[] arrays, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Advance(Clear(buffer.GetSpan(SafetensorsHeader.LengthBytes)));
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            foreach (var array in arrays)
            {
                if (!names.Add(array.Name)) throw new ArgumentException($"the name '{array.Name}' comes twice or is reserved", nameof(arrays));
                json.WriteStartObject(array.Name);
                json.WriteString("dtype", array.Type.ToString());
                WriteList(json, "shape", array.Shape);
                WriteList(json, "data_offsets", [offset, offset += Bytes(array)]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % 8 != 0) buffer.Write(" "u8);
        var length = buffer.WrittenCount - SafetensorsHeader.LengthBytes;
        if (length > SafetensorsHeader.MaximumBytes) throw new ArgumentException($"the header would take {length} bytes; at most {SafetensorsHeader.MaximumBytes} can be read back", nameof(arrays));
        var bytes = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return bytes;
    }

    private static int Clear(Span<byte> start)
    {
        start[..SafetensorsHeader.LengthBytes].Clear();
        return SafetensorsHeader.LengthBytes;
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static long Bytes(SafetensorsArray array) =>
        array.Shape.Aggregate((long)array.Type.Size(), (product, dimension) => checked(product * dimension));

    /// <summary>Counts what is written, so that an array of the wrong length is noticed before the file is renamed.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Written { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Written += buffer.Length;
        }
    }
}
