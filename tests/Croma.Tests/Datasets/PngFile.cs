using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Croma.Tests.Datasets;

/// <summary>Made-up PNG files.</summary>
internal static class PngFile
{
    /// <summary>A grey picture that says to be so large, and has so many rows (of 64 KiB at most, where they should be longer).</summary>
    public static byte[] Grey(int width, int height, int rows, byte grey = 0)
    {
        const int LongestRow = 1 << 16;
        using var scanlines = new MemoryStream();
        using (var zlib = new ZLibStream(scanlines, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < rows; y++) zlib.Write([0, .. Enumerable.Repeat(grey, Math.Min(width, LongestRow))]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", scanlines.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A picture in colour: red, green and blue of each place (x, y).</summary>
    public static byte[] Colour(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        using var scanlines = new MemoryStream();
        using (var zlib = new ZLibStream(scanlines, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    var (r, g, b) = colour(x, y);
                    zlib.Write([r, g, b]);
                }
            }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", scanlines.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        byte[] chunk = [.. new byte[4], .. body, .. new byte[4]];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(body));
        return chunk;
    }

    // PNG's checksum, bit by bit
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
