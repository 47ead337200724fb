using Croma.Data.Formats;

namespace Croma.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_write_replaces_the_old_file_and_leaves_nothing_else()
    {
        var path = _folder["a.bin"];
        AtomicFile.Write(path, "old and longer"u8.ToArray());
        AtomicFile.Write(path, "new"u8.ToArray());
        Assert.Equal("new"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_temporary_one()
    {
        var path = _folder["a.bin"];
        AtomicFile.Write(path, "old"u8.ToArray());
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("the writer failed");
        }));
        Assert.Equal("old"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_new_content_is_not_visible_before_it_is_whole()
    {
        var path = _folder["a.bin"];
        AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            Assert.False(File.Exists(path));
            stream.Write("whole"u8);
        });
        Assert.Equal("halfwhole"u8.ToArray(), File.ReadAllBytes(path));
    }

    [Fact]
    public void The_folder_is_made_where_it_is_missing()
    {
        var path = _folder["x/y/a.bin"];
        AtomicFile.Write(path, "new"u8.ToArray());
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_in_the_error()
    {
        AtomicFile.Write(_folder["file"], "x"u8.ToArray());
        var path = _folder["file/below"];
        var error = Assert.Throws<CromaException>(() => AtomicFile.Write(path, "x"u8.ToArray()));
        Assert.StartsWith($"{path}: cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
