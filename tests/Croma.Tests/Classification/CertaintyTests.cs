using Croma.Classification;
using Croma.Compute;

namespace Croma.Tests.Classification;

/// <summary>How sure a classifier is.</summary>
public sealed class CertaintyTests
{
    [Theory]
    [InlineData(0.5, 1.0)]
    [InlineData(1, 1.0)]
    [InlineData(2, 0.8)]
    [InlineData(2.5, 0.4)]
    [InlineData(3, 0.4)]
    [InlineData(4, 0.2)]
    public void A_p_value_counts_those_at_least_as_strange(double score, double p) => Assert.Equal(p, new NoveltyTest([3, 1, 2, 2]).PValue(score), 1e-12);

    [Fact]
    public void False_alarms_are_as_rare_as_said_whatever_the_scores()
    {
        foreach (var alpha in new[] { 0.05, 0.1, 0.3 })
        {
            var (alarms, draws) = (0, 20_000);
            for (var draw = 0; draw < draws; draw++)
            {
                var random = new CounterRandom(7, CounterRandom.Stream("novelty", draw));
                var test = new NoveltyTest(Enumerable.Range(0, 25).Select(_ => Skewed(random)));
                if (test.IsNovel(Skewed(random), alpha)) alarms++;
            }
            // what 25 scores can express, within four standard errors
            var expected = Math.Floor(alpha * 26) / 26;
            Assert.InRange((double)alarms / draws, expected - 4 * Math.Sqrt(expected / draws), Math.Min(alpha, expected) + 4 * Math.Sqrt(alpha / draws));
        }

        static double Skewed(CounterRandom random) => Math.Exp(2 * random.NextNormal());
    }

    [Fact]
    public void Nothing_is_novel_below_the_smallest_alpha_and_what_is_no_number_always_is()
    {
        var test = new NoveltyTest([1, 2, 3]);
        Assert.Equal(0.25, test.SmallestAlpha);
        Assert.False(test.IsNovel(1e300, 0.24));
        Assert.True(test.IsNovel(1e300, 0.25));
        Assert.True(test.IsNovel(double.NaN, 0.01));
        Assert.Throws<ArgumentException>(() => new NoveltyTest([]));
        Assert.Throws<ArgumentException>(() => new NoveltyTest([double.NaN]));
    }

    [Theory, InlineData(0.3), InlineData(1.0), InlineData(4.0)]
    public void The_temperature_that_made_the_labels_is_found(double temperature)
    {
        var random = new CounterRandom(3, 1);
        var (logits, labels, probabilities) = (new List<float[]>(), new List<int>(), new double[4]);
        for (var i = 0; i < 20_000; i++)
        {
            logits.Add([.. Enumerable.Range(0, 4).Select(_ => (float)(2 * random.NextNormal()))]);
            TemperatureScaling.Apply(logits[^1], temperature, probabilities);
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            var drawn = random.NextDouble();
            var label = 0;
            while (label < 3 && (drawn -= probabilities[label]) > 0) label++;
            labels.Add(label);
        }
        Assert.InRange(TemperatureScaling.Fit(logits, labels) / temperature, 0.95, 1.05);
    }

    [Fact]
    public void Extreme_logits_give_probabilities()
    {
        var probabilities = new double[3];
        TemperatureScaling.Apply([3e38f, -3e38f, 0], 0.05, probabilities);
        Assert.Equal([1, 0, 0], probabilities);
        Assert.InRange(TemperatureScaling.Fit([[3e38f, -3e38f]], [0]), 0.05, 20);
    }

    // from the formula, worked out apart
    [Theory]
    [InlineData(17, 20, 0.6396, 0.9476)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    public void Wilson_s_interval(int right, int samples, double low, double high)
    {
        var estimate = new AccuracyEstimate(right, samples);
        Assert.Equal((double)right / samples, estimate.Accuracy);
        Assert.Equal(low, estimate.Interval.Low, 1e-3);
        Assert.Equal(high, estimate.Interval.High, 1e-3);
    }
}
