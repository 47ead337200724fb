using System.Text.Json;

namespace Croma.Data.Formats;

/// <summary>JSON that others may have made: what is wrong with it is said in a line, however long the text is.</summary>
internal static class JsonText
{
    private const int LongestReason = 200;

    /// <summary>Requires that a text is JSON, before it is read: what would stand in a message of System.Text.Json's with all that follows is refused here.</summary>
    /// <param name="json">The text, in UTF-8.</param>
    /// <exception cref="JsonException">It is not, or is nested over 64 deep.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        do
        {
            var next = json[(int)reader.BytesConsumed..].TrimStart(" \t\r\n,:"u8);
            if (next is [(byte)'t' or (byte)'f' or (byte)'n', ..] && !(next.StartsWith("true"u8) || next.StartsWith("false"u8) || next.StartsWith("null"u8)))
            {
                var before = json[..^next.Length];
                throw new JsonException($"'{(char)next[0]}' begins no value: texts stand in quotation marks, and true, false and null in small letters.", null, before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1));
            }
        }
        while (reader.Read());
    }

    /// <summary>What an error of System.Text.Json's says is wrong, in at most 200 characters and without its place.</summary>
    public static string Reason(Exception error)
    {
        var text = error.Message.AsSpan();
        foreach (var end in (ReadOnlySpan<string>)["\n", " LineNumber", " Path:"])
            if (text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at) text = text[..at];
        text = text.Trim();
        return text.Length <= LongestReason ? text.ToString() : $"{text[..LongestReason]}...";
    }
}
