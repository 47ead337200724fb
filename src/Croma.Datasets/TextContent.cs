using System.Text;

namespace Croma.Datasets;

/// <summary>A sample that is a text: UTF-8, without a mark before it or white space behind it.</summary>
internal static class TextContent
{
    private const int LargestText = 1 << 20;
    private const long LargestFile = 64L << 20;

    /// <summary>A file's bytes, from 1 to 1 MiB of them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="where">What messages call it.</param>
    /// <exception cref="CromaException">It cannot be read, is no UTF-8, or has nothing in it.</exception>
    public static byte[] OfFile(string path, string where)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= LargestFile ? Require(Utf8Text.WithoutMark(File.ReadAllBytes(path)).ToArray(), where) : throw new CromaException($"{where}: the file has {length} bytes; at most {LargestFile} are read");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{where}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A text's bytes, likewise.</summary>
    public static byte[] OfText(string text, string where) => Require(Encoding.UTF8.GetBytes(text), where);

    private static byte[] Require(byte[] bytes, string where)
    {
        Utf8Text.Require(bytes, where);
        var trimmed = bytes.AsSpan().TrimEnd(" \t\r\n"u8).ToArray();
        return trimmed.Length is > 0 and <= LargestText ? trimmed : throw new CromaException($"{where}: the text has {trimmed.Length} bytes; it must have from 1 to {LargestText}");
    }
}
