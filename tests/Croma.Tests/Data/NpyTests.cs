using Croma.Data.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Data;

public sealed class NpyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<byte[], float[]> Types => new()
    {
        { NpyFiles.Of("|b1", new byte[] { 1, 0 }, 2), [1, 0] },
        { NpyFiles.Of("|i1", new sbyte[] { -128, 7 }, 2), [-128, 7] },
        { NpyFiles.Of("|u1", new byte[] { 255, 7 }, 2), [255, 7] },
        { NpyFiles.Of("<i2", new short[] { -300, 7 }, 2), [-300, 7] },
        { NpyFiles.Of("<i4", new[] { -70000, 7 }, 2), [-70000, 7] },
        { NpyFiles.Of("<i8", new long[] { -1L << 40, 7 }, 2), [-1L << 40, 7] },
        { NpyFiles.Of("<u2", new ushort[] { 60000, 7 }, 2), [60000, 7] },
        { NpyFiles.Of("<u4", new uint[] { 3000000000, 7 }, 2), [3000000000, 7] },
        { NpyFiles.Of("<u8", new ulong[] { 1UL << 63, 7 }, 2), [1UL << 63, 7] },
        { NpyFiles.Of("<f2", new[] { (Half)1.5f, Half.NaN }, 2), [1.5f, float.NaN] },
        { NpyFiles.Of("<f4", new[] { 0.1f, float.NegativeInfinity }, 2), [0.1f, float.NegativeInfinity] },
        { NpyFiles.Of("<f8", new[] { 0.1, 1e300 }, 2), [0.1f, float.PositiveInfinity] },
    };

    [Theory, MemberData(nameof(Types))]
    public void Every_type_becomes_numbers(byte[] file, float[] expected)
    {
        using var array = NpyReader.Open(Save(file));
        var values = new float[2];
        array.Read(values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Elements_come_in_order_however_they_are_asked_for()
    {
        float[] values = [.. Enumerable.Range(0, 40_000).Select(i => (float)i)];
        using var array = NpyReader.Open(Save(NpyFiles.Of("<f8", values.Select(v => (double)v).ToArray(), 100, 400)));
        Assert.Equal((40_000, "[100, 400]", NpyType.F64), (array.Count, array.ShapeText, array.Type));
        var read = new float[40_000];
        array.Read(read.AsSpan(0, 1));
        array.Read(read.AsSpan(1));
        Assert.Equal(values, read);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.Read(new float[1]));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 1, "[2, 1]")]
    [InlineData("{\"shape\":(2,),\"fortran_order\":True,\"descr\":\"<f4\"}", 2, "[2]")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}", 3, "[1, 2]")]
    public void Headers_of_every_version_are_read(string dictionary, int version, string shape)
    {
        using var array = NpyReader.Open(Save([.. NpyFiles.Header(dictionary, version), .. new byte[8]]));
        Assert.Equal(shape, array.ShapeText);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "Python objects")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "big-endian")]
    [InlineData("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }", "texts")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "of type '<c8'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "structured")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "Fortran order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "8 bytes follow the header; an array of F32 of the shape [3] takes 12")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "8 bytes follow the header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }", "too large")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "whole numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "whole numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }", "more than 16")]
    [InlineData("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,), }", "True or False")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "needs 'descr'")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 'y'}", "against the format")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + x", "follows")]
    [InlineData("__import__('os')", "'{' was expected")]
    public void What_is_not_read_is_refused_with_the_place_and_the_reason(string dictionary, string reason)
    {
        var path = Save([.. NpyFiles.Header(dictionary), .. new byte[8]]);
        var error = Assert.Throws<DataFormatException>(() => NpyReader.Open(path));
        Assert.Equal(path, error.File);
        Assert.True(error.Offset >= 0);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_claims_to_be_long_is_refused_before_it_is_read() =>
        Assert.Contains("at most 65536", Assert.Throws<DataFormatException>(() => NpyReader.Open(Save([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]))).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_truth_value_is_0_or_1()
    {
        using var array = NpyReader.Open(Save(NpyFiles.Of("|b1", new byte[] { 1, 2 }, 2)));
        Assert.Throws<DataFormatException>(() => array.Read(new float[2]));
    }

    [Fact]
    public void Arrays_of_an_archive_are_read_by_name()
    {
        using var archive = NpzFile.Open(Save(NpyFiles.Archive(("a.npy", NpyFiles.Of([1f, 2f], 2)), ("b.npy", NpyFiles.Of("<i4", new[] { 3 }, 1, 1)))));
        Assert.Equal(["a", "b"], archive.Names);
        using var a = archive.Read("a");
        var values = new float[2];
        a.Read(values);
        Assert.Equal([1f, 2f], values);
        Assert.Contains("there are: a, b", Assert.Throws<DataFormatException>(() => archive.Read("c")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_longer_than_its_shape_is_refused_without_being_decompressed()
    {
        var million = new byte[1 << 20];
        using var archive = NpzFile.Open(Save(NpyFiles.Archive(("a.npy", [.. NpyFiles.Of([1f], 1), .. million]))));
        Assert.Contains("an array of F32 of the shape [1] takes 4", Assert.Throws<DataFormatException>(() => archive.Read("a")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt", "no NumPy array")]
    [InlineData("a.npy", "does not start")]
    public void An_archive_holds_nothing_but_arrays(string name, string reason)
    {
        var path = Save(NpyFiles.Archive((name, "hello hello"u8.ToArray())));
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() =>
        {
            using var archive = NpzFile.Open(path);
            archive.Read("a").Dispose();
        }).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_never_more_than_a_typed_error()
    {
        byte[] array = NpyFiles.Of([.. Enumerable.Range(0, 50).Select(i => (float)i)], 10, 5), archive = NpyFiles.Archive(("a.npy", array));
        var number = 0;
        Prop.ForAll(Gen.Choose(0, 1 << 20).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), Gen.Choose(0, 1 << 20).ToArbitrary(), (place, value, cut) =>
        {
            var npz = place % 2 == 0;
            byte[] bytes = [.. npz ? archive : array];
            bytes[place / 2 % bytes.Length] = (byte)value;
            if (cut % 3 == 0) bytes = bytes[..(cut / 3 % bytes.Length)];
            var path = Save(bytes, $"damaged{number++}");
            try
            {
                using var file = npz ? NpzFile.Open(path) : null;
                using var reader = file?.Read("a") ?? NpyReader.Open(path);
                var rest = new float[reader.Count];
                reader.Read(rest);
            }
            catch (CromaException)
            {
                // what is damaged may be refused
            }
        }).QuickCheckThrowOnFailure();
    }

    public void Dispose() => _folder.Dispose();

    private string Save(byte[] bytes, string name = "a.npy")
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }
}
