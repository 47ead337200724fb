using Croma.Data;
using Croma.Datasets.Fashion;
using Croma.Tests.Data;

namespace Croma.Tests.Datasets;

/// <summary>The recipe `fashion` on a few made-up products.</summary>
public sealed class FashionTests : IDisposable
{
    private const int Classes = 31, OfClass = 40, Height = 8, Width = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Products_become_a_sound_data_set_the_same_each_time()
    {
        Write();
        Make("one");
        Make("two");
        Assert.Equal(File.ReadAllBytes(_folder["one/manifest.json"]), File.ReadAllBytes(_folder["two/manifest.json"]));
        Assert.Empty(DatasetCheck.Run(_folder["one"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["one"]);
        Assert.Equal((Classes, "Men|Kind 00", "Men Kind 00"), (dataset.Concepts.Count, dataset.Concepts[0].Id, dataset.Concepts[0].Name));
        for (var i = 0; i < dataset.Source.Count; i++) Assert.True(dataset.Source.Contents.Bytes(i).StartsWith("masked "u8));
        // two products of each class share a name
        Assert.Equal(Classes * (OfClass - 1), Enumerable.Range(0, dataset.Target.Count).Select(dataset.Target.Group).Concat(Enumerable.Range(0, dataset.Source.Count).Select(dataset.Source.Group)).Distinct().Count());
    }

    [Theory]
    [InlineData("fashion-items.csv", null, "fashion-items.csv': a folder with fashion-images.npz")]
    [InlineData("fashion-items.csv", "index,class,text\n0,a,b\n", "there are 1240 pictures; 'fashion-items.csv' has 1 rows")]
    [InlineData("fashion-items.csv", "index,class,name\n0,a,b\n", "no column 'text'")]
    [InlineData("fashion-images.npz", "no archive", "this is no sound .npz archive")]
    public void A_bad_file_is_one_line(string file, string? content, string message)
    {
        Write();
        if (content is null) File.Delete(_folder["from/" + file]);
        else File.WriteAllText(_folder["from/" + file], content);
        Assert.Contains(message, Assert.ThrowsAny<CromaException>(() => Make("set")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_another_shape_is_one_line()
    {
        Write();
        File.WriteAllBytes(_folder["from/fashion-images.npz"], NpyFiles.Archive(("images.npy", NpyFiles.Of("|u1", new byte[2 * 3 * 4 * 4], 2, 3, 4, 4))));
        Assert.Contains("'images' is U8 [2, 3, 4, 4]; a folder with", Assert.Throws<CromaException>(() => Make("set")).Message, StringComparison.Ordinal);
    }

    private void Make(string name) => FashionRecipe.Make(_folder["from"], _folder[name], 1, null, TestContext.Current.CancellationToken);

    private void Write()
    {
        Directory.CreateDirectory(_folder["from"]);
        var pixels = new byte[Classes * OfClass * Height * Width * 3];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(_folder["from/fashion-images.npz"], NpyFiles.Archive(("images.npy", NpyFiles.Of("|u1", pixels, Classes * OfClass, Height, Width, 3))));
        File.WriteAllText(_folder["from/fashion-items.csv"], "index,class,text,text_masked\n" + string.Concat(from c in Enumerable.Range(0, Classes)
                                                                                                           from i in Enumerable.Range(0, OfClass)
                                                                                                           select $"{c * OfClass + i},Men|Kind {c:00},all of {i},masked {Math.Min(i, OfClass - 2)} of {c}\n"));
    }
}
