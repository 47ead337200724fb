using Croma.Alignment;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests.Contributing;

/// <summary>The examples of CONTRIBUTING.md do what the page says; that the page quotes them as they are, DocPageTests sees.</summary>
public sealed class WorkedExampleTests : IDisposable
{
    private const int Dimension = 32, Ways = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_method_learns_repeats_itself_and_reads_no_label_of_the_target()
    {
        using var dataset = TinyDataset.Create(_folder.Path);
        using var method = Method(dataset, new Mlp(6, [24], Dimension), new Mlp(6, [24], Dimension));
        using var again = Method(dataset, new Mlp(6, [24], Dimension), new Mlp(6, [24], Dimension));
        var outcome = TinyMethod.Train(method, dataset);
        Assert.True(outcome.Curve[^1].AlignmentLoss < outcome.Curve[1].AlignmentLoss);
        Assert.Null(outcome.Curve[^1].ClassificationLoss);
        Assert.Equal(TinyMethod.Bytes(outcome.Best), TinyMethod.Bytes(TinyMethod.Train(again, dataset).Best));
        Assert.True(method.TargetSamples > 0 && method.TargetLabels == 0);
        Assert.InRange(Accuracy(outcome, dataset), 40, 100);
    }

    [Fact]
    public void The_encoder_takes_the_place_of_another()
    {
        using var dataset = TinyDataset.Create(_folder.Path);
        using var method = Method(dataset, new WideAndDeep(6, 24, Dimension), new WideAndDeep(6, 16, Dimension));
        Assert.InRange(Accuracy(TinyMethod.Train(method, dataset), dataset), 40, 100);
    }

    [Fact]
    public void The_recipe_makes_a_sound_data_set_that_can_be_learned()
    {
        ColourRecipe.Make(_folder["colours"], seed: 1);
        ColourRecipe.Make(_folder["again"], seed: 1);
        Assert.Empty(DatasetCheck.Run(_folder["colours"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["colours"]);
        using (var again = CrossModalDataset.Open(_folder["again"])) Assert.Equal(dataset.Sha256, again.Sha256);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value }, cancellation: TestContext.Current.CancellationToken);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 4, Ways, maxShots: 5, queries: 10, seed: 1);
        Assert.InRange(model.Evaluate(dataset, plan, shots: 5, cancellation: TestContext.Current.CancellationToken).Accuracy, 60, 100);
    }

    private static AlignmentOnly Method(CrossModalDataset dataset, Encoder source, Encoder target)
    {
        var configuration = TinyConfiguration.Value;
        var network = new Network(source, target, new Classifier(Dimension, Ways), AlignmentLoss.Create("nce", new AlignmentLossOptions { Dimension = Dimension }));
        return new AlignmentOnly(new MetaParameters(network, 5), configuration.Training, PairedTrainingData.Of(dataset), configuration.Input, new Duet(1), 5);
    }

    private static double Accuracy(TrainingOutcome outcome, CrossModalDataset dataset)
    {
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 4, Ways, 5, 6, 3);
        return FewShotEvaluation.Run(outcome.Best, TinyConfiguration.Value.Adaptation, dataset.Target, TinyConfiguration.Value.Input, plan, 5, 1, 1, TestContext.Current.CancellationToken).Accuracy;
    }
}
