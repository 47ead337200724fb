using System.Text;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Import;

namespace Croma.Tests.Datasets;

/// <summary>What users bring to a trained model.</summary>
public sealed class SampleInputTests : IDisposable
{
    private static readonly SampleShape s_text = new("text", ModalityKind.Bytes, 0, 0, null, 0, 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_come_from_folders_files_and_lines_in_the_order_given()
    {
        Write("tree/b/1.txt", "bee");
        Write("tree/a/1.txt", "ay");
        Write("one.txt", "one");
        var samples = Assert.Single(Read(["one.txt", "tree", "-"], "first line\n\n  third line "));
        Assert.Equal(["one", "ay", "bee", "first line", "third line"], Enumerable.Range(0, 5).Select(i => Encoding.UTF8.GetString(samples.Contents.Bytes(i))));
        Assert.Equal("line 3", samples.Names[4]);
    }

    [Fact]
    public void Many_lines_come_some_at_a_time()
    {
        var chunks = Read(["-"], string.Concat(Enumerable.Repeat("text\n", 1000)));
        Assert.Equal(1000, chunks.Sum(c => c.Names.Count));
        Assert.All(chunks, c => Assert.InRange(c.Names.Count, 1, 64));
    }

    [Fact]
    public void A_link_in_a_folder_is_refused_and_one_that_the_user_names_is_followed()
    {
        Write("secret.txt", "secret");
        Write("tree/a.txt", "ay");
        File.CreateSymbolicLink(_folder["tree/link.txt"], _folder["secret.txt"]);
        Assert.Contains("'link.txt' is a link", Assert.Throws<CromaException>(() => Read(["tree"], "")).Message, StringComparison.Ordinal);
        Assert.Equal("secret", Encoding.UTF8.GetString(Assert.Single(Read(["tree/link.txt"], "")).Contents.Bytes(0)));
        File.Delete(_folder["tree/link.txt"]);
        Directory.CreateSymbolicLink(_folder["tree/linked"], Directory.CreateDirectory(_folder["elsewhere"]).FullName);
        Assert.Contains("'linked' is a link", Assert.Throws<CromaException>(() => Read(["tree"], "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_or_skipped_and_named()
    {
        Write("good.txt", "good");
        File.WriteAllBytes(_folder["bad.txt"], [0xFF, 0xFE, 0x00]);
        Assert.Contains("bad.txt", Assert.ThrowsAny<CromaException>(() => Read(["good.txt", "bad.txt"], "")).Message, StringComparison.Ordinal);
        var skipped = new List<string>();
        var samples = Assert.Single(SampleInput.Read([_folder["good.txt"], _folder["bad.txt"], _folder["good.txt"]], TextReader.Null, s_text, (name, _) => skipped.Add(name), 1, TestContext.Current.CancellationToken));
        Assert.Equal(2, samples.Names.Count);
        Assert.Equal([_folder["bad.txt"]], skipped);
    }

    [Fact]
    public void Labels_come_from_folders_and_from_manifests()
    {
        Write("tree/cat/1.txt", "mew");
        Write("tree/ant/1.txt", "...");
        Write("tree/cat/2.txt", "purr");
        Write("m.csv", "text,label\nmew,cat\n...,ant\n");
        foreach (var (path, labels) in new[] { ("tree", (int[])[0, 1, 1]), ("m.csv", [1, 0]) })
        {
            var support = SampleInput.ReadLabelled(_folder[path], s_text, 1, TestContext.Current.CancellationToken);
            Assert.Equal(["ant", "cat"], support.Classes);
            Assert.Equal(labels, support.Labels);
        }
    }

    [Fact]
    public void Files_for_a_model_whose_samples_a_recipe_prepared_are_refused()
    {
        Write("x.txt", "text");
        var frames = new SampleShape("speech", ModalityKind.Frames, 40, 100, null, 0, 0);
        Assert.Contains("not bytes", Assert.Throws<CromaException>(() => SampleInput.Read([_folder["x.txt"]], TextReader.Null, frames, null, 1, TestContext.Current.CancellationToken).ToList()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "by their recipe")]
    [InlineData("sound 1, 3 s", null)]
    [InlineData("sound 9, 3 s", "prepared otherwise")]
    public void Sounds_are_for_models_whose_sounds_were_prepared_alike(string? preparation, string? refusal)
    {
        Assert.SkipUnless(FFmpeg.Version(TestContext.Current.CancellationToken) != null, "ffmpeg is not installed");
        const int Samples = 16000;
        var wave = new MemoryStream();
        using (var writer = new BinaryWriter(wave))
        {
            foreach (var part in (byte[][])[[.. "RIFF"u8], BitConverter.GetBytes(36 + 2 * Samples), [.. "WAVEfmt "u8], BitConverter.GetBytes(16), [1, 0, 1, 0], BitConverter.GetBytes(16000), BitConverter.GetBytes(32000), [2, 0, 16, 0], [.. "data"u8], BitConverter.GetBytes(2 * Samples)])
                writer.Write(part);
            for (var i = 0; i < Samples; i++) writer.Write((short)(8000 * Math.Sin(i * 0.2)));
            writer.Flush();
            File.WriteAllBytes(_folder["tone.wav"], wave.ToArray());
        }
        var shape = new SampleShape("sound", ModalityKind.Frames, 40, 100, null, 0, 0, preparation);
        List<InputSamples> Load() => [.. SampleInput.Read([_folder["tone.wav"]], TextReader.Null, shape, null, 1, TestContext.Current.CancellationToken)];
        if (refusal is null) Assert.InRange(Assert.Single(Load()).Contents.Length(0), 95, 100);
        else Assert.Contains(refusal, Assert.Throws<CromaException>(Load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.npy")]
    [InlineData("rows.npz")]
    [InlineData("rows.safetensors")]
    [InlineData("rows.csv")]
    public void Rows_of_a_feature_file_are_read_as_they_are_wanted(string file)
    {
        const int Rows = 30_000, Width = 200;
        FeatureFiles.Write(_folder[file], Rows, Width);
        var shape = new SampleShape("features", ModalityKind.Features, Width, 0, null, 0, 0);
        var (before, first, row) = (GC.GetAllocatedBytesForCurrentThread(), 0L, 0);
        foreach (var samples in SampleInput.Read([_folder[file]], TextReader.Null, shape, null, 1, TestContext.Current.CancellationToken))
        {
            if (row == 0) first = GC.GetAllocatedBytesForCurrentThread() - before;
            for (var i = 0; i < samples.Names.Count; i += 997) Assert.Equal(FeatureFiles.Number(row + i, 3), (double)samples.Contents.Values(i)[3]);
            Assert.Equal($"{_folder[file]}, row {row + 1}", samples.Names[0]);
            row += samples.Names.Count;
        }
        Assert.Equal(Rows, row);
        // each of the eight parts is made when it is asked for
        Assert.InRange(first, 1, (GC.GetAllocatedBytesForCurrentThread() - before) / 4);
    }

    [Fact]
    public void Names_go_with_their_rows_and_there_are_as_many()
    {
        FeatureFiles.Write(_folder["a.npy"], 3, 2);
        var shape = new SampleShape("features", ModalityKind.Features, 2, 0, null, 0, 0);
        IReadOnlyList<string> Names(string table)
        {
            File.WriteAllText(_folder["a.names.csv"], table);
            return Assert.Single(SampleInput.Read([_folder["a.npy"]], TextReader.Null, shape, null, 1, TestContext.Current.CancellationToken)).Names;
        }
        Assert.Equal(["x", "y,", "z"], Names("row,name\n0,x\n1,\"y,\"\n2,z\n"));
        Assert.Contains("it has 3 rows and its names only 2", Assert.Throws<CromaException>(() => Names("name\nx\ny\n")).Message, StringComparison.Ordinal);
        Assert.Contains("it has 3 rows, and there are more names", Assert.Throws<CromaException>(() => Names("name\nx\ny\nz\nw\n")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: there are 1 fields")]
    [InlineData("a,b\n1,x\n", "line 2, column 'b': 'x' is no number")]
    [InlineData("name,path\nx,y\n", "there are no numbers")]
    [InlineData("a,b\n1,\"2\n", "a quotation mark is never closed")]
    [InlineData("a,b\n1,\u00e9\n", "is not UTF-8")]
    [InlineData("", "the file is empty")]
    public void A_bad_row_is_named(string table, string message)
    {
        File.WriteAllText(_folder["a.csv"], table, Encoding.Latin1);
        var shape = new SampleShape("features", ModalityKind.Features, 2, 0, null, 0, 0);
        Assert.Contains(message, Assert.ThrowsAny<CromaException>(() => SampleInput.Read([_folder["a.csv"]], TextReader.Null, shape, null, 1, TestContext.Current.CancellationToken).ToList()).Message, StringComparison.Ordinal);
    }

    private List<InputSamples> Read(string[] inputs, string lines) =>
        [.. SampleInput.Read([.. inputs.Select(i => i == "-" ? i : _folder[i])], new StringReader(lines), s_text, null, 1, TestContext.Current.CancellationToken)];

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }
}
