using Croma.Baselines;
using Croma.Compute;
using Croma.Data;
using Croma.Evaluation;
using Croma.Heads;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests.Heads;

/// <summary>Heads on trained encoders.</summary>
public sealed class HeadComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_the_same_for_any_number_of_threads_and_are_kept()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var (one, two) = (Run(dataset, 1, "one"), Run(dataset, 2, "two"));
        Assert.Equal(2 * 2 * Head.All.Count, one.Count);
        Assert.Equal(one.Select(Figures), two.Select(Figures));
        Assert.Equal(one.Select(r => r.Seconds), Run(dataset, 1, "one").Select(r => r.Seconds));
    }

    [Fact]
    public void Encoders_are_those_that_a_comparison_of_the_same_folder_trained()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var trained = new Comparison(dataset, _ => TinyConfiguration.Value, Options(1), _folder["runs"]).Run(cancellation: TestContext.Current.CancellationToken);
        var scored = Run(dataset, 1, "runs");
        Assert.All(scored, r => Assert.Equal(trained.Single(t => r.Method.StartsWith(t.Method + " +", StringComparison.Ordinal) && t.Repeat == r.Repeat).Curve, r.Curve));
    }

    [Fact]
    public void An_evaluation_leaves_the_meta_parameters_alone_and_centres_by_meta_train_only()
    {
        using var clean = TinyDataset.Create(_folder["clean"]);
        using var poisoned = TinyDataset.Create(_folder["poisoned"], relabel: (concept, part) => concept >= 15 && part == Part.Target ? 15 + (concept - 14) % 5 : concept);
        using var duet = new Duet(threads: 1);
        using var method = Methods.Create("croma", TinyConfiguration.Value, clean, 1, duet);
        using var meta = method.Meta;
        using var before = meta.Clone();
        var plan = EpisodePlan.Create(clean, ConceptSplit.MetaTest, 3, 5, 3, 4, 1);
        var result = Evaluate(clean, plan);
        Assert.True(before.TargetEncoder.Raw.SequenceEqual(meta.TargetEncoder.Raw));
        // the same samples under other labels have the same embeddings, hence the same neighbours
        Assert.Equal(result.Predictions.Select(p => p.Prediction), Evaluate(poisoned, plan).Predictions.Select(p => p.Prediction));

        EvaluationResult Evaluate(CrossModalDataset data, EpisodePlan tasks) =>
            new HeadEvaluation([meta], data, TinyConfiguration.Value.Input, tasks, withSource: false, threads: 1, TestContext.Current.CancellationToken).Run(new PrototypeHead(), 3);
    }

    [Fact]
    public void A_head_on_several_encoders_sees_the_mean_of_their_cosines()
    {
        using var dataset = TinyDataset.Create(_folder["data"], noise: 2);
        using var one = TinyMethod.Create("croma", dataset, seed: 1);
        using var two = TinyMethod.Create("croma", dataset, seed: 2);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 10, 5, 1, 8, 1);
        var (alone, twins, both) = (Predicted(one.Meta), Predicted(one.Meta, one.Meta), Predicted(one.Meta, two.Meta));
        Assert.Equal(alone, twins);
        Assert.NotEqual(alone, both);
        Assert.NotEqual(Predicted(two.Meta), both);
        Assert.Equal(both, Predicted(two.Meta, one.Meta));

        // with one sample a class the nearest mean is the nearest sample, by the mean of the cosines
        IEnumerable<int> Predicted(params MetaParameters[] models) =>
            new HeadEvaluation(models, dataset, TinyConfiguration.Value.Input, plan, withSource: false, threads: 2, TestContext.Current.CancellationToken).Run(new PrototypeHead(), 1).Predictions.Select(p => p.Prediction);
    }

    [Fact]
    public void Ensembles_take_the_trainings_of_a_comparison_of_the_same_folder_and_no_others()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = Options(2) with { Methods = ["croma"], Members = 2 };
        var tuned = new Comparison(dataset, _ => TinyConfiguration.Value, options, _folder["runs"]).Run(cancellation: TestContext.Current.CancellationToken);
        var scored = new HeadComparison(dataset, _ => TinyConfiguration.Value, options, [new PrototypeHead()], _folder["runs"]).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(4, Directory.GetDirectories(_folder["runs"], "*.model").Length);
        Assert.Equal(["croma + prototype + ensemble-of-2", "croma + prototype + ensemble-of-2"], scored.Select(r => r.Method));
        Assert.Equal(tuned.Select(r => r.Seed), scored.Select(r => r.Seed));
        Assert.Equal([1UL, 3UL], scored.Select(r => r.Seed));
        var apart = new HeadComparison(dataset, _ => TinyConfiguration.Value, options with { Threads = 1 }, [new PrototypeHead()], _folder["apart"]).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(scored.Select(Figures), apart.Select(Figures));
    }

    [Fact]
    public void Wrong_labels_that_leave_a_class_empty_are_borne()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var noisy = new HeadComparison(dataset, _ => TinyConfiguration.Value, Options(1) with { LabelNoise = 0.8, Shots = [1] }, Head.All, _folder["runs"]).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.All(noisy, r => Assert.InRange(r.Results[0].Accuracy, 0, 100));
    }

    private static (string, int, string) Figures(RunRecord record) => (record.Method, record.Repeat, string.Join(' ', record.Results.SelectMany(r => r.Predictions)));

    private static ComparisonOptions Options(int threads) => new() { Methods = ["croma", "unimodal-pretraining"], Shots = [1, 3], Repeats = 2, Tasks = 3, Queries = 4, Threads = threads };

    private IReadOnlyList<RunRecord> Run(CrossModalDataset dataset, int threads, string folder) =>
        new HeadComparison(dataset, _ => TinyConfiguration.Value, Options(threads), Head.All, _folder[folder]).Run(cancellation: TestContext.Current.CancellationToken);
}
