using System.Globalization;
using System.IO.Compression;
using System.Text;
using Croma.Data.Formats;

namespace Croma.Tests.Datasets;

/// <summary>Feature files of every kind, written piece by piece.</summary>
internal static class FeatureFiles
{
    /// <summary>What stands in a row and column; half precision holds it.</summary>
    public static double Number(int row, int column) => (row * 7 + column) % 1024 / 64.0;

    /// <summary>Writes an array [rows, width] of 32-bit floats by the ending of the name; .npz is not compressed.</summary>
    public static void Write(string path, int rows, int width)
    {
        switch (Path.GetExtension(path))
        {
            case ".npy":
                using (var stream = File.Create(path)) WriteNpy(stream, rows, width);
                break;
            case ".npz":
                using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
                using (var stream = archive.CreateEntry("features.npy", CompressionLevel.NoCompression).Open()) WriteNpy(stream, rows, width);
                break;
            case ".safetensors":
                SafetensorsWriter.Write(path, [new SafetensorsArray("features", SafetensorsType.F32, [rows, width], stream => WriteRows(stream, rows, width))], new Dictionary<string, string>());
                break;
            default:
                using (var writer = new StreamWriter(path))
                {
                    writer.Write(string.Join(',', Enumerable.Range(0, width).Select(i => $"f{i}")) + "\n");
                    for (var row = 0; row < rows; row++) writer.Write(string.Join(',', Enumerable.Range(0, width).Select(i => Number(row, i).ToString(CultureInfo.InvariantCulture))) + "\n");
                }
                break;
        }
    }

    private static void WriteNpy(Stream stream, int rows, int width)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {width}), }}".PadRight(117) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header)]);
        WriteRows(stream, rows, width);
    }

    private static void WriteRows(Stream stream, int rows, int width)
    {
        var line = new byte[sizeof(float) * width];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < width; i++) BitConverter.TryWriteBytes(line.AsSpan(sizeof(float) * i), (float)Number(row, i));
            stream.Write(line);
        }
    }
}
