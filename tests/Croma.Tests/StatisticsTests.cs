using Croma.Evaluation;

namespace Croma.Tests;

public sealed class StatisticsTests
{
    [Theory, InlineData(0.975, 1, 12.7062047), InlineData(0.975, 2, 4.3026527), InlineData(0.975, 9, 2.2621572), InlineData(0.95, 30, 1.6972609), InlineData(0.025, 9, -2.2621572)]
    public void Quantiles_of_Students_t_are_those_of_the_tables(double probability, double degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(probability, degrees), 6);

    [Fact]
    public void A_summary_has_the_textbook_interval()
    {
        var summary = Summary.Of([60, 62, 64]);
        Assert.Equal(62, summary.Mean, 12);
        Assert.Equal(2, summary.StandardDeviation, 12);
        Assert.Equal(62 - 4.3026527 * 2 / Math.Sqrt(3), summary.Low, 5);
    }

    [Fact]
    public void One_value_has_no_interval() => Assert.True(double.IsNaN(Summary.Of([5]).Low));

    [Fact]
    public void The_paired_test_agrees_with_a_known_case() =>
        // scipy.stats.ttest_rel([1,2,3,4,5],[2,2,4,5,7]): t = -3.16228, p = 0.03411
        Assert.Equal(0.03411, StudentT.PairedTest([1, 2, 3, 4, 5], [2, 2, 4, 5, 7]), 5);

    [Fact]
    public void Holm_s_correction_agrees_with_a_known_case() =>
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        Assert.Equal([0.03, 0.06, 0.06, 0.02], StudentT.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
}
