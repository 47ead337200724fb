using Croma.Compute;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Several trainings whose answers are averaged.</summary>
public sealed class EnsembleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;
    private readonly EpisodePlan _plan;

    public EnsembleTests()
    {
        _dataset = TinyDataset.Create(_folder["data"], noise: 2);
        _plan = EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 20, 5, 2, 4, 1);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_mean_of_the_members_probabilities_decides()
    {
        using var one = TinyMethod.Create("croma", _dataset, seed: 1);
        using var two = TinyMethod.Create("croma", _dataset, seed: 2);
        var result = Run([new(one.Meta, 1), new(two.Meta, 2)], 1);
        var at = 0;
        foreach (var (task, episode) in _plan.Episodes.Index())
        {
            int[] queries = [.. episode.Query.SelectMany(q => q)];
            var (a, b) = (Probabilities(one.Meta, 1, task), Probabilities(two.Meta, 2, task));
            for (var i = 0; i < queries.Length; i++, at++)
            {
                var best = Enumerable.Range(0, 5).MaxBy(way => a[i * 5 + way] + b[i * 5 + way]);
                Assert.Equal((queries[i], episode.Concepts[best]), (result.Predictions[at].Sample, result.Predictions[at].Prediction));
            }
        }
        Assert.Equal(at, result.Predictions.Count);
    }

    [Fact]
    public void One_member_is_the_model_itself_and_twins_change_nothing()
    {
        using var method = TinyMethod.Create("croma", _dataset, seed: 3);
        var alone = FewShotEvaluation.Run(method.Meta, TinyConfiguration.Value.Adaptation, _dataset.Target, TinyConfiguration.Value.Input, _plan, 2, 7, 1, cancellation: Token);
        Assert.Equal(alone.Predictions, Run([new(method.Meta, 7)], 1).Predictions);
        Assert.Equal(alone.Predictions, Run([new(method.Meta, 7), new(method.Meta, 7)], 2).Predictions);
    }

    [Fact]
    public void Trainings_are_of_other_seeds_and_none_is_in_two_repeats()
    {
        Compare(1, repeats: 6, threads: 2, "one");
        var three = Compare(3, repeats: 2, threads: 1, "one");
        Assert.Equal(["croma + ensemble-of-3", "croma + ensemble-of-3"], three.Select(r => r.Method));
        Assert.Equal([1UL, 4UL], three.Select(r => r.Seed));
        // what the single trainings left is all it needs
        Assert.Equal(6, Directory.GetDirectories(_folder["one"], "*.model").Length);
        Assert.Equal(three.Sum(r => r.Results.Count), three.SelectMany(r => r.Results).Count(r => r.Predictions.Count == 4 * 5 * 4));
        // nor does it depend on threads, or on who trained first
        var again = Compare(3, repeats: 2, threads: 2, "two");
        Assert.Equal(three.SelectMany(r => r.Results).SelectMany(r => r.Predictions), again.SelectMany(r => r.Results).SelectMany(r => r.Predictions));
    }

    private double[] Probabilities(MetaParameters meta, ulong seed, int task)
    {
        var episode = _plan.Episodes[task];
        int[] support = [.. episode.Support.SelectMany(s => s[..2])], labels = [.. support.Select((_, i) => i / 2)], queries = [.. episode.Query.SelectMany(q => q)];
        using var adaptation = new Adaptation(meta.Network, TinyConfiguration.Value.Adaptation, new SampleReader(_dataset.Target.Contents, TinyConfiguration.Value.Input));
        adaptation.Adapt(meta, support, labels, new CounterRandom(seed, CounterRandom.Stream("adaptation", task, 2)));
        var probabilities = new double[queries.Length * 5];
        adaptation.AddProbabilities(queries, probabilities);
        Assert.All(probabilities.Chunk(5), row => Assert.Equal(1, row.Sum(), 1e-12));
        return probabilities;
    }

    private EvaluationResult Run(EnsembleMember[] members, int threads) =>
        FewShotEvaluation.Run(members, TinyConfiguration.Value.Adaptation, _dataset.Target, TinyConfiguration.Value.Input, _plan, 2, threads, cancellation: Token);

    private IReadOnlyList<RunRecord> Compare(int members, int repeats, int threads, string folder) =>
        new Comparison(_dataset, _ => TinyConfiguration.Value, new ComparisonOptions { Methods = ["croma"], Shots = [1, 2], Repeats = repeats, Members = members, Tasks = 4, Queries = 4, Threads = threads }, _folder[folder])
            .Run(cancellation: Token);
}
