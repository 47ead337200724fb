using Croma.Compute;
using Croma.Data.Formats;
using Croma.Search;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Search;

/// <summary>The index: exact search, its file, and how it is made.</summary>
public sealed class EmbeddingIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Finds_what_comparing_every_row_in_double_precision_finds() => Prop.ForAll(
        Gen.Choose(1, 600).SelectMany(items => Gen.Choose(1, 100).SelectMany(dimension => Gen.Choose(1, 20).Select(top => (items, dimension, top)))).ToArbitrary(), c =>
        {
            var rows = Rows(c.items, c.dimension, 1);
            using var index = EmbeddingIndex.InMemory(Describe(c.dimension), Names(c.items), rows);
            var query = Rows(1, c.dimension, 2)[0];
            var hits = Find(index, query, c.top);
            // as the halves have it
            double[] exact = [.. rows.Select(row => row.Zip(query, (a, b) => (double)(Half)a * b).Sum())];
            Assert.Equal(Math.Min(c.top, c.items), hits.Count);
            Assert.All(hits, h => Assert.Equal(exact[h.Position], h.Score, 1e-5));
            Assert.Equal(hits.OrderByDescending(h => h.Score).ThenBy(h => h.Position), hits);
            var least = hits[^1].Score;
            Assert.All(Enumerable.Range(0, c.items).Except(hits.Select(h => h.Position)), i => Assert.True(exact[i] <= least + 1e-5));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_equal_scores_the_first_positions_come_first_whatever_the_threads()
    {
        // more than one block, all alike but three
        const int Items = 40_000;
        double[][] rows = [.. Enumerable.Range(0, Items).Select(i => i is 3 or 20_000 or 39_999 ? (double[])[1, 0] : [0, 1])];
        using var index = EmbeddingIndex.InMemory(Describe(2), Names(Items), rows);
        for (var threads = 1; threads <= 4; threads++)
            Assert.Equal([3, 20_000, 39_999, 0, 1, 2, 4], Find(index, [1, 0], 7, threads).Select(h => h.Position));
    }

    [Fact]
    public void Scores_have_the_same_bits_for_any_number_of_threads()
    {
        using var index = EmbeddingIndex.InMemory(Describe(96), Names(50_000), Rows(50_000, 96, 5));
        var query = Rows(1, 96, 6)[0];
        var one = Find(index, query, 100);
        foreach (var threads in new[] { 2, 3, 8 }) Assert.Equal(one, Find(index, query, 100, threads));
    }

    [Fact]
    public unsafe void Products_have_the_same_bits_in_vectors_of_8_and_of_16()
    {
        const int Dimension = 200;
        var stride = HalfDots.Stride(Dimension);
        foreach (var (row, query) in Rows(200, Dimension, 7).Zip(Rows(200, Dimension, 8)))
        {
            var packed = new Half[stride];
            HalfDots.Pack(row, packed);
            fixed (Half* at = packed)
            fixed (float* prepared = HalfDots.Prepare([.. query.Select(x => (float)x)]))
                Assert.Equal(BitConverter.SingleToInt32Bits(HalfDots.Dot512(at, prepared, stride)), BitConverter.SingleToInt32Bits(HalfDots.Dot256(at, prepared, stride)));
        }
    }

    [Fact]
    public void A_search_allocates_nothing_for_an_item()
    {
        using var small = EmbeddingIndex.InMemory(Describe(32), Names(100), Rows(100, 32, 1));
        using var large = EmbeddingIndex.InMemory(Describe(32), Names(30_000), Rows(30_000, 32, 1));
        var query = Rows(1, 32, 2)[0];
        Assert.InRange(Allocated(large) - Allocated(small), -2000, 2000);

        long Allocated(EmbeddingIndex index)
        {
            Find(index, query, 5);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) Find(index, query, 5);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
        }
    }

    [Fact]
    public void A_file_holds_what_was_put_into_it()
    {
        var rows = Rows(300, 40, 3);
        Make("index", rows);
        using var file = EmbeddingIndex.Open(_folder["index"]);
        using var memory = EmbeddingIndex.InMemory(Describe(40), Names(300), rows);
        Assert.Equal((300, Describe(40)), (file.Count, file.About));
        Assert.Equal(Find(memory, rows[17], 10), Find(file, rows[17], 10));
        Assert.Equal("item 17 ö", Find(file, rows[17], 1)[0].Name);
        Assert.Equal(1, Find(file, rows[17], 1)[0].Score, 1e-3);
        Assert.False(Directory.Exists(_folder["index.partial"]));
        Assert.True(EmbeddingIndex.IsIndex(_folder["index"]));
    }

    [Fact]
    public void A_query_must_have_a_direction_and_the_dimension()
    {
        using var index = EmbeddingIndex.InMemory(Describe(2), ["a"], [[1, 0]]);
        Assert.Equal(Find(index, [3, 0], 1), Find(index, [0.1, 0], 1));
        Assert.Contains("no direction", Assert.Throws<CromaException>(() => Find(index, [0, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("no direction", Assert.Throws<CromaException>(() => Find(index, [double.NaN, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("3 numbers", Assert.Throws<CromaException>(() => Find(index, [1, 0, 0], 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeddings", "rows of 64")]
    [InlineData("names", "the length of 'names'")]
    [InlineData("offsets", "runs from")]
    [InlineData("extra", "4 arrays")]
    [InlineData("format", "this is no index")]
    [InlineData("version", "format version 2")]
    [InlineData("key", "this is no index: ")]
    [InlineData("dimension", "1 to 65536")]
    public void A_file_that_is_not_sound_is_refused(string damage, string reason)
    {
        var description = Describe(40).ToJson();
        description = damage switch
        {
            "format" => description.Replace("croma-index", "croma-model", StringComparison.Ordinal),
            "version" => description.Replace("\"formatVersion\":1", "\"formatVersion\":2", StringComparison.Ordinal),
            "key" => description.Replace("\"dimension\"", "\"dimensions\"", StringComparison.Ordinal),
            "dimension" => description.Replace("\"dimension\":40", "\"dimension\":0", StringComparison.Ordinal),
            _ => description,
        };
        var width = damage == "embeddings" ? 40 : 64;
        List<SafetensorsArray> arrays =
        [
            SafetensorsArray.Of<Half>("embeddings", new Half[2 * width], 2, width),
            SafetensorsArray.Of<long>("name_offsets", damage == "offsets" ? new long[] { 0, 3, 2 } : [0, 1, 2], 3),
            SafetensorsArray.Of<byte>("names", new byte[damage == "names" ? 3 : 2], damage == "names" ? 3 : 2),
        ];
        if (damage == "extra") arrays.Add(SafetensorsArray.Of<byte>("more", new byte[1], 1));
        SafetensorsWriter.Write(_folder["bad"], arrays, new Dictionary<string, string> { ["croma"] = description });
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() => EmbeddingIndex.Open(_folder["bad"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damaged_or_shortened_file_is_a_typed_error_or_still_an_index()
    {
        Make("index", Rows(5, 8, 1));
        var (bytes, random) = (File.ReadAllBytes(_folder["index"]), new CounterRandom(1, 1));
        for (var i = 0; i < 400; i++)
        {
            var changed = bytes.ToArray();
            for (var n = random.Next(3); n >= 0; n--) changed[random.Next(Math.Min(changed.Length, 700))] = (byte)random.Next(256);
            File.WriteAllBytes(_folder["damaged"], i % 4 == 0 ? changed[..random.Next(changed.Length)] : changed);
            try
            {
                using var index = EmbeddingIndex.Open(_folder["damaged"]);
                Assert.All(Find(index, Rows(1, index.About.Dimension, 2)[0], 5), h => Assert.InRange(h.Score, -1.02, 1.02));
            }
            catch (CromaException e)
            {
                Assert.NotEqual("", e.Message);
            }
        }
    }

    [Fact]
    public void Rows_that_are_not_of_length_1_are_noticed_when_found()
    {
        SafetensorsWriter.Write(_folder["long"],
        [
            SafetensorsArray.Of<Half>("embeddings", Enumerable.Repeat(Half.PositiveInfinity, 32).ToArray(), 1, 32), SafetensorsArray.Of<long>("name_offsets", new long[] { 0, 1 }, 2), SafetensorsArray.Of<byte>("names", "a"u8.ToArray(), 1),
        ], new Dictionary<string, string> { ["croma"] = Describe(2).ToJson() });
        using var index = EmbeddingIndex.Open(_folder["long"]);
        Assert.Contains("not of length 1", Assert.Throws<DataFormatException>(() => Find(index, [1, 0], 1)).Message, StringComparison.Ordinal);
    }

    private void Make(string name, double[][] rows)
    {
        using var builder = new IndexBuilder(_folder[name], Describe(rows[0].Length));
        builder.Add(Names(rows.Length), rows, new BuildPosition(rows.Length, "x"));
        builder.Finish();
    }

    private static IReadOnlyList<IndexHit> Find(EmbeddingIndex index, double[] query, int top, int threads = 1) => index.Search(query, top, threads, TestContext.Current.CancellationToken);

    internal static IndexDescription Describe(int dimension) => new() { Dimension = dimension, Role = ModalityRole.Target, Modality = "m", ModelSha256 = "0123456789abcdef", Model = "a model" };

    internal static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"item {i} ö")];

    /// <summary>Directions.</summary>
    internal static double[][] Rows(int count, int dimension, ulong stream)
    {
        var random = new CounterRandom(9, stream);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double[] row = [.. Enumerable.Range(0, dimension).Select(_ => random.NextNormal())];
            var length = Math.Sqrt(row.Sum(x => x * x));
            return row.Select(x => x / length).ToArray();
        })];
    }
}
