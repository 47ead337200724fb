using Croma.Baselines;
using Croma.Compute;
using Croma.Data;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Noisy target labels (section 5.4).</summary>
public sealed class LabelNoiseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(0.2), InlineData(0.8)]
    public void Labels_are_wrong_at_the_rate_and_every_other_class_as_often(double rate)
    {
        var (random, counts) = (new CounterRandom(1, 1), new int[5]);
        for (var i = 0; i < 20000; i++) counts[SymmetricNoise.Apply(2, 5, rate, random)]++;
        for (var c = 0; c < 5; c++) Assert.InRange(counts[c] / 20000.0, (c == 2 ? 1 - rate : rate / 4) - 0.015, (c == 2 ? 1 - rate : rate / 4) + 0.015);
    }

    [Fact]
    public void A_noisy_plan_has_the_same_samples_and_what_was_wrong_stays_wrong_at_a_higher_rate()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 30, 5, 5, 4, 7);
        Assert.Equal(plan.Sha256, plan.WithLabelNoise(0).Sha256);
        var (some, more) = (plan.WithLabelNoise(0.3), plan.WithLabelNoise(0.6));
        Assert.Equal(3, new[] { plan.Sha256, some.Sha256, more.Sha256 }.Distinct().Count());
        var wrong = 0;
        foreach (var ((clean, a), b) in plan.Episodes.Zip(some.Episodes).Zip(more.Episodes))
        {
            Assert.Equal((clean.Concepts, clean.Support, clean.Query), (a.Concepts, a.Support, a.Query));
            for (var way = 0; way < 5; way++)
                for (var shot = 0; shot < 5; shot++)
                {
                    if (a.SupportLabels![way][shot] != way) Assert.Equal(a.SupportLabels[way][shot], b.SupportLabels![way][shot]);
                    if (a.SupportLabels[way][shot] != way) wrong++;
                }
        }
        Assert.InRange(wrong / 750.0, 0.22, 0.38);
        Assert.Throws<CromaException>(() => plan.WithLabelNoise(1.5));
    }

    [Fact]
    public void Noise_moves_target_samples_of_meta_train_to_other_concepts_and_loses_none()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var (clean, noisy) = (new TargetLabelledTrainingData(dataset), new TargetLabelledTrainingData(dataset, 0.5, seed: 3));
        Assert.Equal(All(clean).Order(), All(noisy).Order());
        var kept = clean.TargetLabelledSamples.Samples.Zip(noisy.TargetLabelledSamples.Samples, (a, b) => a.Intersect(b).Count()).Sum();
        Assert.InRange(kept / (double)clean.TargetLabels, 0.35, 0.65);
        Assert.Equal(clean.SourceSamples.Samples, noisy.SourceSamples.Samples);

        static IEnumerable<int> All(TargetLabelledTrainingData data) => data.TargetLabelledSamples.Samples.SelectMany(s => s);
    }

    [Fact]
    public void Wrong_support_labels_cost_accuracy_and_leave_the_queries_alone()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var (clean, noisy) = (Run(0), Run(0.8));
        Assert.Equal(clean.Results[0].Truths, noisy.Results[0].Truths);
        Assert.True(clean.Results[0].Accuracy > noisy.Results[0].Accuracy + 15, $"{clean.Results[0].Accuracy} and {noisy.Results[0].Accuracy}");

        RunRecord Run(double rate) => Assert.Single(new Comparison(dataset, _ => TinyConfiguration.Value,
            new ComparisonOptions { Methods = ["croma"], Shots = [5], Repeats = 1, Queries = 5, LabelNoise = rate }, _folder["runs"]).Run(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Only_a_method_that_reads_target_labels_is_trained_anew_for_noise()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        foreach (var rate in new[] { 0, 0.4 })
            new Comparison(dataset, _ => TinyConfiguration.Value, new ComparisonOptions { Methods = ["croma", "oracle"], Shots = [1], Repeats = 1, Queries = 5, LabelNoise = rate }, _folder["runs"])
                .Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Single(Directory.GetDirectories(_folder["runs"], "croma-*.model"));
        Assert.Equal(2, Directory.GetDirectories(_folder["runs"], "oracle-*.model").Length);
        Assert.Equal(2, Directory.GetFiles(_folder["runs"], "croma-*.json").Length);
    }

    [Fact]
    public void Who_reads_target_labels_or_clusters_is_said_rightly()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        using var plain = TinyDataset.Create(_folder["plain"], clusters: false);
        using var duet = new Duet(1);
        foreach (var name in Methods.Names)
        {
            using var method = Methods.Create(name, TinyConfiguration.Value, dataset, 1, duet);
            using var meta = method.Meta;
            Assert.Equal(method.TargetLabels > 0, Methods.ReadsTargetLabels(name));
            if (Methods.ReadsClusters(name)) Assert.Throws<CromaException>(() => Methods.Create(name, TinyConfiguration.Value, plain, 1, duet));
            else using (var other = Methods.Create(name, TinyConfiguration.Value, plain, 1, duet)) other.Meta.Dispose();
        }
    }
}
