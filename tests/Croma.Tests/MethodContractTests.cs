using Croma.Alignment;
using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>What every row of the tables has to keep, CroMA and baselines alike: that it learns, repeats itself, and leaves the meta-parameters alone.</summary>
public sealed class MethodContractTests
{
    public static TheoryData<string> Trained => [.. Methods.OfThePaper.Except(["unimodal-pretraining", "no-align"])];

    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void Training_and_adapting_beat_chance_clearly_on_separable_data(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        using var method = TinyMethod.Create(name, dataset);
        var outcome = TinyMethod.Train(method, dataset);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 4, 5, 5, 6, 3);
        var accuracy = FewShotEvaluation.Run(outcome.Best, TinyConfiguration.Value.Adaptation, dataset.Target, TinyConfiguration.Value.Input, plan, 5, 1, 2, cancellation: TestContext.Current.CancellationToken).Accuracy;
        Assert.InRange(accuracy, 40, 100);
    }

    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void The_same_seed_gives_the_same_bytes_on_one_thread_and_on_two(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        using var one = TinyMethod.Create(name, dataset, threads: 1);
        using var two = TinyMethod.Create(name, dataset, threads: 2);
        using var other = TinyMethod.Create(name, dataset, seed: 6);
        var (a, b, c) = (TinyMethod.Train(one, dataset, threads: 1), TinyMethod.Train(two, dataset, threads: 2), TinyMethod.Train(other, dataset));
        Assert.Equal(TinyMethod.Bytes(a.Best), TinyMethod.Bytes(b.Best));
        Assert.Equal(a.Curve, b.Curve);
        Assert.NotEqual(TinyMethod.Bytes(a.Best), TinyMethod.Bytes(c.Best));
    }

    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void Adaptation_leaves_every_byte_of_the_meta_parameters_alone(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences: true);
        using var method = TinyMethod.Create(name, dataset);
        var before = TinyMethod.Bytes(method.Meta);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 2, 5, 5, 4, 3);
        FewShotEvaluation.Run(method.Meta, TinyConfiguration.Value.Adaptation, dataset.Target, TinyConfiguration.Value.Input, plan, 5, 1, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(before, TinyMethod.Bytes(method.Meta));
    }

    [Theory, MemberData(nameof(Trained))]
    public void The_loss_that_moves_the_encoders_goes_down(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, noise: 0.1);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { InnerSteps = 20, ClassifierLearningRate = 2e-2, EncoderLearningRate = 2e-2 } };
        using var method = TinyMethod.Create(name, dataset, configuration: configuration);
        IterationLosses[] losses = [.. Enumerable.Range(0, 60).Select(method.Iterate)];
        // a domain loss is a game in which one side's gain is the other's loss; where alignment moves the encoders, phi's tasks change under it
        var byAlignment = !double.IsNaN(losses[0].Alignment) && method.Meta.Network.AlignmentLoss is not DomainLoss;
        double[] falling = [.. losses.Select(l => byAlignment ? l.Alignment : l.Classification)];
        Assert.InRange(falling[^10..].Average(), double.NegativeInfinity, 0.98 * falling[..3].Average());
    }

    [Fact]
    public void An_unknown_method_is_named_with_the_closest_one()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        Assert.Contains("'oracle'", Assert.Throws<CromaException>(() => TinyMethod.Create("orcale", dataset)).Message, StringComparison.Ordinal);
    }
}
