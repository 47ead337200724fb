using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Croma.Data.Doctor;

/// <summary>Samples that are one another's duplicates, and how far the search went.</summary>
/// <param name="Sets">Two or more samples each, rising; at most one set for each sample.</param>
/// <param name="Remark">What was not searched, or null.</param>
internal sealed record DuplicateSets(IReadOnlyList<int[]> Sets, string? Remark = null)
{
    /// <summary>Samples that duplicate an earlier one.</summary>
    public HashSet<int> Later() => [.. Sets.SelectMany(s => s.Skip(1))];
}

/// <summary>Finds samples that are the same, by hashes.</summary>
internal static class Duplicates
{
    /// <summary>Samples of the same bytes.</summary>
    public static DuplicateSets Exact(ModalityData data, CancellationToken cancellation) => ByKey(Enumerable.Range(0, data.Count), i => data.Kind switch
    {
        ModalityKind.Bytes => Hash(data.Contents.Bytes(i)),
        ModalityKind.Images => Hash(data.Contents.Pixels(i)),
        _ => Hash(MemoryMarshal.AsBytes(data.Contents.Values(i))),
    }, cancellation);

    /// <summary>Texts that differ in case, spaces and punctuation only, of those that are no exact duplicates of earlier ones.</summary>
    public static DuplicateSets OfSpelling(ModalityData data, DuplicateSets exact, CancellationToken cancellation)
    {
        var later = exact.Later();
        // a text of signs alone has no letters to compare by
        return ByKey(Enumerable.Range(0, data.Count).Where(i => !later.Contains(i)), i => Letters(data.Contents.Bytes(i)) is { Length: > 0 } letters ? Hash(Encoding.UTF8.GetBytes(letters)) : (UInt128)i, cancellation);
    }

    private static DuplicateSets ByKey(IEnumerable<int> samples, Func<int, UInt128> key, CancellationToken cancellation)
    {
        var sets = new Dictionary<UInt128, List<int>>();
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(sets, key(sample), out _);
            (set ??= []).Add(sample);
        }
        return new DuplicateSets([.. sets.Values.Where(s => s.Count > 1).Select(s => s.ToArray()).OrderBy(s => s[0])]);
    }

    private static string Letters(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).ToLowerInvariant().EnumerateRunes().Where(r => !Rune.IsPunctuation(r) && !Rune.IsSymbol(r) && !Rune.IsWhiteSpace(r) && !Rune.IsControl(r)));

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (stackalloc byte[SHA256.HashSizeInBytes]);
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
