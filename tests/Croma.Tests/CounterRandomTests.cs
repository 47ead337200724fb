using Croma.Compute;

namespace Croma.Tests;

public sealed class CounterRandomTests
{
    [Fact]
    public void Agrees_with_the_published_known_answers_of_Philox4x32_10()
    {
        var zero = new CounterRandom(0, 0);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u],
            [zero.NextUInt32(), zero.NextUInt32(), zero.NextUInt32(), zero.NextUInt32()]);
    }

    [Fact]
    public void Bounded_integers_are_in_range_and_even()
    {
        var random = new CounterRandom(7, 1);
        var counts = new int[5];
        for (var i = 0; i < 50_000; i++) counts[random.Next(5)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }

    [Fact]
    public void Streams_with_other_names_or_indices_differ()
    {
        ulong[] streams = [CounterRandom.Stream("a"), CounterRandom.Stream("b"), CounterRandom.Stream("a", 1), CounterRandom.Stream("a", 0, 1), CounterRandom.Stream("a", 1, 1)];
        Assert.Equal(streams.Length, streams.Distinct().Count());
    }

    [Fact]
    public void Normal_numbers_have_mean_zero_and_variance_one()
    {
        var random = new CounterRandom(3, 4);
        var x = Enumerable.Range(0, 40_000).Select(_ => random.NextNormal()).ToArray();
        Assert.InRange(x.Average(), -0.02, 0.02);
        Assert.InRange(x.Average(v => v * v), 0.97, 1.03);
    }
}
