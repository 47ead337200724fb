using System.Text.Json.Nodes;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Few-shot cross-modal retrieval (Table 4).</summary>
public sealed class RetrievalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_score_counts_ranks_with_ties_against_the_target()
    {
        // ranks 1, 2 (behind one), 3 (all the same)
        var score = RetrievalScore.Of([[0.9, 0.1, 0.1], [0.8, 0.5, 0.1], [0.3, 0.3, 0.3]]);
        Assert.Equal((100 / 3.0, 100.0, 2.0), (score.Recall1, score.Recall5, score.MedianRank));
        Assert.Equal(1 - (0.9 + 0.5 + 0.3) / 3, score.CosineLoss, 12);
    }

    [Fact]
    public void Queries_are_of_meta_test_and_never_aligned_on()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var plan = RetrievalPlan.Create(dataset, 4, 1);
        Assert.All(plan.Queries, q => Assert.Equal(Croma.Data.ConceptSplit.MetaTest, dataset.Concepts[dataset.Target.Concept(q.Target)].Split));
        Assert.Equal((5, 5 * 8), (plan.Support.Length, plan.Queries.Length));
        Assert.Empty(plan.Support.SelectMany(s => s).Intersect(plan.Queries));
        Assert.Contains("has 12: ask for fewer shots", Assert.Throws<CromaException>(() => RetrievalPlan.Create(dataset, 12, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Alignment_finds_more_than_none_and_runs_are_kept()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var records = Run();
        Assert.Equal(["croma", "croma", "croma", "croma", "no-align", "no-align", "no-align", "no-align"], records.Select(r => r.Method));
        Assert.Equal([2, 2, 6, 6], records.Take(4).Select(r => r.Shots));
        Assert.True(Mean("croma", s => s.Recall10) > Mean("no-align", s => s.Recall10) + 10, $"{Mean("croma", s => s.Recall10)} and {Mean("no-align", s => s.Recall10)}");
        Assert.True(Mean("croma", s => s.CosineLoss) < Mean("no-align", s => s.CosineLoss) - 0.2);
        // no steps: K makes no difference
        Assert.Equal(records[4].Score, records[6].Score);
        foreach (var model in Directory.GetDirectories(_folder["runs"], "*.model")) Directory.Delete(model, recursive: true);
        Assert.Equivalent(records, Run(threads: 2), strict: true);

        double Mean(string method, Func<RetrievalScore, double> of) => records.Where(r => r.Method == method).Average(r => of(r.Score));

        IReadOnlyList<RetrievalRecord> Run(int threads = 1) =>
            new RetrievalComparison(dataset, _ => TinyConfiguration.Value, ["croma", "no-align"], [2, 6], 2, 1, _folder["runs"]).Run(threads, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_a_query_found_is_its_nearest_and_the_place_of_its_own()
    {
        Assert.Equivalent(new Retrieved(2, [2, 0, 1]), Retrieved.Of([0.5, 0.1, 0.9], 0), strict: true);
        Assert.Equal([6, 5, 4, 3, 2], Retrieved.Of([0, 1, 2, 3, 4, 5, 6], 0).Nearest);
        // ties count against the target
        Assert.Equal(3, Retrieved.Of([0.3, 0.3, 0.3], 0).Rank);
    }

    [Fact]
    public void Records_of_an_earlier_version_that_do_not_say_what_was_found_are_completed_without_training()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var before = Run();
        Assert.All(before, r => Assert.Equal(r.Score.MedianRank, Median(r.Found!.Select(f => f.Rank))));
        foreach (var file in Directory.GetFiles(_folder["runs"], "retrieval-*.json"))
        {
            var record = JsonNode.Parse(File.ReadAllText(file))!;
            record.AsObject().Remove("found");
            File.WriteAllText(file, record.ToJsonString());
        }
        var models = Directory.GetFiles(_folder["runs"], "training.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var after = Run();
        Assert.Equivalent(before.Where(r => r.Repeat == 0), after.Where(r => r.Repeat == 0), strict: true);
        Assert.All(after.Where(r => r.Repeat > 0), r => Assert.Null(r.Found));
        Assert.All(models, m => Assert.Equal(m.Value, File.GetLastWriteTimeUtc(m.Key)));

        static double Median(IEnumerable<int> values) => values.Order().ToArray() is var v ? (v[(v.Length - 1) / 2] + v[v.Length / 2]) / 2.0 : 0;

        IReadOnlyList<RetrievalRecord> Run() =>
            new RetrievalComparison(dataset, _ => TinyConfiguration.Value, ["no-align"], [2], 2, 1, _folder["runs"]).Run(1, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_meta_parameters_stay_as_they_are()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        using var model = new TrainedModels(dataset, _folder["runs"]).Get("croma", TinyConfiguration.Value, 1, cancellation: TestContext.Current.CancellationToken);
        using var before = model.Best.Clone();
        Retrieval.Run(model.Best, TinyConfiguration.Value, dataset, RetrievalPlan.Create(dataset, 5, 1), 5, 1, TestContext.Current.CancellationToken);
        foreach (var (a, b) in before.Parts.Zip(model.Best.Parts)) Assert.True(a.Values.Raw.SequenceEqual(b.Values.Raw));
    }
}
