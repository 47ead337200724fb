using Croma.Checkpoints;
using Croma.Configuration;
using Croma.Data;
using Croma.Method;

namespace Croma.Tests.Reliability;

/// <summary>Numbers that are not finite any more: what is said, and the way back.</summary>
public sealed class DivergenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Diverges after some iterations at these rates.</summary>
    private static TrainingConfiguration WithRates(double rate) => TinyConfiguration.Value with
    {
        Training = TinyConfiguration.Value.Training with { AlignmentLearningRate = rate, ClassifierLearningRate = rate, EncoderLearningRate = rate },
    };

    [Fact]
    public void A_training_that_diverges_names_iteration_number_and_last_good_checkpoint()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = WithRates(1e25), Seed = 5, CheckpointFile = _folder["checkpoint"] };
        var error = Assert.Throws<DivergedException>(() => TrainedModel.Train(dataset, options, cancellation: Token));
        Assert.Matches(@"^The training of 'croma' went wrong at iteration 1: (the (alignment|classification) loss is \S+|the tensor '[^']+' holds a number that is not finite); the last good checkpoint, of iteration 0, is '.*checkpoint'; lower the learning rates\.$", error.Message);
        Assert.Equal((1, true), (error.Iteration, error.MayBeRetried));
        using var method = TinyMethod.Create("croma", dataset, configuration: WithRates(1e25));
        using var best = method.Meta.Clone();
        var run = new TrainingRun(method, WithRates(1e25), dataset, 5, 1);
        Assert.Equal(0, TrainingCheckpoint.Load(_folder["checkpoint"], run.Identity, method, best)!.Iteration);
    }

    [Fact]
    public void A_tensor_that_went_wrong_is_named()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        using var method = TinyMethod.Create("croma", dataset);
        var finiteness = new Finiteness(method, dataset);
        Assert.Null(finiteness.Find(new IterationLosses(1, 1)));
        Assert.Equal("the classification loss is NaN", finiteness.Find(new IterationLosses(1, double.NaN))?.What);
        Assert.Equal("the alignment loss is Infinity", finiteness.Find(new IterationLosses(double.PositiveInfinity, 1))?.What);
        var (name, values) = method.Meta.Parts.ElementAt(1);
        var block = values.Layout.Blocks[1];
        var numbers = values.Read(block);
        numbers[^1] = float.NaN;
        values.Write(block, numbers);
        Assert.Equal(($"the tensor '{name}.{block.Name}' holds a number that is not finite", false), finiteness.Find(new IterationLosses(1, 1)));
    }

    [Fact]
    public void A_loss_that_a_method_does_not_have_is_no_divergence()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        using var method = TinyMethod.Create("oracle", dataset);
        Assert.Null(new Finiteness(method, dataset).Find(new IterationLosses(double.NaN, 1)));
    }

    [Fact]
    public void Data_that_are_to_blame_are_named_and_not_tried_again()
    {
        using var dataset = TinyDataset.Create(_folder["data"], noise: double.NaN);
        var options = new TrainingOptions { Configuration = TinyConfiguration.Value, CheckpointFile = _folder["checkpoint"], Rollbacks = 3 };
        var error = Assert.Throws<DivergedException>(() => TrainedModel.Train(dataset, options, cancellation: Token));
        Assert.Contains("because sample 0 of 'image' has a number that is not finite", error.Message, StringComparison.Ordinal);
        Assert.False(error.MayBeRetried);
    }

    [Fact]
    public void Going_back_halves_the_rates_until_it_goes_well_and_says_how_often()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = WithRates(RateThatDiverges), Seed = 5, CheckpointFile = _folder["checkpoint"] };
        Assert.Throws<DivergedException>(() => TrainedModel.Train(dataset, options, cancellation: Token));
        using var model = TrainedModel.Train(dataset, options with { Rollbacks = 8 }, cancellation: Token);
        Assert.InRange(model.Training!.Halvings, 1, 8);
        Assert.Equal(model.Training.Halvings, TrainingCheckpoint.Halvings(_folder["checkpoint"]));
        Assert.All(TinyMethod.Bytes(model.Best), value => Assert.True(float.IsFinite(value)));
        // stopped and resumed, also by a run that would not go back itself
        using var resumed = TrainedModel.Train(dataset, options, cancellation: Token);
        Assert.Equal((TinyMethod.Bytes(model.Best).Length, model.Training.Halvings), (TinyMethod.Bytes(resumed.Best).Length, resumed.Training!.Halvings));
        Assert.Equal(TinyMethod.Bytes(model.Best), TinyMethod.Bytes(resumed.Best));
    }

    // the oracle moves its encoder by the encoder's rate, CroMA by that of alignment
    [Theory, InlineData("croma"), InlineData("oracle")]
    public void Each_way_back_halves_the_step_and_every_rate_and_no_more_often_than_it_must(string method)
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Method = method, Configuration = WithRates(RateThatDiverges), Seed = 5, CheckpointFile = _folder["checkpoint"], Rollbacks = 8 };
        using var model = TrainedModel.Train(dataset, options, cancellation: Token);
        var (halvings, factor) = (model.Training!.Halvings, Math.ScaleB(1, -model.Training.Halvings));
        var slower = WithRates(RateThatDiverges * factor);
        slower = slower with { Training = slower.Training with { MetaStepSize = slower.Training.MetaStepSize * factor } };
        TrainedModel.Train(dataset, new TrainingOptions { Method = method, Configuration = slower, Seed = 5, CheckpointFile = _folder["slower"] }, cancellation: Token).Dispose();
        // it went wrong before the first look, hence all it learned it learned at the last rates
        Assert.Equal(Arrays(_folder["slower"]), Arrays(_folder["checkpoint"]));
        Assert.Throws<DivergedException>(() => TrainedModel.Train(dataset, options with { CheckpointFile = _folder["too few"], Rollbacks = halvings - 1 }, cancellation: Token));
    }

    [Fact]
    public void A_run_that_was_stopped_after_it_went_back_keeps_the_halved_rates()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = WithRates(RateThatDiverges), Seed = 5, CheckpointFile = _folder["whole"], Rollbacks = 8 };
        TrainedModel.Train(dataset, options, cancellation: Token).Dispose();
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => TrainedModel.Train(dataset, options with { CheckpointFile = _folder["stopped"] }, new StopAt(13, stop), stop.Token));
        // by a run that would not go back itself
        TrainedModel.Train(dataset, options with { CheckpointFile = _folder["stopped"], Rollbacks = 0 }, cancellation: Token).Dispose();
        Assert.Equal(File.ReadAllBytes(_folder["whole"]), File.ReadAllBytes(_folder["stopped"]));
    }

    [Fact]
    public void Going_back_ends_and_needs_a_checkpoint()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = WithRates(1e30), Rollbacks = 2 };
        Assert.Contains("checkpoint", Assert.Throws<CromaException>(() => TrainedModel.Train(dataset, options, cancellation: Token)).Message, StringComparison.Ordinal);
        Assert.Throws<DivergedException>(() => TrainedModel.Train(dataset, options with { CheckpointFile = _folder["checkpoint"] }, cancellation: Token));
    }

    private const double RateThatDiverges = 1e10;

    /// <summary>The parameters of a checkpoint.</summary>
    private static IEnumerable<(string, string)> Arrays(string checkpoint)
    {
        using var file = Croma.Data.Formats.SafetensorsFile.Open(checkpoint);
        foreach (var tensor in file.Tensors) yield return (tensor.Name, string.Join(' ', file.Values<float>(tensor).ToArray()));
    }

    private sealed class StopAt(int iteration, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Iteration == iteration) source.Cancel();
        }
    }
}
