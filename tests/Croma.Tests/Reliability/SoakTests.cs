using System.Globalization;
using Croma.Classification;
using Croma.Data;

namespace Croma.Tests.Reliability;

/// <summary>Tests that measure the process, and so run when no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Memory over many cycles of training, adapting and predicting.</summary>
[Collection(nameof(Alone))]
public sealed class SoakTests : IDisposable
{
    private const int Warm = 20, Cycles = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_adapting_and_predicting_over_and_over_keeps_memory_flat()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions
        {
            Configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 2 }, Selection = TinyConfiguration.Value.Selection with { Tasks = 1 } },
            CheckpointFile = _folder["checkpoint"],
        };
        for (var i = 0; i < Warm; i++) Cycle(dataset, options);
        var (managed, resident) = Memory();
        for (var i = 0; i < Cycles; i++) Cycle(dataset, options);
        var (managedAfter, residentAfter) = Memory();
        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{Cycles} cycles of training, saving, loading, adapting and predicting: {(managedAfter - managed) / 1024.0:+0;-0;0} kB of managed memory, {(residentAfter - resident) / 1048576.0:+0.0;-0.0;0} MB resident"));
        // a cycle holds some megabytes: one that kept a tenth of it would show
        Assert.InRange(managedAfter - managed, long.MinValue, 1L << 20);
        Assert.InRange(residentAfter - resident, long.MinValue, 48L << 20);
    }

    private void Cycle(CrossModalDataset dataset, TrainingOptions options)
    {
        File.Delete(_folder["checkpoint"]);
        using var trained = TrainedModel.Train(dataset, options, cancellation: TestContext.Current.CancellationToken);
        trained.Save(_folder["model"]);
        using var model = TrainedModel.Load(_folder["model"]);
        var samples = new MemorySamples(model.Target.Shape, [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 6).Select(j => (float)Math.Sin(i * 7 + j)).ToArray())]);
        foreach (var head in new[] { "ridge", "fine-tuning" })
        {
            using var classifier = model.Adapt(SupportSamples.Of(samples, [.. Enumerable.Range(0, 12).Select(i => $"class {i % 3}")]), head, cancellation: TestContext.Current.CancellationToken);
            classifier.Save(_folder["classifier"]);
            using var loaded = FewShotClassifier.Load(_folder["classifier"]);
            Assert.Equal(12, loaded.Predict(samples, cancellation: TestContext.Current.CancellationToken).Count);
        }
    }

    /// <summary>What the heap holds, and what this thread's native memory shows in: the process's resident memory.</summary>
    private static (long Managed, long Resident) Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
