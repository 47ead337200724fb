using System.IO.Compression;

namespace Croma.Data.Formats;

/// <summary>
/// The NumPy arrays of an .npz archive. An array is decompressed as it is read and no further than its shape says, so that a
/// small archive cannot fill the memory. Arrays are read one after another, by one thread.
/// </summary>
public sealed class NpzFile : IDisposable
{
    private const int MostArrays = 10_000;

    // features compress a few times; only what is made to fill memory compresses so well
    private const long MostExpansion = 100, FreeBytes = 16 << 20;
    private const string Ending = ".npy";

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _arrays = new(StringComparer.Ordinal);

    private NpzFile(string path, ZipArchive archive)
    {
        (_path, _archive) = (path, archive);
        if (archive.Entries.Count > MostArrays) throw new DataFormatException(path, -1, $"the archive has {archive.Entries.Count} files; at most {MostArrays} are accepted");
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Ending, StringComparison.Ordinal)) throw new DataFormatException(path, -1, $"the archive holds '{entry.FullName}', which is no NumPy array ({Ending})");
            if (entry.IsEncrypted) throw new DataFormatException(path, -1, $"'{entry.FullName}' is encrypted");
            if (!_arrays.TryAdd(entry.FullName[..^Ending.Length], entry)) throw new DataFormatException(path, -1, $"'{entry.FullName}' comes twice");
        }
    }

    /// <summary>The names of the arrays, in the archive's order.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>Opens an archive; the arrays themselves are checked when they are opened.</summary>
    /// <exception cref="DataFormatException">It is no sound archive of NumPy arrays.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static NpzFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(path);
            return new NpzFile(path, new ZipArchive(stream, ZipArchiveMode.Read));
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is InvalidDataException) throw new DataFormatException(path, -1, $"this is no sound .npz archive: {e.Message}", e);
            if (e is IOException or UnauthorizedAccessException) throw new CromaException($"{path}: cannot be read: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Opens an array by its name.</summary>
    /// <exception cref="DataFormatException">There is none, or it is not sound.</exception>
    public NpyReader Read(string name)
    {
        if (!_arrays.TryGetValue(name, out var entry)) throw new DataFormatException(_path, -1, $"there is no array '{name}'; there are: {string.Join(", ", Names.Take(20))}");
        if (entry.Length > Math.Max(FreeBytes, MostExpansion * entry.CompressedLength))
            throw new DataFormatException(_path, -1, $"'{name}' would unpack from {entry.CompressedLength} to {entry.Length} bytes, more than {MostExpansion} times: if it is sound, save it uncompressed (numpy.savez)");
        try
        {
            return new NpyReader($"{_path}, '{name}'", entry.Open(), entry.Length);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DataFormatException(_path, -1, $"'{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
