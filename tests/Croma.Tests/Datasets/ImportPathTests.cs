using Croma.Datasets.Import;

namespace Croma.Tests.Datasets;

/// <summary>Files that a manifest or a tree names must lie in its folder.</summary>
public sealed class ImportPathTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../secret.txt", "leaves the folder")]
    [InlineData("a/../../secret.txt", "leaves the folder")]
    [InlineData("..\\secret.txt", "leaves the folder")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("C:\\secret.txt", "is absolute")]
    [InlineData("C:secret.txt", "is absolute")]
    [InlineData("\\\\host\\share\\secret.txt", "is absolute")]
    [InlineData("//host/share/secret.txt", "is absolute")]
    [InlineData("a\\..\\..\\secret.txt", "leaves the folder")]
    [InlineData("link.txt", "is a link")]
    [InlineData("linked/secret.txt", "is a link")]
    [InlineData("nowhere.txt", "there is no file")]
    [InlineData("a.pdf", "of no kind that is read")]
    public void Paths_of_a_manifest_stay_in_its_folder(string path, string message)
    {
        _folder.Write("outside/secret.txt", "secret");
        _folder.Write("in/a.pdf", "x");
        File.CreateSymbolicLink(_folder["in/link.txt"], _folder["outside/secret.txt"]);
        Directory.CreateSymbolicLink(_folder["in/linked"], _folder["outside"]);
        var manifest = _folder.Write("in/m.csv", $"modality,label,path,text\na,x,{path},\nb,x,,hello\n");
        var error = _folder.Refuse("a", "b", manifest);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("m.csv, line 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_with_a_character_that_no_path_has_is_refused()
    {
        var manifest = _folder.Write("m.jsonl", """{"modality":"a","label":"x","path":"in/a\u0000.txt"}""" + "\n");
        Assert.Contains("m.jsonl, line 1: the path 'in/a", _folder.Refuse("a", "b", manifest), StringComparison.Ordinal);
        Assert.Contains("holds the character NUL", _folder.Refuse("a", "b", manifest), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_longer_than_any_system_takes_is_refused_before_anything_is_made_of_it()
    {
        var manifest = _folder.Write("m.csv", $"modality,label,path,text\na,x,{new string('a', 5000)},\nb,x,,hello\n");
        Assert.Contains("line 2: the path 'aaa", _folder.Refuse("a", "b", manifest), StringComparison.Ordinal);
        Assert.Contains("has 5000 characters; at most 4096 are taken", _folder.Refuse("a", "b", manifest), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_in_a_tree_is_refused()
    {
        _folder.WriteTexts("a", 1);
        _folder.WriteTexts("b", 1);
        File.CreateSymbolicLink(_folder["a/class00/x.txt"], _folder["b/class00/000.txt"]);
        Assert.Contains("'x.txt' is a link", _folder.Refuse(_folder["a"], _folder["b"], pairs: PairKind.Id), StringComparison.Ordinal);
    }
}
