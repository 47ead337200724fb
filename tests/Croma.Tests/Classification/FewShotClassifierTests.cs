using Croma.Checkpoints;
using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Heads;
using Croma.Method;

namespace Croma.Tests.Classification;

/// <summary>From a trained model and a few labelled samples to a classifier in a file.</summary>
public sealed class FewShotClassifierTests : IDisposable
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;

    public FewShotClassifierTests()
    {
        _dataset = TinyDataset.Create(_folder["data"]);
        using var duet = new Duet(threads: 1);
        using var method = TinyMethod.Create("croma", _dataset);
        using var meta = method.Meta;
        ModelFolder.Save(_folder["model"], meta, ModelInfo.Of(method, TinyConfiguration.Value, _dataset, 5, new TrainingOutcome(meta, 1, 50, [])));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Theory, InlineData("ridge"), InlineData("fine-tuning")]
    public void A_classifier_that_was_saved_answers_with_the_same_bits_on_any_number_of_threads(string head)
    {
        using var made = Adapt(4, head);
        made.Save(_folder["classifier"]);
        _dataset.Dispose();
        using var loaded = FewShotClassifier.Load(_folder["classifier"]);
        var samples = Samples(150);
        var expected = made.Predict(samples, cancellation: Token).Select(Text).ToList();
        Assert.Equal(expected, loaded.Predict(samples, cancellation: Token).Select(Text));
        Assert.Equal(expected, loaded.Predict(samples, threads: 3, Token).Select(Text));
        Assert.Equal(made.Estimate, loaded.Estimate);
        Assert.Equal(made.Classes, loaded.Classes);
        Assert.Equal((head, head == "fine-tuning"), (loaded.Head, loaded.IsFineTuned));
        var sixteen = new List<string>[16];
        Parallel.For(0, 16, i => sixteen[i] = [.. loaded.Predict(samples, cancellation: Token).Select(Text)]);
        Assert.All(sixteen, one => Assert.Equal(expected, one));
    }

    [Theory, InlineData("auto"), InlineData("gaussian"), InlineData("fine-tuning")]
    public void The_same_classifier_is_the_same_bytes_on_any_number_of_threads(string head)
    {
        Adapt(3, head).Save(_folder["one"]);
        Adapt(3, head, threads: 3).Save(_folder["two"]);
        Assert.Equal(File.ReadAllBytes(_folder["one"]), File.ReadAllBytes(_folder["two"]));
    }

    [Fact]
    public void Probabilities_add_up_and_the_class_is_the_likeliest()
    {
        using var classifier = Adapt(3);
        Assert.All(classifier.Predict(Samples(20), cancellation: Token), p =>
        {
            Assert.Equal(1, p.Probabilities.Sum(), 1e-9);
            Assert.Equal(p.Probabilities.Max(), p.Probability);
            Assert.InRange(p.Familiarity!.Value, 0, 1);
        });
    }

    [Theory, InlineData("ridge"), InlineData("fine-tuning")]
    public void Probabilities_have_the_temperature_that_cross_validation_found(string head)
    {
        using var classifier = Adapt(4, head);
        Assert.NotEqual(1, classifier.Temperature, 0.01);
        var samples = Samples(5);
        foreach (var (x, prediction) in classifier.Embed(samples, 1, Token).Zip(classifier.Predict(samples, cancellation: Token)))
        {
            var expected = new double[3];
            TemperatureScaling.Apply([.. classifier.Parts.Logits(x).Select(v => (float)v)], classifier.Temperature, expected);
            Assert.Equal(expected, prediction.Probabilities);
        }
    }

    [Fact]
    public void One_sample_of_each_gives_a_classifier_that_knows_nothing_of_itself()
    {
        using var classifier = Adapt(1);
        Assert.Null(classifier.Estimate);
        var prediction = Assert.Single(classifier.Predict(Samples(1), cancellation: Token));
        Assert.Null(prediction.Familiarity);
        Assert.False(prediction.IsNoneOfThese(1));
    }

    [Fact]
    public void A_class_with_one_sample_is_never_left_out()
    {
        var samples = Samples(7);
        using var classifier = Adapt(samples, [0, 0, 0, 1, 1, 1, 2]);
        Assert.Equal(6, classifier.Estimate!.Samples);
    }

    [Fact]
    public void The_least_sure_are_asked_for_first_and_copies_of_one_sample_once()
    {
        using var classifier = Adapt(3);
        var pool = Samples(40);
        var (copies, names) = (MemorySamples.Join(pool.Shape, [pool, pool]), Enumerable.Range(0, 80).Select(i => $"{i % 40}{(i < 40 ? "" : "'")}").ToList());
        var next = new NextToLabel(classifier, 5);
        next.Add(names, copies, cancellation: Token);
        var chosen = next.Choose();
        Assert.Equal(5, chosen.Count);
        Assert.Equal(5, chosen.Select(c => c.Name.TrimEnd('\'')).Distinct().Count());
        var leads = classifier.Predict(pool, cancellation: Token).Select(p => p.Probability - p.Probabilities.Order().ElementAt(1));
        Assert.Equal(1 - leads.Min(), chosen[0].Uncertainty, 1e-12);
        Assert.Equal(80, next.Seen);
    }

    [Fact]
    public void A_small_pool_is_asked_for_whole()
    {
        using var classifier = Adapt(2);
        var next = new NextToLabel(classifier, 10);
        next.Add(["a", "b"], Samples(2), cancellation: Token);
        Assert.Equal(["a", "b"], next.Choose().Select(c => c.Name).Order());
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, "class 3")]
    [InlineData(new[] { 0, 1, 1, 0 }, "'c' has no sample")]
    [InlineData(new[] { 0, 1, 2 }, "4 samples and 3 labels")]
    public void A_faulty_support_is_refused(int[] labels, string message) => Assert.Contains(message,
        Assert.Throws<CromaException>(() => Adapt(Samples(4), labels)).Message, StringComparison.Ordinal);

    [Fact]
    public void Samples_of_another_shape_are_refused()
    {
        using var classifier = Adapt(2);
        var other = new MemorySamples(classifier.Shape with { Width = classifier.Shape.Width + 1 }, [new Half[classifier.Shape.Width + 1]]);
        Assert.Contains("the model takes", Assert.Throws<CromaException>(() => classifier.Predict(other, cancellation: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_classifiers_are_refused_with_their_reason()
    {
        Adapt(2).Save(_folder["classifier"]);
        var whole = File.ReadAllBytes(_folder["classifier"]);
        File.WriteAllBytes(_folder["short"], whole[..^9]);
        Assert.Throws<DataFormatException>(() => FewShotClassifier.Load(_folder["short"]));
        Assert.Contains("croma adapt", Assert.Throws<DataFormatException>(() => FewShotClassifier.Load(ModelFolder.WeightsFile(_folder["model"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void Labels_that_mean_nothing_are_estimated_at_chance(int samples)
    {
        // nearly as many numbers as samples: a classifier that had seen a sample would get it right
        var random = new Random(1);
        double[][] rows = [.. Enumerable.Range(0, samples).Select(_ => Enumerable.Range(0, samples * 3 / 4).Select(_ => random.NextDouble() - 0.5).ToArray())];
        var parts = ClassifierParts.Fit(rows, [.. rows.Select((_, i) => i % 2)], ["a", "b"], new RidgeHead(), Token);
        Assert.Equal(samples, parts.Estimate!.Samples);
        Assert.InRange(parts.Estimate.Accuracy, 0.2, 0.65);
    }

    [Fact]
    public void Strangers_are_noticed_and_few_of_the_known_are_turned_away()
    {
        const double Rate = 0.1;
        var (turnedAway, noticed, known, strange) = (0, 0, 0, 0);
        for (var trial = 0; trial < 40; trial++)
        {
            var random = new Random(trial);
            int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
            var parts = ClassifierParts.Fit([.. labels.Select(l => Draw(random, l))], labels, ["a", "b"], new RidgeHead(), Token);
            var test = new NoveltyTest(parts.Strangeness);
            for (var i = 0; i < 25; i++)
            {
                (known, strange) = (known + 1, strange + 1);
                if (IsNovel(Draw(random, i % 2))) turnedAway++;
                if (IsNovel(Draw(random, 5))) noticed++;
            }

            bool IsNovel(double[] row) => test.IsNovel(ClassifierParts.StrangenessOf(Centred.Normalise(row, parts.Centre), parts.Means), Rate);
        }
        Assert.InRange((double)turnedAway / known, 0.04, 0.16);
        Assert.True(noticed > 0.9 * strange, $"{noticed} of {strange}");

        static double[] Draw(Random random, int axis) => [.. Enumerable.Range(0, 8).Select(d => (d == axis ? 3.0 : 0) + random.NextDouble() - 0.5)];
    }

    private FewShotClassifier Adapt(int shots, string head = "ridge", int threads = 1) => Adapt(Samples(3 * shots), [.. Enumerable.Range(0, 3 * shots).Select(i => i % 3)], head, threads);

    private FewShotClassifier Adapt(MemorySamples samples, int[] labels, string head = "ridge", int threads = 1)
    {
        using var model = TrainedModel.Load(_folder["model"]);
        return model.Adapt(new SupportSamples(samples, labels, s_classes), head, threads, cancellation: Token);
    }

    private static string Text(Prediction prediction) => $"{prediction.Class} {string.Join(' ', prediction.Probabilities.Select(p => p.ToString("R")))} {prediction.Familiarity:R}";

    /// <summary>Frames like the tiny data set's.</summary>
    private MemorySamples Samples(int count)
    {
        var (shape, random) = (ModelFolder.ReadInfo(_folder["model"]).Target!, new Random(count));
        return new MemorySamples(shape, [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, (shape.Kind == ModalityKind.Features ? 1 : 3 + i % 4) * shape.Width).Select(_ => (Half)(random.NextDouble() - 0.5)).ToArray())]);
    }
}
