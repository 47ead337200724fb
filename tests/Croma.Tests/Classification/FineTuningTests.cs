using Croma.Checkpoints;
using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests.Classification;

/// <summary>The paper's adaptation as a way to a classifier, and when it is taken.</summary>
public sealed class FineTuningTests : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void It_answers_as_meta_test_does(bool sequences)
    {
        using var dataset = Model(sequences);
        var (meta, info) = ModelFolder.Load(_folder["model"]);
        using var owned = meta;
        foreach (var (task, episode) in EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 3, 5, 3, 6, 3).Episodes.Index())
        {
            int[] support = [.. episode.Support.SelectMany(s => s)], queries = [.. episode.Query.SelectMany(q => q)], labels = [.. support.Select((_, i) => i / 3)];
            var probabilities = new double[queries.Length * 5];
            using var adaptation = new Adaptation(meta.Network, info.Configuration.Adaptation, new SampleReader(dataset.Target.Contents, info.Configuration.Input));
            adaptation.Adapt(meta, support, labels, new CounterRandom(9, (ulong)task));
            adaptation.AddProbabilities(queries, probabilities);
            var truths = probabilities.Chunk(5).Select(p => Array.IndexOf(p, p.Max()));

            var all = Enumerable.Range(0, dataset.Target.Count).Select(i => Array.IndexOf(support, i) is var at and >= 0 ? labels[at] : 0).ToArray();
            var tuned = new FineTuning(meta, info, dataset.Target.Contents, all, 5).Tune(support, new CounterRandom(9, (ulong)task));
            using var encoder = tuned.Encoder;
            var rows = new Croma.Heads.Embedder(meta.Network.TargetEncoder, encoder, info.Configuration.Input).Embed(dataset.Target.Contents, queries, 1, Token);
            Assert.Equal(truths, rows.Select(row => tuned.Scores.Of(FineTuning.Rectify(row))).Select(s => Array.IndexOf(s, s.Max())));
            Assert.NotEqual(meta.TargetEncoder.Raw.ToArray(), encoder.Raw.ToArray());
        }
    }

    [Fact]
    public void With_source_samples_it_answers_as_meta_test_does_with_them()
    {
        using var dataset = Model(sequences: false);
        var (meta, info) = ModelFolder.Load(_folder["model"]);
        using var owned = meta;
        int[] support = [0, 1, 2, 3, 4], labels = [0, 1, 2, 3, 4], sources = [7, 8, 9], sourceLabels = [2, 0, 2];
        var random = new CounterRandom(9, 1);
        var shots = new SourceShots(new SampleReader(dataset.Source.Contents, info.Configuration.Input), sources, sourceLabels, new CounterRandom(random.NextUInt64(), CounterRandom.Stream("source shots")));
        using var adaptation = new Adaptation(meta.Network, info.Configuration.Adaptation, new SampleReader(dataset.Target.Contents, info.Configuration.Input));
        adaptation.Adapt(meta, support, labels, shots, random);

        var contents = new MemorySamples(dataset.Source.Contents.Shape, [.. sources.Select(s => dataset.Source.Contents.Values(s).ToArray())]);
        using var encoder = new FineTuning(meta, info, dataset.Target.Contents, labels, 5, (contents, sourceLabels)).Tune(support, new CounterRandom(9, 1)).Encoder;
        Assert.Equal(adaptation.Encoder.Raw.ToArray(), encoder.Raw.ToArray());
        using var alone = new FineTuning(meta, info, dataset.Target.Contents, labels, 5).Tune(support, new CounterRandom(9, 1)).Encoder;
        Assert.NotEqual(alone.Raw.ToArray(), encoder.Raw.ToArray());
    }

    [Theory, InlineData(2, 3), InlineData(5, 3), InlineData(9, 2)]
    public void Any_number_of_classes_is_learnt(int ways, int shots)
    {
        using var dataset = Model(sequences: false);
        var support = Support(dataset, ways, shots, out var labels);
        using var classifier = Adapted(support, labels, Names(ways), "fine-tuning");
        var right = classifier.Predict(support, cancellation: Token).Zip(labels).Count(p => p.First.Class == p.Second);
        // ten steps are few for nine classes
        Assert.True(right >= Math.Min(0.8, 4.0 / ways) * labels.Length, $"{right} of {labels.Length}");
        Assert.True(classifier.IsFineTuned);
        Assert.Equal(labels.Length, classifier.Estimate!.Samples);
    }

    [Fact]
    public void The_work_is_six_adaptations_and_grows_with_large_supports_within_bounds()
    {
        using var dataset = Model(sequences: false);
        var steps = TinyConfiguration.Value.Adaptation.Steps;
        Assert.Equal(6 * steps, StepsOf(shots: 10));
        Assert.Equal(steps, StepsOf(shots: 1));
        // 30 shots: three times the samples of 10; the folds have 24
        Assert.InRange(StepsOf(shots: 30), 13 * steps, 18 * steps);

        long StepsOf(int shots)
        {
            var support = Support(dataset, 5, shots, out var labels);
            var (meta, info) = ModelFolder.Load(_folder["model"]);
            using var owned = meta;
            var choice = new HeadChoice(meta, info, support, labels, Names(5), 2, null, Token);
            choice.Make(FineTuning.Name).Encoder.Dispose();
            return choice.FineTuning.Steps;
        }
    }

    [Fact]
    public void The_model_stays_as_it_is()
    {
        using var dataset = Model(sequences: true);
        var (meta, info) = ModelFolder.Load(_folder["model"]);
        using var owned = meta;
        var before = TinyMethod.Bytes(meta);
        var support = Support(dataset, 3, 3, out var labels);
        new HeadChoice(meta, info, support, labels, Names(3), 1, null, Token).Make(FineTuning.Name).Encoder.Dispose();
        Assert.Equal(before, TinyMethod.Bytes(meta));
    }

    [Theory, InlineData(false, "ridge"), InlineData(true, "fine-tuning")]
    public void The_better_of_a_cross_validation_is_taken_and_of_equals_what_suits_the_encoder(bool sequences, string first)
    {
        using var dataset = Model(sequences);
        foreach (var (ways, shots) in new[] { (2, 2), (4, 3), (5, 5) })
        {
            var support = Support(dataset, ways, shots, out var labels);
            using var classifier = Adapted(support, labels, Names(ways));
            Assert.Equal(2, classifier.Compared.Count);
            Assert.Equal(first, classifier.Compared[0].Head);
            Assert.All(classifier.Compared, c => Assert.Equal(labels.Length, c.Estimate.Samples));
            var isSecond = classifier.Compared[1].Estimate.Right > classifier.Compared[0].Estimate.Right;
            Assert.Equal(classifier.Compared[isSecond ? 1 : 0].Head, classifier.Head);
            using var named = Adapted(support, labels, Names(ways), classifier.Head);
            Assert.Equal(named.Predict(support, cancellation: Token).Select(p => p.Probability), classifier.Predict(support, cancellation: Token).Select(p => p.Probability));
            Assert.Empty(named.Compared);
        }
        var one = Support(dataset, 3, 1, out var single);
        using var unknown = Adapted(one, single, Names(3));
        Assert.Equal((first, 0), (unknown.Head, unknown.Compared.Count));
        Assert.Null(unknown.Estimate);
    }

    [Fact]
    public void Labels_that_mean_nothing_are_estimated_at_chance()
    {
        using var dataset = Model(sequences: false);
        var random = new CounterRandom(1, 1);
        var shape = dataset.Target.Contents.Shape;
        var noise = new MemorySamples(shape, [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, shape.Width).Select(_ => (Half)random.NextNormal()).ToArray())]);
        using var classifier = Adapted(noise, [.. Enumerable.Range(0, 60).Select(i => i % 2)], Names(2), "fine-tuning");
        Assert.InRange(classifier.Estimate!.Accuracy, 0.25, 0.7);
    }

    [Fact]
    public void What_training_chose_comes_first()
    {
        using var dataset = Model(sequences: true, head: "prototype");
        var support = Support(dataset, 3, 1, out var labels);
        using var classifier = Adapted(support, labels, Names(3));
        Assert.Equal("prototype", classifier.Head);
        Assert.Equal(["prototype", "fine-tuning", "ridge"], HeadChoice.Candidates(classifier.Model));
    }

    [Fact]
    public void Older_programs_can_read_what_they_know_and_refuse_what_they_do_not()
    {
        using var dataset = Model(sequences: false);
        var support = Support(dataset, 2, 2, out var labels);
        foreach (var (head, version) in new[] { ("ridge", 1), ("fine-tuning", 2) })
        {
            using var classifier = Adapted(support, labels, Names(2), head);
            classifier.Save(_folder["k"]);
            Assert.Contains($"\\\"formatVersion\\\":{version}", File.ReadAllText(_folder["k"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tuned_encoder_can_be_given_to_its_model_only()
    {
        using var dataset = Model(sequences: false);
        var support = Support(dataset, 3, 3, out var labels);
        using var classifier = Adapted(support, labels, Names(3), "fine-tuning");
        var (meta, info) = ModelFolder.Load(_folder["model"]);
        using var owned = meta;
        classifier.CopyEncoderTo(meta);
        var rows = new Croma.Heads.Embedder(meta.Network.TargetEncoder, meta.TargetEncoder, info.Configuration.Input).Embed(support, [0, 1, 2], 1, Token);
        Assert.Equal(classifier.Embed(support, 1, Token)[..3], rows);
        using var other = Model(sequences: true);
        var (speech, _) = ModelFolder.Load(_folder["model"]);
        using var alsoOwned = speech;
        Assert.Contains("another model", Assert.Throws<CromaException>(() => classifier.CopyEncoderTo(speech)).Message, StringComparison.Ordinal);
    }

    /// <summary>A model trained on a tiny data set.</summary>
    private CrossModalDataset Model(bool sequences, string? head = null)
    {
        var dataset = TinyDataset.Create(_folder[$"data-{sequences}"], sequences);
        using var method = TinyMethod.Create("croma", dataset);
        using var meta = method.Meta;
        var outcome = TinyMethod.Train(method, dataset);
        ModelFolder.Save(_folder["model"], outcome.Best, ModelInfo.Of(method, TinyConfiguration.Value, dataset, 5, outcome) with { Head = head });
        outcome.Best.Dispose();
        return dataset;
    }

    private FewShotClassifier Adapted(MemorySamples support, int[] labels, string[] classes, string head = "auto")
    {
        using var model = TrainedModel.Load(_folder["model"]);
        return model.Adapt(new SupportSamples(support, labels, classes), head, cancellation: Token);
    }

    /// <summary>Target samples of the first concepts, some of each.</summary>
    private static MemorySamples Support(CrossModalDataset dataset, int ways, int shots, out int[] labels)
    {
        var target = dataset.Target;
        int[][] chosen = [.. Enumerable.Range(0, ways).Select(c => Enumerable.Range(0, target.Count).Where(i => target.Concept(i) == c).Take(shots).ToArray())];
        Assert.All(chosen, c => Assert.Equal(shots, c.Length));
        labels = [.. chosen.SelectMany((c, way) => Enumerable.Repeat(way, c.Length))];
        return new MemorySamples(target.Contents.Shape, [.. chosen.SelectMany(c => c.Select(i => target.Contents.Values(i).ToArray()))]);
    }

    private static string[] Names(int ways) => [.. Enumerable.Range(0, ways).Select(i => $"class {i}")];
}
