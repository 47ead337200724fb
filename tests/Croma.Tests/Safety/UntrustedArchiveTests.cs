using System.Buffers.Binary;
using System.Security.Cryptography;
using Croma.Data.Formats;
using Croma.Datasets;
using Croma.Datasets.Import;
using Croma.Tests.Data;

namespace Croma.Tests.Safety;

/// <summary>Archives that claim more than they hold, or unpack to more than a file of their size should.</summary>
public sealed class UntrustedArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_archive_that_unpacks_to_hundreds_of_times_its_size_is_refused_before_it_is()
    {
        File.WriteAllBytes(_folder["x.npz"], NpyFiles.Archive(("features.npy", NpyFiles.Of("|u1", new byte[20 << 20], 20, 1 << 20))));
        using var archive = NpzFile.Open(_folder["x.npz"]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more than 100 times", Assert.Throws<DataFormatException>(() => archive.Read("features")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Zeros compress about a thousand times, random bytes not at all.</summary>
    [Theory]
    [InlineData(20, 400_000, true)] // 50 times
    [InlineData(20, 120_000, false)] // 150 times
    [InlineData(15, 0, true)] // up to 16 MiB any
    public void An_archive_may_unpack_to_a_hundred_times_its_size_or_to_sixteen_megabytes(int megabytes, int random, bool isRead)
    {
        var values = new byte[megabytes << 20];
        new Random(1).NextBytes(values.AsSpan(0, random));
        File.WriteAllBytes(_folder["x.npz"], NpyFiles.Archive(("features.npy", NpyFiles.Of("|u1", values, megabytes, 1 << 20))));
        using var archive = NpzFile.Open(_folder["x.npz"]);
        if (isRead) archive.Read("features").Dispose();
        else Assert.Throws<DataFormatException>(() => archive.Read("features"));
    }

    [Fact]
    public void An_array_that_claims_a_row_it_does_not_have_takes_no_memory_for_it()
    {
        const int claimed = 1 << 20;
        var header = NpyFiles.Header($"{{'descr': '<f4', 'fortran_order': False, 'shape': (3, {claimed}), }}");
        var content = NpyFiles.Archive(("features.npy", [.. header, .. new byte[64]]));
        var central = content.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(central + 24), header.Length + 3 * claimed * sizeof(float));
        File.WriteAllBytes(_folder["x.npz"], content);
        using var rows = FeatureRows.Open(_folder["x.npz"]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => rows.Read().Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_package_of_another_hash_is_not_used()
    {
        File.WriteAllText(_folder["x-1.0.tgz"], "the real one");
        Assert.True(new NpmPackage("x", "1.0", Convert.ToBase64String(SHA512.HashData("the real one"u8))).IsCached(_folder.Path));
        Assert.False(new NpmPackage("x", "1.0", Convert.ToBase64String(SHA512.HashData("another one"u8))).IsCached(_folder.Path));
    }

    [Theory]
    [InlineData("../features.npy")]
    [InlineData("/tmp/features.npy")]
    [InlineData("C:\\features.npy")]
    public void Nothing_of_an_archive_is_written_wherever_its_names_lead(string name)
    {
        Directory.CreateDirectory(_folder["inner"]);
        File.WriteAllBytes(_folder["inner/x.npz"], NpyFiles.Archive((name, NpyFiles.Of([1, 2], 1, 2))));
        using (var rows = FeatureRows.Open(_folder["inner/x.npz"])) Assert.Single(rows.Read());
        Assert.Equal([_folder["inner"]], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal([_folder["inner/x.npz"]], Directory.GetFileSystemEntries(_folder["inner"]));
    }
}
