using System.Formats.Tar;
using System.IO.Compression;

namespace Croma.Datasets;

/// <summary>Reads the plain files of a gzip-compressed tar archive into memory.</summary>
internal static class TarGz
{
    private const long LargestArchive = 4L << 30;

    /// <summary>The files by their names in the archive.</summary>
    /// <exception cref="CromaException">The archive is missing or not sound, a file in it is too large or comes twice.</exception>
    public static Dictionary<string, byte[]> Read(string path, int mostBytes)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: the file is missing");
        var (files, total) = (new Dictionary<string, byte[]>(StringComparer.Ordinal), 0L);
        try
        {
            using var archive = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            while (archive.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is not { } data) continue;
                if (entry.Length > mostBytes) throw new CromaException($"{path}: '{entry.Name}' has {entry.Length} bytes; at most {mostBytes} are read");
                if ((total += entry.Length) > LargestArchive) throw new CromaException($"{path}: the archive unpacks to more than {LargestArchive} bytes");
                var bytes = new byte[entry.Length];
                data.ReadExactly(bytes);
                if (!files.TryAdd(entry.Name, bytes)) throw new CromaException($"{path}: '{entry.Name}' comes twice");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new CromaException($"{path}: this is no sound gzip-compressed tar archive: {e.Message}", e);
        }
        return files;
    }
}
