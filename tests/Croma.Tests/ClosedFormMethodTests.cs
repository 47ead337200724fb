using Croma.Algebra;
using Croma.Baselines;
using Croma.Data;
using Croma.Heads;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Alignment in closed form as a method; what it shares with all methods is in their contract tests.</summary>
public sealed class ClosedFormMethodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Methods.InClosedForm];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Every_candidate_is_looked_at_and_the_best_is_kept(string name)
    {
        using var dataset = TinyDataset.Create(_folder.Path);
        using var method = TinyMethod.Create(name, dataset);
        var outcome = TinyMethod.Train(method, dataset);
        Assert.Equal(Enumerable.Range(0, method.Iterations + 1), outcome.Curve.Select(p => p.Iteration));
        Assert.Equal(outcome.Curve.Max(p => p.ValidationAccuracy), outcome.BestAccuracy);
        Assert.Equal(method.Iterations, Enumerable.Range(1, method.Iterations).Select(method.Candidate).Count(c => c!.StartsWith("rank ", StringComparison.Ordinal)));
        Assert.Equal("the random start", method.Candidate(0));
    }

    [Theory, MemberData(nameof(Names))]
    public void Pairs_of_concepts_that_it_never_saw_lie_together(string name)
    {
        // the same linear relation holds for all concepts
        using var dataset = TinyDataset.Create(_folder.Path, noise: 0.1);
        using var method = TinyMethod.Create(name, dataset);
        method.Iterate(0);
        var meta = method.Meta;
        var pairs = dataset.StrongPairs.Where(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTest).ToList();
        var sources = new Embedder(meta.Network.SourceEncoder, meta.SourceEncoder, TinyConfiguration.Value.Input).Embed(dataset.Source.Contents, [.. pairs.Select(p => p.Source)], 1, TestContext.Current.CancellationToken);
        var targets = new Embedder(meta.Network.TargetEncoder, meta.TargetEncoder, TinyConfiguration.Value.Input).Embed(dataset.Target.Contents, [.. pairs.Select(p => p.Target)], 1, TestContext.Current.CancellationToken);
        var cosines = sources.Zip(targets, (a, b) => Vectors.Dot(a, b) / Math.Sqrt(Vectors.Dot(a, a) * Vectors.Dot(b, b)));
        Assert.InRange(cosines.Average(), 0.8, 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Weak_pairs_do_where_there_are_no_strong_ones(string name)
    {
        using var dataset = TinyImages.Create(_folder.Path);
        using var method = TinyMethod.Create(name, dataset, configuration: TinyImages.Configuration);
        Assert.Equal(new WeaklyPairedTrainingData(dataset).TargetSamples, method.TargetSamples);
        Assert.All(Enumerable.Range(0, method.Iterations), i => Assert.InRange(method.Iterate(i).Alignment, -0.01, 2));
    }

    [Fact]
    public void Features_are_mapped_at_once_and_only_the_last_layer_of_other_encoders_is_solved()
    {
        using var features = TinyDataset.Create(_folder["features"]);
        Assert.Equal(["layer.0.weight", "layer.0.bias"], Networks.Create("align-correlation", TinyConfiguration.Value, features).TargetEncoder.Layout.Blocks.Select(b => b.Name));
        using var sequences = TinyDataset.Create(_folder["sequences"], sequences: true);
        using var method = TinyMethod.Create("align-procrustes", sequences);
        var before = method.Meta.Clone();
        using var owned = before;
        method.Iterate(0);
        foreach (var (was, now) in new[] { (before.SourceEncoder, method.Meta.SourceEncoder), (before.TargetEncoder, method.Meta.TargetEncoder) })
        {
            string[] moved = [.. was.Layout.Blocks.Where(b => !was.Read(b).SequenceEqual(now.Read(b))).Select(b => b.Name)];
            Assert.Equal(["projection.weight", "projection.bias"], moved);
        }
        Assert.Equal(before.Classifier.Raw.ToArray(), method.Meta.Classifier.Raw.ToArray());
    }
}
