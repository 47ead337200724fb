using Croma.Checkpoints;
using Croma.Configuration;
using Croma.Method;

namespace Croma.Tests;

/// <summary>Checkpoints and saved models of every row of the tables.</summary>
public sealed class MethodStorageTests
{
    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void A_run_stopped_and_resumed_ends_in_the_bytes_of_one_that_was_not(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { CarryOptimizer = true, MetaOptimizer = MetaOptimizer.Adam, MetaStepSize = 0.01 } };
        using var whole = TinyMethod.Create(name, dataset, configuration: configuration);
        if (whole.Iterations == 0) return;
        var expected = TinyMethod.Train(whole, dataset, configuration: configuration);

        var checkpoint = folder["checkpoint.safetensors"];
        using (var stopped = TinyMethod.Create(name, dataset, configuration: configuration))
        {
            using var stop = new CancellationTokenSource();
            var atSeven = new Callback(p => { if (p.Iteration == 7) stop.Cancel(); });
            var run = new TrainingRun(stopped, configuration, dataset, 5, 1) { CheckpointFile = checkpoint };
            Assert.Throws<OperationCanceledException>(() => run.Run(atSeven, stop.Token));
        }
        using var resumed = TinyMethod.Create(name, dataset, configuration: configuration);
        var first = 0;
        var actual = new TrainingRun(resumed, configuration, dataset, 5, 1) { CheckpointFile = checkpoint }
            .Run(new Callback(p => first = first == 0 ? p.Iteration : first), TestContext.Current.CancellationToken);
        Assert.Equal(8, first);
        Assert.Equal(TinyMethod.Bytes(expected.Best), TinyMethod.Bytes(actual.Best));
        Assert.Equal(expected.Curve, actual.Curve);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"]);
        using var method = TinyMethod.Create("croma", dataset);
        var checkpoint = folder["checkpoint.safetensors"];
        new TrainingRun(method, TinyConfiguration.Value, dataset, 5, 1) { CheckpointFile = checkpoint }.Run(cancellation: TestContext.Current.CancellationToken);
        var other = new TrainingRun(method, TinyConfiguration.Value, dataset, 6, 1) { CheckpointFile = checkpoint };
        Assert.Contains("another run", Assert.Throws<CromaException>(() => other.Run(cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void A_saved_model_is_loaded_with_the_same_bytes(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true);
        using var method = TinyMethod.Create(name, dataset);
        if (method.Iterations > 0) method.Iterate(0);
        ModelFolder.Save(folder["model"], method.Meta, ModelInfo.Of(method, TinyConfiguration.Value, dataset, 5, new TrainingOutcome(method.Meta, 1, 50, [])));
        var (meta, info) = ModelFolder.Load(folder["model"], dataset);
        Assert.Equal(TinyMethod.Bytes(method.Meta), TinyMethod.Bytes(meta));
        Assert.Equal(name, info.Method);
    }

    [Fact]
    public void A_model_from_before_there_were_shared_encoders_and_weak_pairs_is_loaded()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder["data"], sequences: true, clusters: false);
        using var method = TinyMethod.Create("croma", dataset);
        ModelFolder.Save(folder["model"], method.Meta, ModelInfo.Of(method, TinyConfiguration.Value, dataset, 5, new TrainingOutcome(method.Meta, 1, 50, [])));
        var description = Path.Combine(folder["model"], "model.json");
        string[] lines = File.ReadAllLines(description);
        string[] old = [.. lines.Where(line => !line.Contains("samplesOfSet", StringComparison.Ordinal))];
        Assert.Equal(lines.Length - 1, old.Length);
        File.WriteAllLines(description, old);
        var (meta, _) = ModelFolder.Load(folder["model"], dataset);
        Assert.Equal(["source_encoder", "target_encoder", "classifier", "alignment_loss"], meta.Parts.Select(p => p.Name));
        Assert.Equal(TinyMethod.Bytes(method.Meta), TinyMethod.Bytes(meta));
    }

    private sealed class Callback(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
