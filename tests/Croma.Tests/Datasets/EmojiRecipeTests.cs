using System.Text;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Emoji;

namespace Croma.Tests.Datasets;

/// <summary>The recipe `emoji`, on made-up emojis.</summary>
public sealed class EmojiRecipeTests : IDisposable
{
    private const int Pixels = EmojiPictures.Side * EmojiPictures.Side;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_gives_classes_their_names_and_passes_over_what_has_none()
    {
        var emojis = EmojiTable.Read(
            Encoding.UTF8.GetBytes("""[{"hexcode":"1F366","label":"soft ice cream","tags":["cream","ice"],"group":4,"subgroup":46,"emoji":"x"},{"hexcode":"1F1E6","label":"regional indicator"},{"hexcode":"1F600","label":"grin","group":0,"subgroup":0}]"""),
            Encoding.UTF8.GetBytes("""{"groups":[{"key":"smileys","order":0},{"key":"food","order":4}],"subgroups":[{"key":"face","order":0},{"key":"food-marine","order":46},{"key":"food-sweet","order":46}]}"""));
        Assert.Equal([("1f366", "food-sweet", "food", 2), ("1f600", "face", "smileys", 0)], emojis.Select(e => (e.Code, e.Subgroup, e.Group, e.Tags.Count)));
        Assert.Contains("data.json", Assert.Throws<CromaException>(() => EmojiTable.Read("[{}]"u8.ToArray(), """{"groups":[],"subgroups":[]}"""u8.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_shrink_to_the_mean_of_four_pixels_on_white()
    {
        var rgba = new byte[16 * Pixels];
        // the first four pixels: red, red, half transparent blue, nothing
        foreach (var (at, pixel) in new[] { (0, new byte[] { 200, 0, 0, 255 }), (4, [100, 0, 0, 255]), (8 * EmojiPictures.Side, [0, 0, 255, 128]), (8 * EmojiPictures.Side + 4, [9, 9, 9, 0]) }) pixel.CopyTo(rgba, at);
        var planes = EmojiPictures.Shrink(rgba);
        Assert.Equal(171, planes[0]);
        Assert.Equal(96, planes[Pixels]);
        Assert.Equal(128, planes[2 * Pixels]);
        Assert.Equal([255, 255], [planes[1], planes[^1]]);
    }

    [Fact]
    public void All_of_an_emoji_is_in_one_part_and_unseen_classes_have_enough_of_them()
    {
        using var dataset = Make("data");
        Assert.Empty(DatasetCheck.Run(_folder["data"], TestContext.Current.CancellationToken));
        Assert.Equal((10, 8, 5), (Count(ConceptSplit.MetaTest), Count(ConceptSplit.MetaValidation), Count(ConceptSplit.MetaTrain)));
        foreach (var (c, concept) in dataset.Concepts.Index())
        {
            var targets = Enumerable.Range(0, dataset.Target.Count).Where(i => dataset.Target.Concept(i) == c && dataset.Target.Part(i) == Part.Target).ToList();
            if (concept.Split != ConceptSplit.MetaTrain) Assert.True(targets.Select(dataset.Target.Group).Distinct().Count() >= 15);
        }
        Assert.All(dataset.StrongPairs, p => Assert.Equal(dataset.Source.Group(p.Source), dataset.Target.Group(p.Target)));

        int Count(ConceptSplit split) => dataset.Concepts.Count(c => c.Split == split);
    }

    [Fact]
    public void The_same_seed_gives_the_same_data_set_and_another_other_splits()
    {
        using var one = Make("one");
        using var two = Make("two");
        using var other = Make("other", seed: 2);
        Assert.Equal(one.Sha256, two.Sha256);
        Assert.NotEqual(one.Concepts.Select(c => c.Split), other.Concepts.Select(c => c.Split));
    }

    [Fact]
    public void Too_few_large_classes_are_one_line() =>
        Assert.Contains("17 classes of 16 or more emojis", Assert.Throws<CromaException>(() => Assemble(large: 17, seed: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_query_of_a_planned_task_shows_an_emoji_of_its_support()
    {
        using var dataset = Make("data");
        var plan = Croma.Tasks.EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 6, 5, 10, 10, 1);
        foreach (var episode in plan.Episodes)
            for (var way = 0; way < 5; way++)
            {
                Assert.Empty(episode.Support[way].Select(dataset.Target.Group).Intersect(episode.Query[way].Select(dataset.Target.Group)));
                Assert.Equal(20, episode.Support[way].Concat(episode.Query[way]).Distinct().Count());
            }
    }

    [Fact]
    public void Many_pictures_are_decoded_and_a_wrong_one_is_one_line()
    {
        Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) == null, "ffmpeg is not installed here");
        var reported = 0;
        var pictures = EmojiPictures.Decode([.. Enumerable.Range(0, 300).Select(i => ($"{i}.png", Png(64, (byte)(i % 256))))], null, done => reported = done, TestContext.Current.CancellationToken);
        Assert.Equal((300, 300), (pictures.Count, reported));
        for (var i = 0; i < 300; i++) Assert.All(pictures[i], v => Assert.Equal((byte)(i % 256), v));
        Assert.Contains("b.png: the picture has 32 x 32 pixels; 64 x 64 are needed", Refuse(Png(32, 1)), StringComparison.Ordinal);
        Assert.Contains("b.png: it is no picture in a format", Refuse([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("b.png: ffmpeg says", Refuse(Png(64, 1)[..60]), StringComparison.Ordinal);

        static string Refuse(byte[] png) => Assert.Throws<CromaException>(() => EmojiPictures.Decode([("a.png", Png(64, 1)), ("b.png", png)], null, _ => { }, TestContext.Current.CancellationToken)).Message;
    }

    private CrossModalDataset Make(string name, ulong seed = 1)
    {
        Assemble(large: 20, seed).Write(_folder[name]);
        return CrossModalDataset.Open(_folder[name]);
    }

    private static DatasetWriter Assemble(int large, ulong seed)
    {
        List<EmojiEntry> emojis = [];
        for (var c = 0; c < large + 4; c++)
            for (var i = 0; i < (c < large ? 18 : c < large + 3 ? 6 : 3); i++) emojis.Add(new EmojiEntry($"{c:x}-{i:x}", $"name {i} of {c}", i % 3 == 0 ? [] : ["a", "b"], $"class-{c:00}", $"group-{c % 3}"));
        var pictures = Enumerable.Range(0, 2).Select(v => (IReadOnlyDictionary<string, byte[]>)emojis.ToDictionary(e => e.Code, e => Enumerable.Repeat((byte)(v + e.Code.Length), 3 * Pixels).ToArray())).ToList();
        return EmojiRecipe.Assemble(emojis, pictures, seed, "0");
    }

    private static byte[] Png(int side, byte grey) => PngFile.Grey(side, side, side, grey);
}
