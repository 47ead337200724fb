using System.Buffers.Binary;
using System.IO.Compression;
using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>Mutations of archives: entries mutated, renamed, repeated, made to claim other lengths, or full of zeros.</summary>
internal static class ZipMutation
{
    private const uint CentralEntry = 0x02014b50, LocalEntry = 0x04034b50;

    private static readonly string[] s_names = ["../features.npy", "/features.npy", "C:\\features.npy", "features", "a/../../b.npy", "features.npy/", ".npy", "\0.npy"];

    /// <summary>A mutated copy.</summary>
    public static byte[] Of(byte[] content, CounterRandom random)
    {
        List<(string Name, byte[] Content)> entries;
        try
        {
            entries = Read(content);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or OutOfMemoryException)
        {
            return ByteMutation.Of(content, content, random);
        }
        if (entries.Count == 0) return ByteMutation.Of(content, content, random);
        var at = random.Next(entries.Count);
        switch (random.Next(7))
        {
            case 0 or 1: entries[at] = (entries[at].Name, FileMutation.Npy(entries[at].Content, random)); break;
            case 2: entries[at] = (s_names[random.Next(s_names.Length)], entries[at].Content); break;
            case 3: entries.Add(entries[at]); break;
            case 4: entries[at] = (entries[at].Name, [.. entries[at].Content, .. new byte[1 + random.Next(1 << 18)]]); break;
            case 5: entries.RemoveAt(at); break;
            default: return Claim(content, random);
        }
        return Write(entries, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
    }

    /// <summary>An archive of entries.</summary>
    public static byte[] Write(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                var entry = archive.CreateEntry(name.Length > 0 ? name : "-", level);
                // always the same bytes
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var to = entry.Open();
                to.Write(content);
            }
        return stream.ToArray();
    }

    private static List<(string Name, byte[] Content)> Read(byte[] content)
    {
        using var archive = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
        return [.. archive.Entries.Select(e =>
        {
            using var from = e.Open();
            var all = new byte[Math.Min(e.Length, 1 << 20)];
            var read = from.ReadAtLeast(all, all.Length, throwOnEndOfStream: false);
            return (e.FullName, all[..read]);
        })];
    }

    /// <summary>Overwrites a number of an entry's header: its method, flags, lengths, place.</summary>
    private static byte[] Claim(byte[] content, CounterRandom random)
    {
        var copy = content.ToArray();
        var (signature, fields) = random.Next(2) == 0 ? (CentralEntry, new[] { 8, 10, 16, 20, 24, 28, 30, 32, 42 }) : (LocalEntry, [6, 8, 14, 18, 22, 26, 28]);
        var places = Enumerable.Range(0, Math.Max(0, copy.Length - 46)).Where(i => BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(i)) == signature).ToArray();
        if (places.Length == 0) return ByteMutation.Of(content, content, random);
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(places[random.Next(places.Length)] + fields[random.Next(fields.Length)]), (uint)ByteMutation.Number(random));
        return copy;
    }
}
