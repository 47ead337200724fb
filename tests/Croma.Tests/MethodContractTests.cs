using Croma.Alignment;
using Croma.Baselines;
using Croma.Checkpoints;
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

    /// <summary>The rows whose column '#Target' says all (all).</summary>
    private static readonly string[] s_withTargetLabels = ["oracle", "shared-target-labels"];

    public static TheoryData<string> WithTargetLabels => [.. s_withTargetLabels];

    public static TheoryData<string> WithoutTargetLabels => [.. Methods.Names.Except(s_withTargetLabels)];

    public static TheoryData<string> Trained => [.. Methods.Names.Except(["unimodal-pretraining", "no-align"])];

    public static TheoryData<string> OnWeakData => ["croma-weak", "unsupervised-meta-weak-labels"];

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
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: WrongInMetaTrain);
        using var a = Create(name, clean);
        using var b = Create(name, poisoned);
        Assert.Equal(0, a.TargetLabels);
        Assert.Equal(Bytes(Train(a, clean).Best), Bytes(Train(b, poisoned).Best));
    }

    [Theory, MemberData(nameof(WithTargetLabels))]
    public void A_method_that_claims_target_labels_does_read_them(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: WrongInMetaTrain);
        using var a = Create(name, clean);
        using var b = Create(name, poisoned);
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

    [Theory, MemberData(nameof(Trained))]
    public void The_loss_that_moves_the_encoders_goes_down(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, noise: 0.1);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { InnerSteps = 20, ClassifierLearningRate = 2e-2, EncoderLearningRate = 2e-2 } };
        using var method = Create(name, dataset, configuration: configuration);
        IterationLosses[] losses = [.. Enumerable.Range(0, 60).Select(method.Iterate)];
        // a domain loss is a game in which one side's gain is the other's loss; where alignment moves the encoders, phi's tasks change under it
        var byAlignment = !double.IsNaN(losses[0].Alignment) && method.Meta.Network.AlignmentLoss is not DomainLoss;
        double[] falling = [.. losses.Select(l => byAlignment ? l.Alignment : l.Classification)];
        Assert.InRange(falling[^10..].Average(), double.NegativeInfinity, 0.98 * falling[..3].Average());
    }

    [Theory]
    [InlineData("croma", 120), InlineData("croma-weak", 120), InlineData("unimodal-pretraining", 0), InlineData("no-align", 0), InlineData("shared", 0)]
    [InlineData("unsupervised-meta-reconstruct", 120), InlineData("unsupervised-meta-weak-labels", 120), InlineData("shared-domain-confusion", 120)]
    [InlineData("shared-align", 120), InlineData("align-classify", 120), InlineData("oracle", 120), InlineData("shared-target-labels", 120)]
    public void The_target_samples_of_a_row_are_those_handed_over(string name, int expected)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        using var method = Create(name, dataset);
        Assert.Equal((expected, s_withTargetLabels.Contains(name) ? expected : 0), (method.TargetSamples, method.TargetLabels));
    }

    [Theory, MemberData(nameof(OnWeakData))]
    public void A_method_of_weak_pairs_says_in_one_line_that_a_data_set_has_none(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, clusters: false);
        var message = Assert.Throws<CromaException>(() => Create(name, dataset)).Message;
        Assert.Contains("no clusters", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory, MemberData(nameof(All))]
    public void A_saved_model_is_loaded_with_the_same_bytes(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true);
        using var method = Create(name, dataset);
        if (method.Iterations > 0) method.Iterate(0);
        ModelFolder.Save(folder["model"], method.Meta, ModelInfo.Of(method, TinyConfiguration.Value, dataset, 5, new TrainingOutcome(method.Meta, 1, 50, [])));
        var (meta, info) = ModelFolder.Load(folder["model"], dataset);
        Assert.Equal(Bytes(method.Meta), Bytes(meta));
        Assert.Equal(name, info.Method);
    }

    [Fact]
    public void A_model_from_before_there_were_shared_encoders_and_weak_pairs_is_loaded()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true, clusters: false);
        using var method = Create("croma", dataset);
        ModelFolder.Save(folder["model"], method.Meta, ModelInfo.Of(method, TinyConfiguration.Value, dataset, 5, new TrainingOutcome(method.Meta, 1, 50, [])));
        var description = Path.Combine(folder["model"], "model.json");
        string[] lines = File.ReadAllLines(description);
        string[] old = [.. lines.Where(line => !line.Contains("samplesOfSet", StringComparison.Ordinal))];
        Assert.Equal(lines.Length - 1, old.Length);
        File.WriteAllLines(description, old);
        var (meta, _) = ModelFolder.Load(folder["model"], dataset);
        Assert.Equal(["source_encoder", "target_encoder", "classifier", "alignment_loss"], meta.Parts.Select(p => p.Name));
        Assert.Equal(Bytes(method.Meta), Bytes(meta));
    }

    /// <summary>Target labels of meta-train: in classification any other, in alignment another of the same cluster.</summary>
    private static int WrongInMetaTrain(int concept, Part part) => (concept, part) switch
    {
        ( < 10, Part.Target) => (concept + 3) % 10,
        ( < 10, Part.Alignment) => (concept + TinyDataset.Clusters) % 10,
        _ => concept,
    };

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
