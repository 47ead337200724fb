using System.Buffers.Binary;
using System.Text;
using Croma.Data.Formats;

namespace Croma.Tests.Data;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        var path = _folder["a.safetensors"];
        SafetensorsWriter.Write(path,
        [
            SafetensorsArray.Of<byte>("u8", new byte[] { 1, 2, 255 }, 3),
            SafetensorsArray.Of<int>("i32", new[] { -1, 7 }, 2, 1),
            SafetensorsArray.Of<long>("i64", new[] { long.MinValue }, 1),
            SafetensorsArray.Of<Half>("f16", new[] { (Half)1.5f, Half.NaN }, 1, 2),
            SafetensorsArray.Of<float>("f32", new[] { 0.1f, -0f, float.PositiveInfinity }, 3),
            SafetensorsArray.Of<double>("f64", new[] { Math.PI }),
            SafetensorsArray.Of<float>("none", Array.Empty<float>(), 0, 5),
        ], new Dictionary<string, string> { ["b"] = "zwei", ["a"] = "één" });

        using var file = SafetensorsFile.Open(path);
        Assert.Equal([1, 2, 255], file.Values<byte>(file.Require("u8", SafetensorsType.U8, 1)).ToArray());
        Assert.Equal([-1, 7], file.Values<int>(file.Require("i32", SafetensorsType.I32, 2)).ToArray());
        Assert.Equal([long.MinValue], file.Values<long>(file.Require("i64", SafetensorsType.I64, 1)).ToArray());
        Assert.Equal([(Half)1.5f, Half.NaN], file.Values<Half>(file.Require("f16", SafetensorsType.F16, 2)).ToArray());
        Assert.Equal([0.1f, -0f, float.PositiveInfinity], file.Values<float>(file.Require("f32", SafetensorsType.F32, 1)).ToArray());
        Assert.Equal([Math.PI], file.Values<double>(file.Require("f64", SafetensorsType.F64, 0)).ToArray());
        Assert.Equal(0, file.Values<float>(file.Require("none", SafetensorsType.F32, 2)).Length);
        Assert.Equal(("één", "zwei"), (file.Metadata["a"], file.Metadata["b"]));
        Assert.All(file.Tensors, tensor => Assert.Equal(0, tensor.Offset % tensor.Type.Size()));
    }

    [Fact]
    public void The_layout_is_the_one_the_format_prescribes()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [SafetensorsArray.Of<byte>("b", new byte[] { 9 }, 1), SafetensorsArray.Of<float>("a", new[] { 1f }, 1)]);
        const string header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(padded), 0, 0, 0x80, 0x3F, 9];
        Assert.Equal(expected, stream.ToArray());
    }

    [Theory, InlineData(0), InlineData(SafetensorsFile.MostBytesMapped)]
    public void Elements_are_copied_from_files_small_and_large(long before)
    {
        var path = Save($$$"""{"b":{"dtype":"U8","shape":[{{{before}}}],"data_offsets":[0,{{{before}}}]},"f":{"dtype":"F32","shape":[3],"data_offsets":[{{{before}}},{{{before + 12}}}]}}""", []);
        using (var end = new FileStream(path, FileMode.Open))
        {
            end.Seek(before, SeekOrigin.End);
            end.Write([.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)]);
        }
        using var file = SafetensorsFile.Open(path);
        var tensor = file.Require("f", SafetensorsType.F32, 1);
        var two = new float[2];
        file.Read<float>(tensor, 1, two);
        Assert.Equal([2f, 3f], two);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read<float>(tensor, 2, two));
        Assert.Throws<ArgumentException>(() => file.Read<int>(tensor, 0, new int[1]));
    }

    [Fact]
    public void Part_of_an_array_and_an_array_that_is_not_aligned_can_be_read()
    {
        var path = Save("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"f":{"dtype":"F32","shape":[3],"data_offsets":[1,13]}}""",
            [9, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)]);
        using var file = SafetensorsFile.Open(path);
        var tensor = file.Require("f", SafetensorsType.F32, 1);
        Assert.Equal([1f, 2f, 3f], file.Values<float>(tensor).ToArray());
        Assert.Equal([2f, 3f], file.Values<float>(tensor, 1, 2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Values<float>(tensor, 2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Values<float>(tensor, -1, 1).Length);
        Assert.Throws<ArgumentException>(() => file.Values<int>(tensor).Length);
    }

    [Fact]
    public void A_closed_file_cannot_be_read()
    {
        var file = SafetensorsFile.Open(Save("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [9]));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Values<byte>(file.Tensors[0]).Length);
    }

    [Theory]
    [InlineData("""{"b":{"dtype":"Q7","shape":[1],"data_offsets":[0,1]}}""", 1, "has the type 'Q7'")]
    [InlineData("""{"b":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "whole numbers")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "whole numbers")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1e1],"data_offsets":[0,10]}}""", 10, "whole numbers")]
    [InlineData("""{"b":{"dtype":"U8","shape":[18446744073709551617],"data_offsets":[0,1]}}""", 1, "whole numbers")]
    [InlineData("""{"b":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "does not take")]
    [InlineData("""{"b":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "does not take")]
    [InlineData("""{"b":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", 1, "does not take")]
    [InlineData("""{"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "truncated")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "outside")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", 1, "two 'data_offsets'")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1]}}""", 1, "two 'data_offsets'")]
    [InlineData("""{"b":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "twice")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}}""", 1, "'more'")]
    [InlineData("""{"b":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}""", 1, "'dtype'")]
    [InlineData("""{"b":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "not a list")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1, "more than 16")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "follow the last array")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "unused bytes")]
    [InlineData("""{"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"c":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlaps")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not a string")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "twice")]
    [InlineData("""{"b":[]}""", 0, "not an object")]
    [InlineData("""["b"]""", 0, "does not start")]
    [InlineData("", 0, "does not start")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1]""", 1, "not valid JSON")]
    [InlineData("""{} {}""", 0, "not valid JSON")]
    public void A_faulty_header_is_refused_with_its_reason(string header, int dataBytes, string reason)
    {
        var path = Save(header, new byte[dataBytes]);
        var error = Assert.Throws<DataFormatException>(() => SafetensorsFile.Open(path));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 0, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData(new byte[0], "0 bytes")]
    [InlineData(new byte[] { 1, 0, 0, 0 }, "4 bytes")]
    [InlineData(new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, (byte)'{' }, "truncated")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, (byte)'{' }, "at most")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, (byte)'{' }, "at most")]
    public void A_header_length_that_cannot_be_is_refused(byte[] content, string reason)
    {
        File.WriteAllBytes(_folder["bad"], content);
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() => SafetensorsFile.Open(_folder["bad"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_sound_file_is_refused()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [SafetensorsArray.Of<int>("a", new[] { 1, 2 }, 2)]);
        var whole = stream.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            Assert.Throws<DataFormatException>(() => SafetensorsFile.Open(_folder["cut"]));
        }
    }

    [Fact]
    public void A_missing_array_or_one_of_another_kind_is_named()
    {
        using var file = SafetensorsFile.Open(Save("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [9]));
        Assert.Contains("there are: b", Assert.Throws<DataFormatException>(() => file.Require("x", SafetensorsType.U8, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("'b' is U8 [1]", Assert.Throws<DataFormatException>(() => file.Require("b", SafetensorsType.I32, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.StartsWith(_folder["none"], Assert.Throws<CromaException>(() => SafetensorsFile.Open(_folder["none"])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_array_that_writes_too_little_never_becomes_a_file()
    {
        var array = new SafetensorsArray("a", SafetensorsType.U8, [3], stream => stream.WriteByte(1));
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(_folder["short"], [array]));
        Assert.False(File.Exists(_folder["short"]));
    }

    public void Dispose() => _folder.Dispose();

    private string Save(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        File.WriteAllBytes(_folder["a"], [.. length, .. bytes, .. data]);
        return _folder["a"];
    }
}
