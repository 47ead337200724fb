using Croma.Compute;
using Croma.Data;
using Croma.Theory;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

/// <summary>Advice by numbers agrees with the studies; advice from data finds the numbers that the data were made with.</summary>
public sealed class AdviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_errors_are_those_of_section_5_5()
    {
        // the brief's case: 20 / 40; 20 / 250 + 400 / 1000
        var advice = Advice.Of(Case(20, 250, 40, 1000, 1, 1));
        Assert.Equal((0.5, 0.08, 0.4), (advice.Errors.Label, advice.Errors.Source, advice.Errors.Alignment));
        Assert.True(advice.PrefersAlignment);
        Assert.Equal(20 / 0.48, advice.WorthTargets, 9);
        // 20 / n + 1 / 250 < 1 / 40 from 952.4 on
        Assert.Equal(952.38, advice.BreakEven!.Value, 0.01);
        Assert.False(Advice.Of(Case(20, 250, 40, 952, 1, 1)).PrefersAlignment);
        // with 40 more: 20 / 80 by labels; aligned 0.08 + 400 / 1040 and 20 / 290 + 0.4
        Assert.Equal([(Effort.LabelTargets, 0.25), (Effort.Align, 0.4646), (Effort.LabelSources, 0.469)], advice.Efforts.Select(e => (e.Effort, Math.Round(e.Error, 4))));
        Assert.Null(Advice.Of(Case(20, 30, 40, 1000, 1, 1)).BreakEven);
        Assert.Contains("n_align must be above 0", Assert.Throws<CromaException>(() => Advice.Of(Case(20, 250, 40, 0, 1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_errors_are_those_that_the_study_measures() => Prop.ForAll(
        (from d in Gen.Choose(2, 8) from n2 in Gen.Choose(4, 30) from n1 in Gen.Choose(30, 200) from pairs in Gen.Choose(40, 400) from noise in Gen.Choose(1, 20) from pairNoise in Gen.Choose(1, 15)
         select new SupervisionOptions { Dimension = d, TargetSamples = n2 + 3 * d, SourceSamples = n1 + 3 * d, Pairs = [pairs + 3 * d], LabelNoise = noise / 10.0, PairNoises = [pairNoise / 10.0], Repeats = 240 }).ToArbitrary(), options =>
        {
            var study = SupervisionStudy.Run(options, cancellation: TestContext.Current.CancellationToken);
            var advice = Advice.Of(Case(options.Dimension, options.SourceSamples, options.TargetSamples, options.Pairs[0], options.LabelNoise, options.PairNoises[0]));
            Assert.Equal(study.LowResource.Limit, advice.Errors.Label, 12);
            Assert.Equal(study.CrossModal[0].Error.Limit, advice.Errors.Aligned, 12);
            Assert.Equal(study.LowResource.Predicted, advice.Expected.Label, 12);
            // the study's W stretches by 0.5 to 1.5, which costs a little more
            Assert.InRange(advice.Expected.Aligned, 0.5 * study.CrossModal[0].Error.Predicted, study.CrossModal[0].Error.Predicted);
            Assert.Equal(SupervisionStudy.PrefersCrossModal(options, options.PairNoises[0], options.Pairs[0]), advice.PrefersAlignment);
            foreach (var (error, expected) in new[] { (study.LowResource.Measured, advice.Expected.Label), (study.CrossModal[0].Error.Measured, study.CrossModal[0].Error.Predicted) })
                // errors are skewed, few of them large: means of some hundred stray further below than a normal mean would
                Assert.InRange((error.Mean - expected) / (error.StandardDeviation / Math.Sqrt(error.Repeats)), -9, 9);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void The_number_of_weak_sets_is_that_of_appendix_E_s_study()
    {
        // the unit square: of x_1's variance, 1/6 in two numbers, one set leaves all; a pair's noise is 2 sigma^2 of it
        var options = new WeakSetOptions { Points = [400, 1600], Sets = [3, 4, 6, 8, 11, 16, 23, 32, 45], Repeats = 6, Draws = 6, Threads = 2 };
        var study = WeakSetStudy.Run(options, cancellation: TestContext.Current.CancellationToken);
        foreach (var best in study.Best)
        {
            var advice = Advice.Of(Case(2, 100, 100, best.Points, 1, options.PairNoise * Math.Sqrt(12)));
            Assert.InRange(advice.Weak.Sets, 0.85 * best.Sets.Mean, 1.15 * best.Sets.Mean);
        }
    }

    [Theory]
    [InlineData(0.5, 0.3, true)]
    [InlineData(0.5, 6, false)]
    public void From_data_the_numbers_are_found_that_they_were_made_with(double labelNoise, double pairNoise, bool align)
    {
        const int Dimension = 8;
        Write("data", Dimension, labelNoise, pairNoise);
        using var dataset = CrossModalDataset.Open(_folder["data"]);
        var estimate = CaseEstimator.Run(dataset, new CaseOptions { Shots = 2, Pairs = 300 }, threads: 2, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(estimate.Dimension.Value, 0.8 * Dimension, 1.1 * Dimension);
        Assert.InRange(estimate.PairNoise.Value, 0.8 * pairNoise, 1.25 * pairNoise);
        Assert.InRange(estimate.PairNoise.Low, 0, estimate.PairNoise.Value);
        Assert.InRange(estimate.PairNoise.High, estimate.PairNoise.Value, 10 * pairNoise);
        Assert.Equal(align, Advice.Of(estimate.Case).PrefersAlignment);
        Assert.InRange(estimate.AlignmentPreferred, align ? 0.9 : 0, align ? 1 : 0.1);
        // 5 ways of 2 shots; 8 labelled source samples a class
        Assert.Equal((10, 40, 300), (estimate.Case.TargetSamples, estimate.Case.SourceSamples, estimate.Case.Pairs));
    }

    [Fact]
    public void What_belongs_to_meta_test_changes_nothing()
    {
        using var dataset = TinyDataset.Create(_folder["one"]);
        using var poisoned = TinyDataset.Create(_folder["two"], relabel: (concept, part) => concept >= 15 ? 15 + (concept + 1) % 5 : concept);
        Assert.NotEqual(dataset.Sha256, poisoned.Sha256);
        Assert.Equivalent(Run(dataset, 1), Run(poisoned, 2), strict: true);
        // and what belongs to meta-train would
        using var changed = TinyDataset.Create(_folder["three"], relabel: (concept, part) => concept < 10 && part == Part.Target ? (concept + 1 + concept % 3) % 10 : concept);
        Assert.NotEqual(Run(dataset, 1).LabelNoise, Run(changed, 1).LabelNoise);

        static CaseEstimate Run(CrossModalDataset dataset, int threads) => CaseEstimator.Run(dataset, new CaseOptions(), threads: threads, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Of_weak_pairs_the_width_of_the_sets_counts()
    {
        WriteWeak("narrow", 0.2);
        WriteWeak("wide", 3);
        var (narrow, wide) = (Run("narrow"), Run("wide"));
        Assert.Equal(10, narrow.Case.Sets);
        Assert.True(narrow.Case.SetWidth / 10 < 0.3 && wide.Case.SetWidth / 10 > 0.7, $"{narrow.Case.SetWidth} and {wide.Case.SetWidth}");
        Assert.True(narrow.Aligned.Value < wide.Aligned.Value);

        CaseEstimate Run(string name)
        {
            using var dataset = CrossModalDataset.Open(_folder[name]);
            return CaseEstimator.Run(dataset, new CaseOptions { Shots = 1 }, cancellation: TestContext.Current.CancellationToken);
        }
    }

    private static SupervisionCase Case(double d, double n1, double n2, double pairs, double noise, double pairNoise) =>
        new() { Dimension = d, SourceSamples = n1, TargetSamples = n2, Pairs = pairs, LabelNoise = noise, PairNoise = pairNoise };

    /// <summary>x_2 normal, x_1 = W x_2 (a rotation), pairs with noise; classes are directions that samples lie towards.</summary>
    private void Write(string name, int dimension, double labelNoise, double pairNoise)
    {
        const int Classes = 210, Each = 8;
        var (random, writer) = (new CounterRandom(4, 4), new DatasetWriter(name, 1, ModalityWriter.Features("one", dimension), ModalityWriter.Features("two", dimension)));
        for (var c = 0; c < Classes; c++) writer.AddConcept($"c{c}", $"c{c}", c < 200 ? ConceptSplit.MetaTrain : c < 205 ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest);
        for (var c = 0; c < Classes; c++)
        {
            double[] centre = Normal(1);
            for (var i = 0; i < 3 * Each; i++)
            {
                var part = (Part)(i / Each);
                double[] x = [.. centre.Zip(Normal(labelNoise), (a, b) => a + b)], noise = Normal(pairNoise * Math.Sqrt(1 + labelNoise * labelNoise));
                var target = writer.Target.Add(c, part, i, [.. x.Select(v => (Half)v)]);
                var source = writer.Source.Add(c, part, i, [.. x.Reverse().Zip(noise, (v, n) => (Half)(part == Part.Alignment ? v + n : v))]);
                if (part == Part.Alignment) writer.AddPair(source, target);
            }
        }
        writer.Write(_folder[name]);

        double[] Normal(double scale) => [.. Enumerable.Range(0, dimension).Select(_ => scale * random.NextNormal())];
    }

    private void WriteWeak(string name, double spread)
    {
        const int Dimension = 6, Clusters = 10, Each = 20;
        var (random, writer) = (new CounterRandom(5, 5), new DatasetWriter(name, 1, ModalityWriter.Features("one", Dimension), ModalityWriter.Features("two", Dimension)));
        for (var c = 0; c < 20; c++) writer.AddConcept($"c{c}", $"c{c}", ConceptSplit.MetaTrain, $"cluster {c % Clusters}");
        double[][] centres = [.. Enumerable.Range(0, Clusters).Select(_ => Normal(1))];
        for (var c = 0; c < 20; c++)
            for (var i = 0; i < 3 * Each; i++)
            {
                writer.Source.Add(c, (Part)(i / Each), i, [.. centres[c % Clusters].Zip(Normal(spread), (a, b) => (Half)(a + b))]);
                writer.Target.Add(c, (Part)(i / Each), i, [.. centres[c % Clusters].Zip(Normal(spread), (a, b) => (Half)(a + b))]);
            }
        writer.Write(_folder[name]);

        double[] Normal(double scale) => [.. Enumerable.Range(0, Dimension).Select(_ => scale * random.NextNormal())];
    }
}
