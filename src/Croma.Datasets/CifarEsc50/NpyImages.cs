using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Croma.Datasets.CifarEsc50;

/// <summary>Reads an array of pictures [pictures, 3, 32, 32] of bytes from a NumPy file (format version 1 to 3, C order).</summary>
internal static partial class NpyImages
{
    private const int Preamble = 8, LargestHeader = 1 << 16, LargestFile = 1 << 30;

    /// <summary>The pictures' bytes, one array each.</summary>
    public static IReadOnlyList<byte[]> Read(string path)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: the file is missing");
        using var stream = File.OpenRead(path);
        try
        {
            var count = Header(path, stream);
            var pictures = new byte[count][];
            for (var i = 0; i < count; i++) stream.ReadExactly(pictures[i] = new byte[Picture.Bytes]);
            return stream.Position == stream.Length ? pictures : throw new CromaException($"{path}: there are {stream.Length - stream.Position} bytes behind the last picture");
        }
        catch (EndOfStreamException e)
        {
            throw new CromaException($"{path}: the file ends too early", e);
        }
    }

    /// <summary>How many pictures follow.</summary>
    private static int Header(string path, FileStream stream)
    {
        var preamble = new byte[Preamble];
        stream.ReadExactly(preamble);
        if (preamble[0] != 0x93 || !preamble.AsSpan(1, 5).SequenceEqual("NUMPY"u8)) throw new CromaException($"{path}: this is no NumPy array");
        var wide = preamble[6] > 1;
        var lengthBytes = new byte[wide ? 4 : 2];
        stream.ReadExactly(lengthBytes);
        var length = wide ? BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes);
        if (length > LargestHeader) throw new CromaException($"{path}: the header of {length} bytes is too long");
        var text = new byte[length];
        stream.ReadExactly(text);
        var header = Encoding.Latin1.GetString(text);
        if (Shape().Match(header) is not { Success: true } shape || !header.Contains("'|u1'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
            throw new CromaException($"{path}: this is no array of bytes in C order of the shape (pictures, 3, {Picture.Side}, {Picture.Side}): {header.Trim()}");
        var count = int.Parse(shape.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        return count <= LargestFile / Picture.Bytes ? count : throw new CromaException($"{path}: {count} pictures are too many");
    }

    [GeneratedRegex(@"'shape': \((\d{1,9}), 3, 32, 32\)")]
    private static partial Regex Shape();
}
