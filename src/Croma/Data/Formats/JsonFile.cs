using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Croma.Data.Formats;

/// <summary>
/// Reads JSON that others may have made: of a bounded size, the format's version before anything else, so that a file of a newer version
/// is refused as such and not for what it has more.
/// </summary>
internal static class JsonFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int Largest = 64 << 20;

    private const string Version = "formatVersion";
    private const int LongestPath = 200;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">What it must hold.</param>
    /// <param name="what">What messages call it, such as "a run record".</param>
    /// <param name="newest">The newest version that is read; null where the format has none.</param>
    /// <param name="advice">What to do about it, for messages.</param>
    /// <exception cref="DataFormatException">It is not what it should be.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, string what, int? newest = null, string advice = "") where T : class =>
        Parse(path, Bytes(path), type, what, newest, advice);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="DataFormatException">There are too many.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static byte[] Bytes(string path, int largest = Largest)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
            if (stream.Length > largest) throw new DataFormatException(path, 0, $"the file has {stream.Length} bytes; at most {largest} are accepted");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what is in memory already.</summary>
    public static T Parse<T>(string file, ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what, int? newest = null, string advice = "") where T : class
    {
        try
        {
            JsonText.Require(json);
            if (newest is { } known) RequireVersion(file, json, what, known);
            return JsonSerializer.Deserialize(json, type) ?? throw new DataFormatException(file, 0, $"this is no {what}: it is null{advice}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new DataFormatException(file, -1, $"{Line(e)}this is no {what}: {Reason(e)}{advice}", e);
        }
    }

    /// <summary>A text of the top level; null where there is none.</summary>
    public static string? Text(ReadOnlySpan<byte> json, string key)
    {
        var reader = new Utf8JsonReader(json);
        return Find(ref reader, key) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    private static void RequireVersion(string file, ReadOnlySpan<byte> json, string what, int newest)
    {
        var reader = new Utf8JsonReader(json);
        if (!Find(ref reader, Version) || reader.TokenType != JsonTokenType.Number) return;
        if (!reader.TryGetInt32(out var number) || number < 1) throw new DataFormatException(file, -1, $"\"{Version}\" must be a whole number from 1 on");
        if (number > newest) throw new DataFormatException(file, -1, $"the {what} has format version {number}, this program reads up to {newest}: use a newer version of Croma");
    }

    /// <summary>Goes to the value of a key of the top level.</summary>
    private static bool Find(ref Utf8JsonReader reader, string key)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(key);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }

    private static string Line(Exception e) => e is JsonException { LineNumber: { } line } ? $"line {line + 1}: " : "";

    private static string Reason(Exception e)
    {
        var text = JsonText.Reason(e);
        return e is JsonException { Path: { Length: > 1 and <= LongestPath } path } && !text.Contains(path, StringComparison.Ordinal) ? $"{path}: {text}" : text;
    }
}
