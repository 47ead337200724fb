using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>What every row of the tables has to keep, CroMA and baselines alike.</summary>
public sealed class MethodContractTests
{
    public static TheoryData<string> All => [.. Methods.Names];

    public static TheoryData<string> WithoutTargetLabels => [.. Methods.Names.Where(n => n != "oracle")];

    [Theory, MemberData(nameof(All))]
    public void Training_and_adapting_beat_chance_clearly_on_separable_data(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        using var method = Create(name, dataset);
        var outcome = Train(method, dataset);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 4, 5, 5, 6, 3);
        var accuracy = FewShotEvaluation.Run(outcome.Best, TinyConfiguration.Value.Adaptation, dataset.Target, TinyConfiguration.Value.Input, plan, 5, 1, 2, TestContext.Current.CancellationToken).Accuracy;
        Assert.InRange(accuracy, 40, 100);
    }

    [Theory, MemberData(nameof(All))]
    public void The_same_seed_gives_the_same_bytes_on_one_thread_and_on_two(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        using var one = Create(name, dataset, threads: 1);
        using var two = Create(name, dataset, threads: 2);
        using var other = Create(name, dataset, seed: 6);
        var (a, b, c) = (Train(one, dataset, threads: 1), Train(two, dataset, threads: 2), Train(other, dataset));
        Assert.Equal(Bytes(a.Best), Bytes(b.Best));
        Assert.Equal(a.Curve, b.Curve);
        Assert.NotEqual(Bytes(a.Best), Bytes(c.Best));
    }

    [Theory, MemberData(nameof(All))]
    public void Adaptation_leaves_every_byte_of_the_meta_parameters_alone(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        using var method = Create(name, dataset);
        var before = Bytes(method.Meta);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 2, 5, 5, 4, 3);
        FewShotEvaluation.Run(method.Meta, TinyConfiguration.Value.Adaptation, dataset.Target, TinyConfiguration.Value.Input, plan, 5, 1, 1, TestContext.Current.CancellationToken);
        Assert.Equal(before, Bytes(method.Meta));
    }

    [Theory, MemberData(nameof(All))]
    public void Poisoned_meta_test_labels_change_nothing_in_training_or_selection(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: (concept, part) => concept >= 15 && part == Part.Target ? 15 + (concept + 2) % 5 : concept);
        using var a = Create(name, clean);
        using var b = Create(name, poisoned);
        var (fromClean, fromPoisoned) = (Train(a, clean), Train(b, poisoned));
        Assert.Equal(Bytes(fromClean.Best), Bytes(fromPoisoned.Best));
        Assert.Equal(fromClean.Curve, fromPoisoned.Curve);
    }

    [Theory, MemberData(nameof(WithoutTargetLabels))]
    public void A_method_that_claims_no_target_labels_does_not_notice_when_they_are_wrong(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: (concept, part) => concept < 10 && part == Part.Target ? (concept + 3) % 10 : concept);
        using var a = Create(name, clean);
        using var b = Create(name, poisoned);
        Assert.Equal(0, a.TargetLabels);
        Assert.Equal(Bytes(Train(a, clean).Best), Bytes(Train(b, poisoned).Best));
    }

    [Fact]
    public void The_oracle_does_read_target_labels_and_says_so()
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: (concept, part) => concept < 10 && part == Part.Target ? (concept + 3) % 10 : concept);
        using var a = Create("oracle", clean);
        using var b = Create("oracle", poisoned);
        Assert.Equal(10 * TinyDataset.SamplesPerPart, a.TargetLabels);
        Train(a, clean);
        Train(b, poisoned);
        // relabelling permutes whole concepts, so only which task gets which concepts differs
        Assert.NotEqual(Bytes(a.Meta), Bytes(b.Meta));
    }

    [Theory, MemberData(nameof(All))]
    public void A_run_stopped_and_resumed_ends_in_the_bytes_of_one_that_was_not(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { CarryOptimizer = true, MetaOptimizer = MetaOptimizer.Adam, MetaStepSize = 0.01 } };
        using var whole = Create(name, dataset, configuration: configuration);
        if (whole.Iterations == 0) return;
        var expected = Train(whole, dataset, configuration: configuration);

        var checkpoint = folder["checkpoint.safetensors"];
        using (var stopped = Create(name, dataset, configuration: configuration))
        {
            using var stop = new CancellationTokenSource();
            var atSeven = new Callback(p => { if (p.Iteration == 7) stop.Cancel(); });
            var run = new TrainingRun(stopped, configuration, dataset, 5, 1) { CheckpointFile = checkpoint };
            Assert.Throws<OperationCanceledException>(() => run.Run(atSeven, stop.Token));
        }
        using var resumed = Create(name, dataset, configuration: configuration);
        var first = 0;
        var actual = new TrainingRun(resumed, configuration, dataset, 5, 1) { CheckpointFile = checkpoint }
            .Run(new Callback(p => first = first == 0 ? p.Iteration : first), TestContext.Current.CancellationToken);
        Assert.Equal(8, first);
        Assert.Equal(Bytes(expected.Best), Bytes(actual.Best));
        Assert.Equal(expected.Curve, actual.Curve);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"]);
        using var method = Create("croma", dataset);
        var checkpoint = folder["checkpoint.safetensors"];
        new TrainingRun(method, TinyConfiguration.Value, dataset, 5, 1) { CheckpointFile = checkpoint }.Run(cancellation: TestContext.Current.CancellationToken);
        var other = new TrainingRun(method, TinyConfiguration.Value, dataset, 6, 1) { CheckpointFile = checkpoint };
        Assert.Contains("another run", Assert.Throws<CromaException>(() => other.Run(cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_method_is_named_with_the_closest_one()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        Assert.Contains("'oracle'", Assert.Throws<CromaException>(() => Create("orcale", dataset)).Message, StringComparison.Ordinal);
    }

    private static FewShotMethod Create(string name, CrossModalDataset dataset, int threads = 1, ulong seed = 5, TrainingConfiguration? configuration = null) =>
        Methods.Create(name, configuration ?? TinyConfiguration.Value, dataset, seed, new Duet(threads));

    private static TrainingOutcome Train(FewShotMethod method, CrossModalDataset dataset, int threads = 1, TrainingConfiguration? configuration = null) =>
        new TrainingRun(method, configuration ?? TinyConfiguration.Value, dataset, 5, threads).Run(cancellation: TestContext.Current.CancellationToken);

    private static float[] Bytes(MetaParameters meta) => [.. meta.Parts.SelectMany(p => p.Values.Raw.ToArray())];

    private sealed class Callback(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
