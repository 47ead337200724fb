using System.Buffers.Binary;
using System.IO.Compression;
using Croma.Data;

namespace Croma.Cli.Report.Charts;

/// <summary>A sample as a picture: an image as it is, numbers in shades of grey from the least (white) to the greatest (black).</summary>
internal static class SamplePicture
{
    private const byte Depth = 8, Grey = 0, Colour = 2;

    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) == 0 ? c >> 1 : 0xEDB88320 ^ c >> 1))];

    /// <summary>A PNG of an image, or of a sample's frames: time to the right, the first number of a frame at the bottom. A single vector runs to the right.</summary>
    public static byte[] Of(SampleContents contents, int sample)
    {
        if (contents.Kind == ModalityKind.Images) return OfImage(contents.Pixels(sample), contents.Shape.ImageHeight, contents.Shape.ImageWidth);
        var frames = contents.Length(sample);
        var values = new float[frames * contents.Width];
        contents.CopyFrames(sample, 0, frames, values);
        var (columns, rows) = contents.Kind == ModalityKind.Features ? (contents.Width, 1) : (frames, contents.Width);
        var (least, range) = values.Length == 0 ? (0, 1) : (values.Min(), Math.Max(values.Max() - values.Min(), float.Epsilon));
        var pixels = new byte[rows * (columns + 1)];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                // each line begins with the number of its filter, 0
                pixels[row * (columns + 1) + 1 + column] = (byte)(255 - 255 * ((values[column * rows + rows - 1 - row] - least) / range));
        return Png(columns, rows, Grey, pixels);
    }

    private static byte[] OfImage(ReadOnlySpan<byte> planes, int height, int width)
    {
        var pixels = new byte[height * (1 + ModalityDescription.Colours * width)];
        for (var row = 0; row < height; row++)
            for (var i = 0; i < ModalityDescription.Colours * width; i++)
            {
                var (column, colour) = Math.DivRem(i, ModalityDescription.Colours);
                pixels[row * (1 + ModalityDescription.Colours * width) + 1 + i] = planes[(colour * height + row) * width + column];
            }
        return Png(width, height, Colour, pixels);
    }

    /// <summary>PNG (ISO/IEC 15948) of 8 bits a number, each line behind the number of its filter, 0.</summary>
    private static byte[] Png(int width, int height, byte colours, byte[] pixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (Depth, colours);
        Chunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var deflated = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true)) deflated.Write(pixels);
        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] named = [.. name, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~named.Aggregate(~0u, (crc, b) => s_crc[(byte)(crc ^ b)] ^ crc >> 8));
        file.Write(number);
    }
}
