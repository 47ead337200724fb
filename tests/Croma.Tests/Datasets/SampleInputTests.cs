using System.Text;
using Croma.Data;
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

    private List<InputSamples> Read(string[] inputs, string lines) =>
        [.. SampleInput.Read([.. inputs.Select(i => i == "-" ? i : _folder[i])], new StringReader(lines), s_text, null, 1, TestContext.Current.CancellationToken)];

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }
}
