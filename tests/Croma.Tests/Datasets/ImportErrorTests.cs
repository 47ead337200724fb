using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Import;
using Croma.Tests.Data;

namespace Croma.Tests.Datasets;

/// <summary>What an import refuses: each with its place and what would be right, and nothing left behind.</summary>
public sealed class ImportErrorTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("modality,label,text\na,x,one\nc,x,two\n", "line 3: the modality 'c' is neither 'a' (--source) nor 'b' (--target)")]
    [InlineData("modality,label,text\na,x,one\na,x,two\n", "no samples of the modality 'b'")]
    [InlineData("modality,label,text,path\na,x,one,two.txt\n", "line 2: a sample has either a 'path' or a 'text'")]
    [InlineData("modality,label,text\na,x\n", "line 2: there are 2 fields; the header has 3")]
    [InlineData("modality,label,text\na, ,one\nb,x,two\n", "line 2: the label is empty")]
    [InlineData("modality,text\na,one\n", "no column 'label'")]
    [InlineData("modality,label,text,label\na,x,one,x\n", "the column 'label' comes twice")]
    [InlineData("modality,label,text\na,x,\"one\n", "line 2: a quotation mark is never closed")]
    [InlineData("modality,label,text\na,x,\"one\"two\n", "line 2: something follows a closing quotation mark")]
    [InlineData("modality,label,text,pair,split\na,x,one,1,train\nb,x,two,1,test\n", "line 3: the class 'x' is of MetaTest here and of MetaTrain in ")]
    [InlineData("modality,label,text,pair,split\na,x,one,1,train\nb,x,two,1,\na,y,one,2,\nb,y,two,2,\n", "the class 'y' has no 'split', others have")]
    [InlineData("modality,label,text,split\na,x,one,dev\n", "line 2: the split 'dev' is none of")]
    [InlineData("modality,label,text,role\na,x,one,query\n", "line 2: the role 'query' is none of")]
    [InlineData("modality,label,text,pair\na,x,one,1\nb,y,two,1\n", "the pair id '1' is of 'y' here and of 'x'")]
    [InlineData("modality,label,text,pair\na,x,one,1\nb,x,two,2\n", "no pair id is in both modalities")]
    [InlineData("modality,label,text,pair,role\na,x,one,1,source\nb,x,two,1,target\n", "has one role")]
    [InlineData("modality,label,text,pair\na,x,one,1\nb,x,two,1\na,y,one,2\n", "1 of 2 classes ('y') have no samples of 'b'")]
    [InlineData("modality,label,text,group\na,x,one,g\na,x,one,h\nb,x,two,g\n", "the class 'x' is in the group 'h' here and in 'g'")]
    [InlineData("modality,label,text,group\na,x,one,g\nb,y,two,h\n", "no group has samples in both modalities")]
    [InlineData("modality,label,text,pair\na,x,one,1\nb,x,two,1\n", "there are 1 classes with target samples; at least 6")]
    [InlineData("modality,label,text\na,x,one\nb,x,two\n", "nothing says which samples of the two modalities belong together")]
    [InlineData("", "the file is empty")]
    public void A_manifest_that_contradicts_itself_is_refused(string manifest, string message) =>
        Assert.Contains(message, _folder.Refuse("a", "b", _folder.Write("m.csv", manifest)), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"modality\":\"a\",\"modality\":\"a\"}", "line 1, column")]
    [InlineData("{\"modality\":\"a\"}\n[1]", "line 2: a JSON object was expected")]
    [InlineData("{\"modality\":{\"x\":1}}", "'modality' must be a text or a number")]
    [InlineData("{\"label\":", "line 1, column")]
    public void A_line_that_is_no_object_is_refused(string manifest, string message) =>
        Assert.Contains(message, _folder.Refuse("a", "b", _folder.Write("m.jsonl", manifest)), StringComparison.Ordinal);

    [Fact]
    public void A_key_a_line_does_not_make_every_line_as_long_as_there_are_keys()
    {
        const int lines = 3000;
        var path = _folder.Write("m.jsonl", string.Concat(Enumerable.Range(0, lines).Select(i => $"{{\"k{i}\":1,\"label\":\"a\"}}\n")));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = JsonLines.Read(path, "text", "label");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Equal(["label", "k0", "k1"], table.Columns.Take(3));
        Assert.All(table.Rows, row => Assert.Equal(["a"], row));
    }

    [Fact]
    public void Text_that_is_not_utf8_is_named_with_line_and_column()
    {
        _folder.WriteTexts("a", 1);
        _folder.WriteTexts("b", 1);
        _folder.Write("a/class03/000.txt", [.. "first\nünd caf"u8, 0xE9, .. "\n"u8]);
        var error = _folder.Refuse(_folder["a"], _folder["b"], pairs: PairKind.Id);
        Assert.Contains("class03", error, StringComparison.Ordinal);
        Assert.Contains("line 2, column 8: the byte E9 is not UTF-8; save the text as UTF-8 (in Latin-1 the byte would be 'é')", error, StringComparison.Ordinal);
        var table = _folder.Write("m.csv", [.. "modality,label,text\na,x,caf"u8, 0xE9, .. "\n"u8]);
        Assert.Contains("m.csv, byte 27: line 2, column 8: the byte E9 is not UTF-8", _folder.Refuse("a", "b", table), StringComparison.Ordinal);
        _folder.Write("a/class03/000.txt", System.Text.Encoding.Unicode.GetPreamble());
        Assert.Contains("UTF-16", _folder.Refuse(_folder["a"], _folder["b"], pairs: PairKind.Id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/loose.txt", "does not lie where a sample should")]
    [InlineData("a/x/y/z/deep.txt", "a folder too deep")]
    [InlineData("a/class00/table.xls", "of no kind that is read")]
    [InlineData("a/class00/sound.wav", "a modality is of one kind")]
    public void A_tree_has_files_of_one_kind_at_one_depth(string odd, string message)
    {
        _folder.WriteTexts("a", 1);
        _folder.WriteTexts("b", 1);
        _folder.Write("a/.hidden", "passed over");
        _folder.Write(odd, "x");
        Assert.Contains(message, _folder.Refuse(_folder["a"], _folder["b"], pairs: PairKind.Id), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_cannot_be_stored_are_named_with_row_and_column()
    {
        var good = _folder.WriteFeatures("b", 2);
        var values = ImportFolder.Vectors(1);
        foreach (var (bad, message) in new[] { (float.NaN, "row 3, column 2: the value is missing (NaN)"), (float.NegativeInfinity, "is infinite"), (1e6f, "1000000 is too large") })
        {
            values[3 * ImportFolder.Width + 2] = bad;
            _folder.WriteFeatures("a", 1);
            _folder.Write("a.npy", NpyFiles.Of(values, 600, ImportFolder.Width));
            Assert.Contains(message, _folder.Refuse(_folder["a.npy"], good), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Features_and_labels_must_fit_each_other()
    {
        var good = _folder.WriteFeatures("b", 2);
        _folder.Write("a.npy", NpyFiles.Of(ImportFolder.Vectors(1), 600, ImportFolder.Width));
        Assert.Contains("its labels are missing: put them into", _folder.Refuse(_folder["a.npy"], good), StringComparison.Ordinal);
        _folder.Write("a.labels.csv", "label\nx\n");
        Assert.Contains("it has 600 rows and its labels 1", _folder.Refuse(_folder["a.npy"], good), StringComparison.Ordinal);
        _folder.Write("c.csv", "label,x\na,1\nb,\n");
        Assert.Contains("c.csv, line 3, column 'x': '' is no number", _folder.Refuse(_folder["c.csv"], good), StringComparison.Ordinal);
        Assert.Contains("there is no such file or folder", _folder.Refuse(_folder["nowhere"], good), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_must_be_there_and_come_once()
    {
        var good = _folder.WriteFeatures("b", 2);
        _folder.WriteFeatures("a", 1, "name,label,pair", (c, i) => $"{c}/{i},{ImportFolder.Class(c)},{c}-{i}");
        _folder.Write("a.names.csv", ImportFolder.Labels("path", (c, i) => $"{c}/{(i == 5 ? 50 : i)}"));
        Assert.Contains("a.labels.csv, line 7: ", _folder.Refuse(_folder["a.npy"], good), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_left_as_it_is()
    {
        var kept = _folder.Write("set/mine.txt", "keep me");
        Assert.Contains("is not empty", Assert.Throws<CromaException>(() => Importer.Run(_folder.Options(_folder.WriteFeatures("a", 1), _folder.WriteFeatures("b", 2)), cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Equal("keep me", File.ReadAllText(kept));
    }

    [Fact]
    public void An_import_that_is_stopped_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var (a, b) = (_folder.WriteFeatures("a", 1), _folder.WriteFeatures("b", 2));
        Assert.ThrowsAny<OperationCanceledException>(() => Importer.Run(_folder.Options(a, b), new Stopper(stop), stop.Token));
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void Notes_tell_what_was_not_used()
    {
        _folder.WriteFeatures("a", 1, "label,pair,weather", (c, i) => $"{ImportFolder.Class(c)},{c}-{i},sunny");
        float[] shifted = [.. ImportFolder.Vectors(2).Select((v, i) => i % ImportFolder.Width == 3 ? v + 1000 : v)];
        _folder.WriteFeatures("b", 2);
        _folder.Write("b.npy", NpyFiles.Of(shifted, 600, ImportFolder.Width));
        var notes = Importer.Run(_folder.Options(_folder["a.npy"], _folder["b.npy"]), cancellation: TestContext.Current.CancellationToken).Notes;
        Assert.Contains(notes, n => n.Contains("not used: weather", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.Contains("1 of 8 columns (3) vary little around a large mean", StringComparison.Ordinal));
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<RecipeProgress>
    {
        public void Report(RecipeProgress value)
        {
            if (value is { Stage: "reading", Done: 100 }) stop.Cancel();
        }
    }
}
