using Croma.Compute;
using Croma.Theory;

namespace Croma.Tests;

/// <summary>The synthetic studies of section 5.5 and Appendix E.</summary>
public sealed class TheoryTests
{
    private static readonly SupervisionOptions s_options = new() { Repeats = 200, Threads = 2 };
    private static readonly Lazy<SupervisionResult> s_figure8 = new(() => SupervisionStudy.Run(s_options));
    private static readonly Lazy<WeakSetResult> s_appendixE = new(() => WeakSetStudy.Run(new WeakSetOptions { Points = [100, 400, 1600], Repeats = 6, Draws = 6, Threads = 2 }));

    [Fact]
    public void Least_squares_recover_an_exact_map()
    {
        var random = new CounterRandom(3, 1);
        double[][] map = [[1, -2, 0.5], [0, 3, 1]];
        var fit = new LeastSquares(3, 2);
        for (var i = 0; i < 7; i++)
        {
            double[] x = [random.NextNormal(), random.NextNormal(), random.NextNormal()];
            fit.Add(x, [.. map.Select(row => row.Zip(x, (a, b) => a * b).Sum())]);
        }
        foreach (var (expected, actual) in map.SelectMany(r => r).Zip(fit.Solve().SelectMany(r => r))) Assert.Equal(expected, actual, 10);
    }

    [Fact]
    public void Least_squares_with_too_few_samples_is_an_error()
    {
        var fit = new LeastSquares(3, 1);
        fit.Add([1, 2, 3], [1]);
        fit.Add([2, 4, 6], [2]);
        Assert.Contains("independent samples", Assert.Throws<CromaException>(fit.Solve).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_8_first_more_pairs_help_but_at_most_to_the_source_s_error()
    {
        var result = s_figure8.Value;
        foreach (var curve in result.CrossModal.GroupBy(c => c.PairNoise))
        {
            double[] errors = [.. curve.Select(c => c.Error.Measured.Mean)];
            Assert.Equal(errors.OrderDescending(), errors);
            Assert.True(errors[^1] > result.HighResource.Measured.Mean);
        }
        Assert.InRange(result.CrossModal.Last(c => c.PairNoise == 0.1).Error.Measured.Mean / result.HighResource.Measured.Mean, 1, 1.05);
    }

    [Fact]
    public void Figure_8_second_less_noise_in_pairs_is_better()
    {
        foreach (var pairs in s_figure8.Value.CrossModal.GroupBy(c => c.Pairs))
        {
            double[] errors = [.. pairs.OrderBy(c => c.PairNoise).Select(c => c.Error.Measured.Mean)];
            Assert.Equal(errors.Order(), errors);
        }
    }

    [Fact]
    public void Figure_8_third_even_weak_pairs_beat_supervision_when_there_are_enough_of_them()
    {
        var low = s_figure8.Value.LowResource.Measured;
        var weak = s_figure8.Value.CrossModal.Where(c => c.PairNoise == 1).ToList();
        Assert.True(weak[0].Error.Measured.Low > low.High);
        Assert.True(weak[^1].Error.Measured.High < low.Low);
    }

    [Fact]
    public void Measured_errors_are_those_predicted()
    {
        var result = s_figure8.Value;
        MeasuredError[] all = [result.HighResource, result.LowResource, .. result.CrossModal.Select(c => c.Error)];
        Assert.All(all, e =>
        {
            var standardError = e.Measured.StandardDeviation / Math.Sqrt(e.Measured.Repeats);
            Assert.InRange((e.Measured.Mean - e.Predicted) / standardError, -3.5, 3.5);
        });
        Assert.InRange(all.Count(e => e.Measured.Low <= e.Predicted && e.Predicted <= e.Measured.High), 0.8 * all.Length, all.Length);
        // the paper's form is the limit of many samples: 3200 pairs of 20 numbers are nearly that, 40 samples are far from it
        Assert.InRange(all[^1].Limit / all[^1].Predicted, 0.9, 1.0);
        Assert.InRange(result.LowResource.Limit / result.LowResource.Predicted, 0.4, 0.6);
    }

    [Fact]
    public void The_rule_of_section_5_5_is_the_paper_s()
    {
        // 20 sigma_W^2 / n_align + 1 / 250 < 1 / 40: for sigma_W = 1 from 953 pairs on
        Assert.False(SupervisionStudy.PrefersCrossModal(s_options, 1, 952));
        Assert.True(SupervisionStudy.PrefersCrossModal(s_options, 1, 953));
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var small = new SupervisionOptions { Repeats = 5, Pairs = [30, 60] };
        Assert.Equal(Figures(1), Figures(3));
        var weak = new WeakSetOptions { Points = [40, 80], Repeats = 3, Draws = 2, Labelled = [10], ComparedSets = [4] };
        Assert.Equal(Exponent(1), Exponent(3));

        Evaluation.Summary Exponent(int threads) => WeakSetStudy.Run(weak with { Threads = threads }, cancellation: TestContext.Current.CancellationToken).Exponent;

        IEnumerable<double> Figures(int threads) => SupervisionStudy.Run(small with { Threads = threads }, cancellation: TestContext.Current.CancellationToken).CrossModal.Select(c => c.Error.Measured.Mean);
    }

    [Fact]
    public void Too_few_samples_for_a_finite_error_are_refused() =>
        Assert.Contains("from 22 samples on", Assert.Throws<CromaException>(() => SupervisionStudy.Run(new SupervisionOptions { Pairs = [21] }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    [Fact]
    public void Appendix_E_the_best_number_of_sets_grows_as_the_square_root_of_N()
    {
        var result = s_appendixE.Value;
        Assert.InRange(0.5, result.Exponent.Low - 0.05, result.Exponent.High + 0.05);
        Assert.True(result.Exponent.High - result.Exponent.Low < 0.5);
        Assert.All(result.Best, b => Assert.InRange(b.Sets.Mean / b.Predicted, 0.7, 1.4));
    }

    [Fact]
    public void Appendix_E_the_errors_of_weak_alignment_and_supervision_fall_as_said()
    {
        var result = s_appendixE.Value;
        Assert.All(result.Weak, e => Assert.InRange(e.Error.Mean / e.Predicted, 0.8, 1.25));
        Assert.All(result.Supervised.Skip(2), e => Assert.InRange(e.Error.Mean / e.Predicted, 0.6, 1.6));
    }
}
