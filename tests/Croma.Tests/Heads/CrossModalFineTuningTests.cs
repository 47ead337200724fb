using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests.Heads;

/// <summary>Fine-tuning in which phi also learns from source samples of the task's classes.</summary>
public sealed class CrossModalFineTuningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;

    public CrossModalFineTuningTests() => _dataset = TinyDataset.Create(_folder["data"], noise: 1);

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Source_samples_help_at_one_shot_where_modalities_are_aligned()
    {
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 100 }, Adaptation = TinyConfiguration.Value.Adaptation with { Steps = 40 } };
        using var method = TinyMethod.Create("align-meta-classify", _dataset, configuration: configuration);
        var trained = TinyMethod.Train(method, _dataset, configuration: configuration);
        var plan = EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 20, 5, 1, 4, 1);
        var before = TinyMethod.Bytes(trained.Best);
        var (alone, together) = (Accuracy(null), Accuracy(new SourceSamples(_dataset, plan, 10)));
        Assert.True(together > alone + 2, $"{together} with source samples, {alone} without");
        Assert.Equal(before, TinyMethod.Bytes(trained.Best));

        double Accuracy(SourceSamples? source) =>
            FewShotEvaluation.Run(trained.Best, configuration.Adaptation, _dataset.Target, configuration.Input, plan, 1, 1, 1, source, TestContext.Current.CancellationToken).Accuracy;
    }

    [Fact]
    public void Rows_have_a_name_of_their_own_and_are_the_same_for_any_number_of_threads()
    {
        var plain = Run(0, 1, "one").Single();
        var (one, two) = (Run(6, 1, "one").Single(), Run(6, 2, "two").Single());
        Assert.Equal("croma", plain.Method);
        Assert.Equal("croma + cross-modal-fine-tuning", one.Method);
        Assert.Equal(one.Results.Select(r => r.Accuracy), two.Results.Select(r => r.Accuracy));
        Assert.NotEqual(one.Results.SelectMany(r => r.TaskAccuracies), plain.Results.SelectMany(r => r.TaskAccuracies));
        // both are kept, each under its own name
        Assert.Equal(one.Seconds, Run(6, 1, "one").Single().Seconds);
        Assert.Equal(plain.Seconds, Run(0, 1, "one").Single().Seconds);
    }

    [Fact]
    public void Without_source_samples_it_is_the_paper_s_fine_tuning()
    {
        using var method = TinyMethod.Create("croma", _dataset);
        var reader = new SampleReader(_dataset.Target.Contents, TinyConfiguration.Value.Input);
        using var adaptation = new Adaptation(method.Meta.Network, TinyConfiguration.Value.Adaptation, reader);
        int[] samples = [0, 1, 2, 3], labels = [0, 1, 2, 3];
        var loss = adaptation.Adapt(method.Meta, samples, labels, new(1, 2));
        Assert.Equal(loss, adaptation.Adapt(method.Meta, samples, labels, new SourceShots(reader, [], [], new(1, 3)), new(1, 2)));
    }

    [Fact]
    public void At_most_so_many_of_each_class_are_drawn_and_only_of_the_task_s_concepts()
    {
        var plan = EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 3, 5, 1, 4, 1);
        var (samples, labels) = new SourceSamples(_dataset, plan, 4).Draw(plan.Episodes[0].Concepts, new(1, 1));
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(way => Enumerable.Repeat(way, 4)), labels);
        Assert.Equal(labels.Select(way => plan.Episodes[0].Concepts[way]), samples.Select(_dataset.Source.Concept));
        Assert.All(samples, s => Assert.Equal(Part.Source, _dataset.Source.Part(s)));
    }

    [Fact]
    public void Every_method_and_repeat_is_shown_the_same_samples_of_a_task_and_each_task_is_shown_others()
    {
        var (plan, input) = (EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 3, 5, 1, 4, 1), TinyConfiguration.Value.Input);
        var source = new SourceSamples(_dataset, plan, 4);
        Assert.Equal(Shown(task: 1, seed: 1), Shown(task: 1, seed: 2));
        Assert.NotEqual(Shown(task: 1, seed: 1), Shown(task: 2, seed: 1));

        int[] Shown(int task, ulong seed) => source.Of(plan.Episodes[0], plan.Seed, task, seed, input).Samples;
    }

    [Fact]
    public void What_is_drawn_of_the_target_does_not_depend_on_the_source()
    {
        using var method = TinyMethod.Create("croma", _dataset);
        using var adaptation = new Adaptation(method.Meta.Network, TinyConfiguration.Value.Adaptation, new SampleReader(_dataset.Target.Contents, TinyConfiguration.Value.Input));
        int[] samples = [.. Enumerable.Range(0, 20)], labels = [.. samples.Select(s => s % 5)];
        var (alone, together) = (new Compute.CounterRandom(1, 2), new Compute.CounterRandom(1, 2));
        adaptation.Adapt(method.Meta, samples, labels, alone);
        adaptation.Adapt(method.Meta, samples, labels, new SourceShots(new SampleReader(_dataset.Source.Contents, TinyConfiguration.Value.Input), samples, labels, new(1, 3)), together);
        Assert.Equal(alone.NextUInt64(), together.NextUInt64());
    }

    [Fact]
    public void Where_a_concept_has_no_source_samples_that_is_known_before_and_said()
    {
        using var images = TinyImages.Create(_folder["images"]);
        var (plan, without) = (EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 3, 5, 1, 4, 1), EpisodePlan.Create(images, ConceptSplit.MetaTest, 3, 5, 1, 4, 1));
        Assert.Equal((true, false), (SourceSamples.Exist(_dataset, plan), SourceSamples.Exist(images, without)));
        Assert.Contains("has no source samples", Assert.Throws<CromaException>(() => new SourceSamples(images, without, 4).Draw(without.Episodes[0].Concepts, new(1, 1))).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<RunRecord> Run(int sourceShots, int threads, string folder) =>
        new Comparison(_dataset, _ => TinyConfiguration.Value, new ComparisonOptions { Methods = ["croma"], Shots = [1, 2], Repeats = 1, Tasks = 4, Queries = 4, Threads = threads, SourceShots = sourceShots }, _folder[folder])
            .Run(cancellation: TestContext.Current.CancellationToken);
}
