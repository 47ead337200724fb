using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Croma.Tests.Data;

/// <summary>NumPy arrays as numpy.save writes them.</summary>
internal static class NpyFiles
{
    /// <summary>An array of the type that <paramref name="descr"/> names.</summary>
    public static byte[] Of<T>(string descr, T[] values, params long[] shape) where T : unmanaged =>
        [.. Header($"{{'descr': '{descr}', 'fortran_order': False, 'shape': {Tuple(shape)}, }}"), .. MemoryMarshal.AsBytes<T>(values)];

    /// <summary>An array of single-precision numbers.</summary>
    public static byte[] Of(float[] values, params long[] shape) => Of("<f4", values, shape);

    /// <summary>A header around a dictionary, padded to 64 bytes.</summary>
    public static byte[] Header(string dictionary, int version = 1)
    {
        var before = version == 1 ? 10 : 12;
        var text = dictionary.PadRight((before + dictionary.Length) / 64 * 64 + 63 - before) + "\n";
        var length = BitConverter.GetBytes(text.Length)[..(version == 1 ? 2 : 4)];
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.Latin1.GetBytes(text)];
    }

    /// <summary>An archive as numpy.savez_compressed writes it.</summary>
    public static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        return stream.ToArray();
    }

    private static string Tuple(long[] shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
}
