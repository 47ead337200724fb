using Croma.Algebra;
using Croma.Heads;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Heads;

/// <summary>The contract of all heads, and what each is by definition.</summary>
public sealed class HeadTests
{
    public static TheoryData<string> Names => [.. Head.All.Select(h => h.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Clear_classes_are_told_apart_at_one_shot_and_at_unequal_ones(string name)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            foreach (int[] shots in (int[][])[[1, 1, 1], [5, 5, 5], [1, 4, 2]])
            {
                var task = Task(random, shots, spread: 0.1);
                var scores = Of(name).Scores(task.Task);
                Assert.Equal(task.Truths, scores.Select(s => Array.IndexOf(s, s.Max())));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Renumbering_the_classes_renumbers_the_scores(string name)
    {
        var task = Task(new Random(3), [2, 3, 2], spread: 1).Task;
        int[] number = [2, 0, 1];
        var moved = task with { Support = Renumber(task.Support), Source = Renumber(task.Source!) };
        var (before, after) = (Of(name).Scores(task), Of(name).Scores(moved));
        for (var q = 0; q < before.Length; q++)
            for (var c = 0; c < 3; c++) Assert.Equal(before[q][c], after[q][number[c]], 1e-9);

        LabelledEmbeddings Renumber(LabelledEmbeddings e) => e with { Labels = [.. e.Labels.Select(l => number[l])] };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_a_transductive_head_lets_a_query_hear_of_others(string name)
    {
        var head = Of(name);
        var task = Task(new Random(4), [3, 3, 3], spread: 1).Task;
        var (together, alone) = (head.Scores(task)[0], head.Scores(task with { Queries = [task.Queries[0]] })[0]);
        if (head.IsTransductive) Assert.NotEqual(together, alone);
        else Assert.Equal(together, alone);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_a_head_that_says_so_reads_source_samples(string name)
    {
        var head = Of(name);
        var task = Task(new Random(5), [2, 2, 2], spread: 1).Task;
        if (head.ReadsSource) Assert.Throws<ArgumentException>(() => head.Scores(task with { Source = null }));
        else Assert.Equal(head.Scores(task)[0], head.Scores(task with { Source = null })[0]);
    }

    [Fact]
    public void A_prototype_is_the_nearest_class_mean()
    {
        var task = Task(new Random(6), [4, 4, 4], spread: 2).Task;
        var means = task.Support.Means();
        var scores = new PrototypeHead().Scores(task);
        foreach (var (query, score) in task.Queries.Zip(scores))
        {
            double[] distances = [.. means.Select(m => m.Zip(query, (a, b) => (a - b) * (a - b)).Sum())];
            Assert.Equal(Array.IndexOf(distances, distances.Min()), Array.IndexOf(score, score.Max()));
        }
    }

    [Fact]
    public void Ridge_s_error_of_leaving_one_out_is_that_of_training_without_it()
    {
        var support = Task(new Random(7), [3, 3, 3], spread: 1).Task.Support;
        List<double[]> inputs = [.. support.Rows.Select(r => (double[])[.. r, 1])];
        var bySamples = RidgeHead.SolveBySamples(inputs, Vectors.Gram(inputs), support.Labels, support.Ways, 0.3, inputs.Count, out var error);
        var direct = 0.0;
        for (var left = 0; left < inputs.Count; left++)
        {
            int[] kept = [.. Enumerable.Range(0, inputs.Count).Where(i => i != left)];
            List<double[]> rows = [.. kept.Select(i => inputs[i])];
            var weights = RidgeHead.SolveBySamples(rows, Vectors.Gram(rows), [.. kept.Select(i => support.Labels[i])], support.Ways, 0.3, rows.Count, out _);
            for (var c = 0; c < support.Ways; c++)
                direct += Math.Pow((support.Labels[left] == c ? 1 : 0) - 1.0 / support.Ways - Vectors.Dot(weights[c], inputs[left]), 2);
        }
        var byFeatures = RidgeHead.SolveByFeatures(inputs, Vectors.Scatter(inputs), support.Labels, support.Ways, 0.3, inputs.Count, out var same);
        Assert.Equal(error, same, 1e-9);
        foreach (var (a, b) in bySamples.SelectMany(w => w).Zip(byFeatures.SelectMany(w => w))) Assert.Equal(a, b, 1e-9);
        Assert.Equal(direct, error, 1e-9);
    }

    [Fact]
    public void Gaussian_analysis_learns_which_directions_tell_nothing()
    {
        // the first coordinate tells the class, the second is loud and says nothing
        var random = new Random(8);
        double[] Draw(int label) => [label + 0.1 * random.NextDouble(), 20 * (random.NextDouble() - 0.5), 0.1 * random.NextDouble()];
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)], truths = [.. Enumerable.Range(0, 100).Select(i => i % 2)];
        var task = new HeadTask(new LabelledEmbeddings([.. labels.Select(Draw)], labels, 2), null, [.. truths.Select(Draw)]);
        Assert.True(Right(new GaussianHead()) > 95, $"{Right(new GaussianHead())} of 100");
        Assert.True(Right(new PrototypeHead()) < 80, "the task is too easy to show it");

        int Right(Head head) => head.Scores(task).Zip(truths).Count(p => Array.IndexOf(p.First, p.First.Max()) == p.Second);
    }

    [Fact]
    public void Source_samples_help_where_a_target_sample_misleads()
    {
        // one target shot a class, the first of them where the second class is
        var support = new LabelledEmbeddings([[0.1, 1], [0, 1]], [0, 1], 2);
        var source = new LabelledEmbeddings([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], [0, 0, 1, 1], 2);
        var scores = new CrossModalProbing().Scores(new HeadTask(support, source, [[1, 0]]));
        Assert.True(scores[0][0] > scores[0][1]);
    }

    private static Head Of(string name) => Head.All.Single(h => h.Name == name);

    /// <summary>Three classes about three axes; source samples lie where target samples do.</summary>
    private static (HeadTask Task, int[] Truths) Task(Random random, int[] shots, double spread)
    {
        int[] labels = [.. shots.Index().SelectMany(s => Enumerable.Repeat(s.Index, s.Item))], truths = [.. Enumerable.Range(0, 15).Select(i => i % 3)];
        return (new HeadTask(Labelled(labels), Labelled([0, 1, 2, 0, 1, 2]), [.. truths.Select(Draw)]), truths);

        LabelledEmbeddings Labelled(int[] of) => new([.. of.Select(Draw)], of, 3);
        double[] Draw(int label) => [.. Enumerable.Range(0, 6).Select(d => (d == label ? 1.0 : 0) + spread * (random.NextDouble() - 0.5))];
    }
}
