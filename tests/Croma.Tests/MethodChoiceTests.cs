using Croma.Data;
using Croma.Evaluation;

namespace Croma.Tests;

/// <summary>What `auto` takes.</summary>
public sealed class MethodChoiceTests : IDisposable
{
    private static readonly MethodChoiceOptions s_options = new() { Shots = [1, 2], Tasks = 4, Queries = 4, Seed = 3, Threads = 2 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_best_pair_on_meta_validation_is_first_and_its_model_is_there()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var choice = Choice(dataset, "runs");
        var outcome = choice.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(MethodChoice.MethodsFor(dataset).Count * 3, outcome.Candidates.Count);
        Assert.Equal(outcome.Candidates.OrderByDescending(c => c.Accuracy.Mean), outcome.Candidates);
        Assert.Equal((ConceptSplit.MetaValidation, 4), (outcome.Plan.Split, outcome.Plan.Episodes.Count));
        Assert.All(outcome.Candidates, c =>
        {
            Assert.Equal(c.ByShots.Average(), c.Accuracy.Mean, 1e-9);
            Assert.Equal((4, 4), (c.Accuracy.Repeats, c.Tasks.Count));
            Assert.Equal(c == outcome.Best ? (double?)null : StudentT.PairedTest(c.Tasks, outcome.Best.Tasks), outcome.P(c));
        });
        using var model = choice.Open(outcome.Best.Method);
        Assert.Equal((outcome.Best.Method, 3UL), (model.Info.Method, model.Info.Seed));
    }

    [Fact]
    public void Meta_test_is_not_read()
    {
        using var clean = TinyDataset.Create(_folder["clean"]);
        using var poisoned = TinyDataset.Create(_folder["poisoned"], relabel: (concept, part) => concept >= 15 && part == Part.Target ? 15 + (concept + 2) % 5 : concept);
        Assert.Equal(Scores(clean, "a"), Scores(poisoned, "b"));

        IEnumerable<(string, string, double)> Scores(CrossModalDataset dataset, string runs) => Choice(dataset, runs).Run(cancellation: TestContext.Current.CancellationToken).Candidates.Select(c => (c.Method, c.Head, c.Accuracy.Mean));
    }

    [Fact]
    public void A_stopped_choice_goes_on_and_computes_nothing_twice()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var expected = Choice(dataset, "whole").Run(cancellation: TestContext.Current.CancellationToken);
        using (var stop = new CancellationTokenSource())
        {
            // one thread: what came before the stop is whole
            var first = new MethodChoice(dataset, _ => TinyConfiguration.Value, s_options with { Threads = 1 }, _folder["stopped"]);
            Assert.ThrowsAny<Exception>(() => first.Run(new Callback(share => { if (share > 0.5) stop.Cancel(); }), stop.Token));
        }
        var done = Directory.GetFiles(_folder["stopped"], "*.json").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.NotEmpty(done);
        var shares = new List<double>();
        var resumed = Choice(dataset, "stopped").Run(new Callback(shares.Add), TestContext.Current.CancellationToken);
        Assert.Equal(expected.Candidates.Select(c => (c.Method, c.Head, c.Accuracy)), resumed.Candidates.Select(c => (c.Method, c.Head, c.Accuracy)));
        Assert.All(done.Where(d => !Path.GetFileName(d.Key).StartsWith("episodes", StringComparison.Ordinal)), d => Assert.Equal(d.Value, File.GetLastWriteTimeUtc(d.Key)));
        Assert.Equal(1, shares[^1], 1e-9);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void A_method_that_cannot_be_trained_is_left_out_with_its_reason()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var outcome = new MethodChoice(dataset, method => method == "croma" ? TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { AlignmentBatch = 1 } } : TinyConfiguration.Value, s_options, _folder["runs"])
            .Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("croma", Assert.Single(outcome.Failed).Method);
        Assert.Contains("2 pairs or more", outcome.Failed[0].Why, StringComparison.Ordinal);
        Assert.DoesNotContain(outcome.Candidates, c => c.Method == "croma");
    }

    [Fact]
    public void What_is_tried_fits_the_data()
    {
        using var strong = TinyDataset.Create(_folder["strong"]);
        using var weak = TinyImages.Create(_folder["weak"]);
        Assert.Equal(["croma", "align-meta-classify", "shared-align", "align-procrustes", "align-regression", "align-correlation", "unimodal-pretraining"], MethodChoice.MethodsFor(strong));
        Assert.Equal(["croma-weak", "align-meta-classify", "align-procrustes", "align-regression", "align-correlation", "unimodal-pretraining"], MethodChoice.MethodsFor(weak));
    }

    private MethodChoice Choice(CrossModalDataset dataset, string runs) => new(dataset, _ => TinyConfiguration.Value, s_options, _folder[runs]);

    private sealed class Callback(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
