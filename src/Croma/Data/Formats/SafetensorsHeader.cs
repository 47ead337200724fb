using System.Buffers.Binary;
using System.Text.Json;

namespace Croma.Data.Formats;

/// <summary>
/// The strict reading of a safetensors header (github.com/huggingface/safetensors, "Format"): 8 bytes of length, that
/// many bytes of JSON, then the arrays one after another without gap or overlap to the end of the file.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The largest header accepted, in bytes; the format itself allows 100 MB.</summary>
    public const int MaximumBytes = 16 << 20;

    public const int LengthBytes = 8;
    private const int MaximumDimensions = 16;

    private readonly string _file;
    private readonly long _dataStart;
    private readonly long _dataBytes;

    private SafetensorsHeader(string file, long dataStart, long dataBytes) =>
        (_file, _dataStart, _dataBytes) = (file, dataStart, dataBytes);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The arrays in the order in which they lie in the file.</summary>
    public List<SafetensorsTensor> Tensors { get; } = [];

    /// <summary>The header's length, from the first 8 bytes of a file of <paramref name="fileBytes"/> bytes.</summary>
    public static int ReadLength(string file, ReadOnlySpan<byte> start, long fileBytes)
    {
        if (fileBytes < LengthBytes)
            throw new DataFormatException(file, 0, $"the file has {fileBytes} bytes; a safetensors file starts with 8 bytes that give its header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > MaximumBytes)
            throw new DataFormatException(file, 0, $"the header's length is {length} bytes; at most {MaximumBytes} are accepted (is this a safetensors file?)");
        if ((long)length > fileBytes - LengthBytes)
            throw new DataFormatException(file, 0, $"the header's length is {length} bytes, but only {fileBytes - LengthBytes} follow; the file is truncated");
        return (int)length;
    }

    /// <summary>Reads the JSON of the header and checks that the arrays fill the rest of the file exactly.</summary>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long fileBytes)
    {
        var start = LengthBytes + json.Length;
        var header = new SafetensorsHeader(file, start, fileBytes - start);
        if (json.IsEmpty || json[0] != (byte)'{') throw header.Error(0, "the header does not start with '{'");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            header.ReadObject(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataFormatException(file, LengthBytes + reader.BytesConsumed, $"the header is not valid JSON: {Shorten(e.Message)}", e);
        }
        header.CheckLayout();
        return header;
    }

    private void ReadObject(ref Utf8JsonReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var at = reader.TokenStartIndex;
            if (!names.Add(name)) throw Error(at, $"the name '{Shorten(name)}' comes twice");
            if (Next(ref reader) != JsonTokenType.StartObject) throw Error(at, $"'{Shorten(name)}' is not an object");
            if (name == "__metadata__") ReadMetadata(ref reader);
            else Tensors.Add(ReadTensor(ref reader, name, at));
        }
        while (reader.Read()) { }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            var at = reader.TokenStartIndex;
            if (Next(ref reader) != JsonTokenType.String) throw Error(at, $"the metadata's '{Shorten(key)}' is not a string");
            if (!Metadata.TryAdd(key, reader.GetString()!)) throw Error(at, $"the metadata's '{Shorten(key)}' comes twice");
        }
    }

    private SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name, long at)
    {
        SafetensorsType? type = null;
        long[]? shape = null, offsets = null;
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            Next(ref reader);
            switch (key)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    var text = reader.GetString()!;
                    type = SafetensorsTypes.Parse(text)
                        ?? throw Error(at, $"'{Shorten(name)}' has the type '{Shorten(text)}'; Croma reads {string.Join(", ", Enum.GetNames<SafetensorsType>())}");
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key, at);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key, at);
                    break;
                default:
                    throw Error(at, $"'{Shorten(name)}' has '{Shorten(key)}' twice, of the wrong kind or against the format; it takes 'dtype', 'shape' and 'data_offsets'");
            }
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Error(at, $"'{Shorten(name)}' needs 'dtype', 'shape' and two 'data_offsets'");
        if (begin > end || end > _dataBytes)
            throw Error(at, $"'{Shorten(name)}' lies at [{begin}, {end}), outside the {_dataBytes} bytes after the header; the file is truncated or damaged");
        if (BytesOf(shape, type.Value) is not { } bytes || bytes != end - begin)
            throw Error(at, $"'{Shorten(name)}' of type {type} and shape [{string.Join(", ", shape)}] does not take the {end - begin} bytes it is given");
        return new SafetensorsTensor(name, type.Value, shape, _dataStart + begin);
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string key, long at)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Error(at, $"'{key}' of '{Shorten(name)}' is not a list");
        var numbers = new List<long>(4);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Error(at, $"'{key}' of '{Shorten(name)}' holds something other than whole numbers from 0 to 2^63 - 1");
            if (numbers.Count == MaximumDimensions) throw Error(at, $"'{key}' of '{Shorten(name)}' has more than {MaximumDimensions} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static long? BytesOf(long[] shape, SafetensorsType type)
    {
        var product = (Int128)type.Size();
        foreach (var dimension in shape)
        {
            product *= dimension;
            if (product > long.MaxValue) return null;
        }
        return (long)product;
    }

    private void CheckLayout()
    {
        Tensors.Sort((a, b) => (a.Offset, a.Bytes, a.Name).CompareTo((b.Offset, b.Bytes, b.Name)));
        var position = _dataStart;
        foreach (var tensor in Tensors)
        {
            if (tensor.Offset != position)
                throw new DataFormatException(_file, tensor.Offset, tensor.Offset < position
                    ? $"'{Shorten(tensor.Name)}' overlaps the array before it, which ends at byte {position}"
                    : $"there are {tensor.Offset - position} unused bytes before '{Shorten(tensor.Name)}'");
            position += tensor.Bytes;
        }
        if (position != _dataStart + _dataBytes)
            throw new DataFormatException(_file, position, $"{_dataStart + _dataBytes - position} bytes follow the last array");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("it ends too early");

    private DataFormatException Error(long offsetInHeader, string reason) => new(_file, LengthBytes + offsetInHeader, reason);

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
