using Croma.Search;

namespace Croma.Tests.Search;

/// <summary>Making an index: interrupted anywhere, the same bytes in the end.</summary>
public sealed class IndexBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly double[][] _rows = EmbeddingIndexTests.Rows(60, 12, 4);
    private readonly string[] _names = EmbeddingIndexTests.Names(60);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Interrupted_at_any_place_it_ends_in_the_bytes_of_an_uninterrupted_run()
    {
        using (var builder = Open("whole"))
        {
            Add(builder, 0, 60);
            builder.Finish();
        }
        for (var saved = 0; saved <= 60; saved += 15)
        {
            var name = $"index {saved}";
            using (var builder = Open(name))
            {
                Add(builder, 0, saved);
                if (saved > 0) builder.Save();
                // not certain: as if the process had been killed after it
                Add(builder, saved, Math.Min(60, saved + 7));
            }
            File.WriteAllText(_folder[$".{name}.0123456789abcdef0123456789abcdef.tmp"], "what a killed run left");
            using (var builder = Open(name))
            {
                Assert.Equal((saved, saved), (builder.Count, (int)builder.Position.Inputs));
                Add(builder, saved, 60);
                builder.Finish();
            }
            Assert.Equal(File.ReadAllBytes(_folder["whole"]), File.ReadAllBytes(_folder[name]));
            Assert.False(File.Exists(_folder[$".{name}.0123456789abcdef0123456789abcdef.tmp"]));
        }
    }

    [Fact]
    public void What_is_begun_belongs_to_one_process_and_one_model()
    {
        using (var builder = Open("index"))
        {
            Add(builder, 0, 5);
            builder.Save();
            Assert.Contains("in use by process", Assert.ThrowsAny<CromaException>(() => Open("index")).Message, StringComparison.Ordinal);
        }
        var other = EmbeddingIndexTests.Describe(12) with { ModelSha256 = "other" };
        Assert.Contains("another model", Assert.Throws<CromaException>(() => new IndexBuilder(_folder["index"], other)).Message, StringComparison.Ordinal);
        using (var builder = Open("index")) Assert.Equal(5, builder.Count);
    }

    [Fact]
    public void An_index_that_is_there_is_not_written_over()
    {
        using (var builder = Open("index"))
        {
            Add(builder, 0, 5);
            builder.Finish();
        }
        Assert.Contains("is there already", Assert.ThrowsAny<CromaException>(() => Open("index")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_shorter_than_what_is_certain_are_noticed()
    {
        using (var builder = Open("index"))
        {
            Add(builder, 0, 5);
            builder.Save();
        }
        File.WriteAllBytes(Path.Combine(_folder["index.partial"], "rows"), new byte[10]);
        Assert.Contains("begin again", Assert.ThrowsAny<CromaException>(() => Open("index")).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder["index.partial"], "state.json"), "{}");
        Assert.Contains("begin again", Assert.ThrowsAny<CromaException>(() => Open("index")).Message, StringComparison.Ordinal);
    }

    private IndexBuilder Open(string name) => new(_folder[name], EmbeddingIndexTests.Describe(12));

    private void Add(IndexBuilder builder, int from, int to)
    {
        for (var i = from; i < to; i++) builder.Add([_names[i]], [_rows[i]], new BuildPosition(i + 1, $"{i}"));
    }
}
