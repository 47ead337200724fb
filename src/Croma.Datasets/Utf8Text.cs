using System.Text;
using System.Text.Unicode;
using Croma.Data.Formats;

namespace Croma.Datasets;

/// <summary>Text in UTF-8, taken strictly: what is not UTF-8 is named with its place.</summary>
internal static class Utf8Text
{
    /// <summary>The bytes behind a byte-order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <exception cref="DataFormatException">It is not UTF-8; the message names line and column (in characters, from 1).</exception>
    public static void Require(ReadOnlySpan<byte> bytes, string name)
    {
        if (Utf8.IsValid(bytes)) return;
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new DataFormatException(name, 0, "the text is UTF-16; save it as UTF-8");
        var (at, line, column) = (0, 1, 1);
        while (Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }
        throw new DataFormatException(name, at, $"line {line}, column {column}: the byte {bytes[at]:X2} is not UTF-8; save the text as UTF-8 (in Latin-1 the byte would be '{(char)bytes[at]}')");
    }
}
