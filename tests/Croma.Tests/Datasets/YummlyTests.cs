using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Media;
using Croma.Datasets.Pictures;
using Croma.Datasets.Yummly28K;

namespace Croma.Tests.Datasets;

/// <summary>The recipe `yummly28k` on a tiny made-up copy in the published layout, and how pictures and texts become tasks.</summary>
public sealed class YummlyTests : IDisposable
{
    private const int Classes = 31, OfClass = 40, Small = 39;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tiny_copy_becomes_a_sound_data_set_the_same_each_time()
    {
        Need();
        Write();
        Make("one", 1);
        Make("two", 2);
        foreach (var file in Directory.GetFiles(_folder["one"], "*", SearchOption.AllDirectories))
            Assert.Equal(System.IO.File.ReadAllBytes(file), System.IO.File.ReadAllBytes(Path.Combine(_folder["two"], Path.GetRelativePath(_folder["one"], file))));
        Assert.Empty(DatasetCheck.Run(_folder["one"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["one"]);
        Assert.Equal((21, 5, 5), (Count(ConceptSplit.MetaTrain), Count(ConceptSplit.MetaValidation), Count(ConceptSplit.MetaTest)));
        Assert.Contains(dataset.Concepts, c => c is { Id: "Asian_Thai_Course 07_Soups", Name: "Asian Thai Course 07 Soups" });
        Assert.Contains("1240 of 1279 recipes are of classes (of 32 in all) that have 40 or more.", dataset.Manifest.Provenance[0].Note, StringComparison.Ordinal);
        for (var concept = 0; concept < Classes; concept++)
        {
            var unseen = dataset.Concepts[concept].Split != ConceptSplit.MetaTrain;
            Assert.Equal(unseen ? (20, 0, 20) : (10, 10, 20), (Of(dataset.Target, concept, Part.Target), Of(dataset.Source, concept, Part.Source), Of(dataset.Target, concept, Part.Alignment)));
        }
        Assert.Equal(Enumerable.Range(0, dataset.Target.Count).Count(i => dataset.Concepts[dataset.Target.Concept(i)].Split == ConceptSplit.MetaTest), dataset.Target.MediaCount);

        int Count(ConceptSplit split) => dataset.Concepts.Count(c => c.Split == split);
        static int Of(ModalityData data, int concept, Part part) => Enumerable.Range(0, data.Count).Count(i => data.Concept(i) == concept && data.Part(i) == part);
    }

    [Fact]
    public void Labels_and_texts_are_those_of_the_released_code()
    {
        Json("00002", """{"attributes":{"course":["Soups","Main Dishes"],"cuisine":["Thai","Asian"],"holiday":[]},"ingredientLines":["2 eggs","salt"],"name":"x"}""");
        Json("00001", """{"attributes":{"course":["Soups","Main Dishes"],"cuisine":["Asian","Thai"]},"ingredientLines":["rice"]}""");
        var recipes = YummlyFolder.Read(_folder["from"], 2, out var classes, out var all);
        Assert.Equal((1, 2), (classes, all));
        Assert.Equal([("00001", "Asian_Thai_Main Dishes_Soups", "rice"), ("00002", "Asian_Thai_Main Dishes_Soups", "2 eggs, salt")], recipes.Select(r => (r.Id, r.Label, r.Text)));
        Assert.Equal(_folder["from/images27638/img00001.jpg"], recipes[0].Picture.Name);
        Assert.Empty(YummlyFolder.Read(_folder["from"], 3, out _, out _));
    }

    [Theory]
    [InlineData("{\"attributes\":{\"course\":[]},\"ingredientLines\":[]}", "meta00001.json")]
    [InlineData("{\"attributes\":{\"course\":null,\"cuisine\":[]},\"ingredientLines\":[]}", "this is no recipe with \"attributes\" of \"cuisine\" and \"course\"")]
    [InlineData("[", "meta00001.json, line 1: this is no recipe")]
    [InlineData(null, "holds no meta*.json: the unpacked data set")]
    public void Bad_metadata_are_one_line(string? json, string message)
    {
        Json("00001", json ?? "");
        if (json is null) System.IO.File.Delete(_folder["from/metadata27638/meta00001.json"]);
        Assert.Contains(message, Assert.Throws<CromaException>(() => YummlyFolder.Read(_folder["from"], 1, out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_one_line()
    {
        Assert.Contains("There is no folder", Refuse(), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["from/images27638"]);
        Assert.Contains("metadata27638': the unpacked data set, with the folders images27638", Refuse(), StringComparison.Ordinal);

        string Refuse() => Assert.Throws<CromaException>(() => YummlyFolder.Read(_folder["from"], 1, out _, out _)).Message;
    }

    [Fact]
    public void Photographs_of_any_size_are_cut_to_their_centre_and_shrunk_and_broken_ones_are_named()
    {
        Need();
        // left and right thirds black, the centre square red: 96 x 32
        var wide = Bmp(96, 32, (x, _) => x is >= 32 and < 64 ? (byte)255 : (byte)0);
        MediaFile[] files = [File("wide", wide), File("large", Bmp(64, 64, (x, _) => x % 2 == 0 ? (byte)200 : (byte)100)), File("none", [1, 2, 3]), File("huge", Bomb())];
        var broken = new BrokenFiles(skip: true);
        var pictures = Photographs.Decode(files, 1, broken, null, null, TestContext.Current.CancellationToken);
        const int Pixels = Photographs.Side * Photographs.Side;
        Assert.All(pictures[0]!.Pixels[..Pixels], v => Assert.Equal(255, v));
        Assert.All(pictures[0]!.Pixels[Pixels..], v => Assert.Equal(0, v));
        Assert.All(pictures[1]!.Pixels[..Pixels], v => Assert.InRange(v, 149, 151));
        Assert.Equal(["none", "huge"], broken.Skipped.Select(s => s.Split(':')[0]));
        Assert.Null(pictures[3]);
        Assert.StartsWith("none: ", Assert.Throws<CromaException>(() => Photographs.Decode(files, 1, new BrokenFiles(false), null, null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_share_a_text_are_in_one_part()
    {
        var items = Items(Classes, 60, i => i % 3 == 0 ? "the same" : $"text {i}");
        using var dataset = Assemble(items);
        Assert.Empty(DatasetCheck.Run(_folder["set"], TestContext.Current.CancellationToken));
        var (few, small) = (Assert.Throws<CromaException>(() => Assemble(Items(30, 60, i => $"{i}"))), Assert.Throws<CromaException>(() => Assemble(Items(Classes, 39, i => $"{i}"))));
        Assert.Contains("There are 30 classes of enough pictures; 31 are needed", few.Message, StringComparison.Ordinal);
        Assert.Contains("has 39 pictures; 40 are needed", small.Message, StringComparison.Ordinal);
    }

    private CrossModalDataset Assemble(List<PictureText> items)
    {
        var writer = new DatasetWriter("pictures", 1, ModalityWriter.Bytes("text"), ModalityWriter.Images("image", 1, 1));
        PictureTexts.Assemble(writer, "pictures", items, 1);
        writer.Write(_folder["set"]);
        return CrossModalDataset.Open(_folder["set"]);
    }

    private static List<PictureText> Items(int classes, int ofClass, Func<int, string> text) =>
        [.. from c in Enumerable.Range(0, classes) from i in Enumerable.Range(0, ofClass) select new PictureText($"c{c:00}", text(i), [1, 2, 3], [$"picture {c} {i}", $"text {c} {text(i)}"])];

    private void Make(string name, int threads) =>
        Assert.Empty(Yummly28KRecipe.Make(_folder["from"], _folder[name], 1, threads, skipBroken: false, leastOfClass: OfClass, null, TestContext.Current.CancellationToken));

    /// <summary>31 classes of 40 recipes and one of 39; the photographs are JPEG files that ffmpeg makes.</summary>
    private void Write()
    {
        Directory.CreateDirectory(_folder["from/images27638"]);
        const int Count = Classes * OfClass + Small, Width = 24, Height = 16;
        var random = new Random(1);
        var pixels = new byte[Count * Width * Height];
        random.NextBytes(pixels);
        var result = ChildProcess.Run(FFmpeg.Program, ["-nostdin", "-v", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", $"{Width}x{Height}", "-i", "pipe:0", "-q:v", "2", "-f", "image2", _folder["from/images27638/img%05d.jpg"]],
            pixels, 1 << 16, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)!;
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        for (var i = 0; i < Count; i++)
            Json($"{i + 1:00000}", $$"""{"attributes":{"course":["Soups","Course {{i / OfClass:00}}"],"cuisine":["Thai","Asian"]},"ingredientLines":["{{i}} eggs","salt"]}""");
    }

    private void Json(string id, string json)
    {
        foreach (var folder in (string[])["metadata27638", "images27638"]) Directory.CreateDirectory(_folder["from/" + folder]);
        System.IO.File.WriteAllText(_folder[$"from/metadata27638/meta{id}.json"], json);
    }

    private MediaFile File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(_folder[name], content);
        return new MediaFile(name, _folder[name]);
    }

    /// <summary>A red picture as a Windows bitmap of 24 bits, rows from the bottom.</summary>
    private static byte[] Bmp(int width, int height, Func<int, int, byte> red)
    {
        var file = Header(width, height, 54 + 3 * width * height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) file[54 + 3 * (y * width + x) + 2] = red(x, y);
        return file;
    }

    /// <summary>A few bytes that claim to be 4 000 000 000 pixels.</summary>
    private static byte[] Bomb() => Header(50000, 80000, 200);

    private static byte[] Header(int width, int height, int bytes)
    {
        var file = new byte[bytes];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, bytes), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | 24 << 16) }) BitConverter.TryWriteBytes(file.AsSpan(at), value);
        return file;
    }

    private static void Need() => Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) is null, "ffmpeg is not installed here");
}
