using System.Collections.Concurrent;
using Croma.Classification;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;
using Croma.Tasks;
using Microsoft.Extensions.Logging;

namespace Croma.Tests;

/// <summary>Train, save, load, adapt, predict in a few lines, and from many threads.</summary>
public sealed class TrainedModelTests : IDisposable
{
    private const int Threads = 16;

    private static readonly TrainingOptions s_options = new() { Configuration = TinyConfiguration.Value, Seed = 5 };

    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;
    private readonly TrainedModel _model;

    public TrainedModelTests()
    {
        _dataset = TinyDataset.Create(_folder["data"], sequences: true);
        _model = TrainedModel.Train(_dataset, s_options, cancellation: Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _model.Dispose();
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Training_is_that_of_a_run_of_the_method()
    {
        using var method = TinyMethod.Create("croma", _dataset);
        var outcome = TinyMethod.Train(method, _dataset);
        Assert.Equal(TinyMethod.Bytes(outcome.Best), TinyMethod.Bytes(_model.Best));
        Assert.Equal(outcome.Curve, _model.Training!.Curve);
        Assert.Equal((outcome.BestIteration, 5ul, "croma"), (_model.Info.Iteration, _model.Info.Seed, _model.Info.Method));
    }

    [Fact]
    public void A_model_that_was_saved_is_the_same()
    {
        _model.Save(_folder["model"]);
        using var loaded = TrainedModel.Load(_folder["model"]);
        Assert.Equal(TinyMethod.Bytes(_model.Best), TinyMethod.Bytes(loaded.Best));
        Assert.Null(loaded.Training);
        var plan = EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 2, 5, 2, 4, 1);
        Assert.Equal(_model.Evaluate(_dataset, plan, 2, cancellation: Token).Predictions, loaded.Evaluate(_dataset, plan, 2, threads: 2, cancellation: Token).Predictions);
    }

    [Fact]
    public void Without_options_the_method_is_croma_with_the_profile_paper()
    {
        Assert.Equal(("croma", 1ul, 1), (new TrainingOptions().Method, new TrainingOptions().Seed, new TrainingOptions().Threads));
        TinyDataset.Write(_folder["larger"], samplesPerPart: 16);
        using var dataset = CrossModalDataset.Open(_folder["larger"]);
        using var stop = new CancellationTokenSource();
        var told = new TrainingProgress();
        // the paper's iterations, not the tiny ones
        Assert.Throws<OperationCanceledException>(() => TrainedModel.Train(dataset, null, new Told<TrainingProgress>(p =>
        {
            told = p;
            stop.Cancel();
        }), stop.Token));
        Assert.Equal(Configuration.Profiles.Get("paper").Training.Iterations, told.Iterations);
    }

    [Fact]
    public void A_training_that_was_stopped_goes_on_from_its_checkpoint_and_tells_the_logger()
    {
        using var stop = new CancellationTokenSource();
        var log = new Log();
        var options = s_options with { CheckpointFile = _folder["checkpoint"], Logger = log };
        Assert.Throws<OperationCanceledException>(() => TrainedModel.Train(_dataset, options, new Told<TrainingProgress>(p =>
        {
            if (p.Iteration == 12) stop.Cancel();
        }), stop.Token));
        Assert.Equal("Stopped at iteration 12", log.Lines[^1]);
        using var resumed = TrainedModel.Train(_dataset, options, cancellation: Token);
        Assert.Equal(TinyMethod.Bytes(_model.Best), TinyMethod.Bytes(resumed.Best));
        Assert.Contains(log.Lines, line => line.EndsWith("at iteration 12", StringComparison.Ordinal) && line.StartsWith("Going on", StringComparison.Ordinal));
        Assert.Equal("Training croma on tiny, seed 5: 20 iterations", log.Lines[0]);
        Assert.Equal($"Trained: best at iteration {resumed.Info.Iteration}, {resumed.Info.ValidationAccuracy:F1} % on meta-validation", log.Lines[^1]);
    }

    [Fact]
    public void Both_sides_lead_into_the_shared_space()
    {
        var texts = _model.Source.Embed(new MemorySamples(_model.Source.Shape, ["abcdef", "uvwxyz"]), cancellation: Token);
        var frames = _model.Target.Embed(Windows(3), cancellation: Token);
        Assert.All(texts.Concat(frames), row => Assert.Equal(TinyConfiguration.Value.Encoders.Dimension, row.Length));
        Assert.NotEqual(texts[0], texts[1]);
        Assert.Equal(16, _model.Target.Dimension);
        Assert.Equal(_model.Target.Embed(Windows(150), cancellation: Token), _model.Target.Embed(Windows(150), threads: 3, Token));
    }

    [Fact]
    public void Samples_of_the_other_side_are_refused() =>
        Assert.Contains("the model takes text", Assert.Throws<CromaException>(() => _model.Source.Embed(Windows(1), cancellation: Token)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_classifier_outlives_its_model()
    {
        var model = TrainedModel.Train(_dataset, s_options, cancellation: Token);
        using var classifier = model.Adapt(Support(), cancellation: Token);
        model.Dispose();
        using var other = _model.Adapt(Support(), cancellation: Token);
        Assert.Equal(Bytes(other.Predict(Windows(20), cancellation: Token)), Bytes(classifier.Predict(Windows(20), cancellation: Token)));
    }

    [Fact]
    public void The_head_is_the_one_that_is_asked_for_and_otherwise_cross_validation_s_choice()
    {
        using var byDefault = _model.Adapt(Support(), cancellation: Token);
        using var prototype = _model.Adapt(Support(), "prototype", cancellation: Token);
        Assert.Contains("did you mean 'prototype'", Assert.Throws<CromaException>(() => _model.Adapt(Support(), "prototypes", cancellation: Token)).Message, StringComparison.Ordinal);
        Assert.Equal("prototype", prototype.Head);
        Assert.Empty(prototype.Compared);
        Assert.Equal(byDefault.Compared.MaxBy(c => c.Estimate.Right)!.Head, byDefault.Head);
    }

    [Fact]
    public void Classes_are_named_by_the_labels_in_the_order_of_the_alphabet()
    {
        var support = SupportSamples.Of(Windows(4), ["b", "a", "b", "B"]);
        Assert.Equal(["B", "a", "b"], support.Classes);
        Assert.Equal([2, 1, 2, 0], support.Labels);
    }

    [Fact]
    public async Task A_classifier_goes_through_a_stream_unchanged()
    {
        using var classifier = _model.Adapt(Support(), cancellation: Token);
        classifier.Save(_folder["file"]);
        using var stream = new MemoryStream();
        stream.WriteByte(7);
        await classifier.SaveAsync(stream, Token);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["file"], Token), stream.ToArray()[1..]);
        stream.Position = 1;
        using var loaded = await FewShotClassifier.LoadAsync(stream, "blob", Token);
        Assert.Equal(Bytes(classifier.Predict(Windows(30), cancellation: Token)), Bytes(loaded.Predict(Windows(30), cancellation: Token)));
        stream.Position = 2;
        Assert.StartsWith("blob, byte", (await Assert.ThrowsAsync<DataFormatException>(() => FewShotClassifier.LoadAsync(stream, "blob", Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FewShotClassifier.LoadAsync(stream, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Sixteen_threads_on_one_classifier_get_the_bytes_that_one_gets()
    {
        using var made = _model.Adapt(Support(), cancellation: Token);
        made.Save(_folder["classifier"]);
        using var classifier = FewShotClassifier.Load(_folder["classifier"]);
        var batches = Enumerable.Range(1, 8).Select(i => Windows(9 * i)).ToList();
        var expected = batches.Select(b => Bytes(classifier.Predict(b, cancellation: Token))).ToList();
        Assert.Equal(expected.Count, expected.Select(bytes => Convert.ToHexString(bytes)).Distinct().Count());
        AllAtOnce(thread =>
        {
            // each in an order of its own, so that different batches are worked at at the same time
            for (var i = 0; i < batches.Count; i++)
            {
                var batch = (i + thread) % batches.Count;
                Assert.Equal(expected[batch], Bytes(classifier.Predict(batches[batch], cancellation: Token)));
            }
        });
    }

    [Fact]
    public void Sixteen_threads_may_adapt_and_embed_with_one_model()
    {
        using var expected = _model.Adapt(Support(), cancellation: Token);
        var (bytes, rows) = (Bytes(expected.Predict(Windows(20), cancellation: Token)), _model.Source.Embed(new MemorySamples(_model.Source.Shape, ["abc", "xyz"]), cancellation: Token));
        AllAtOnce(_ =>
        {
            using var classifier = _model.Adapt(Support(), cancellation: Token);
            Assert.Equal(bytes, Bytes(classifier.Predict(Windows(20), cancellation: Token)));
            Assert.Equal(rows, _model.Source.Embed(new MemorySamples(_model.Source.Shape, ["abc", "xyz"]), cancellation: Token));
        });
    }

    [Fact]
    public void Samples_from_arrays_are_checked()
    {
        var shape = _model.Target.Shape;
        Assert.Contains("Sample 1 has 7 numbers", Assert.Throws<CromaException>(() => new MemorySamples(shape, [new float[12], new float[7]])).Message, StringComparison.Ordinal);
        Assert.Contains("beyond 65504", Assert.Throws<CromaException>(() => new MemorySamples(shape, [new float[] { 1, 2, 3, 4, 5, 70000 }])).Message, StringComparison.Ordinal);
        Assert.Contains("not texts", Assert.Throws<CromaException>(() => new MemorySamples(shape, ["a"])).Message, StringComparison.Ordinal);
        Assert.Equal("é"u8.ToArray(), new MemorySamples(_model.Source.Shape, ["é"]).Bytes(0).ToArray());
    }

    /// <summary>Runs it on <see cref="Threads"/> threads that start together.</summary>
    private static void AllAtOnce(Action<int> work)
    {
        using var start = new Barrier(Threads);
        var failures = new ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                start.SignalAndWait(Token);
                work(i);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Empty(failures);
    }

    private SupportSamples Support() => SupportSamples.Of(Windows(12), [.. Enumerable.Range(0, 12).Select(i => $"class {i % 3}")]);

    /// <summary>Sequences of 3 to 6 frames.</summary>
    private MemorySamples Windows(int count)
    {
        var (shape, random) = (_model.Target.Shape, new Random(count));
        return new MemorySamples(shape, [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, (3 + i % 4) * shape.Width).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())]);
    }

    private static byte[] Bytes(IEnumerable<Prediction> predictions) =>
        [.. predictions.SelectMany(p => p.Probabilities.Append(p.Familiarity!.Value).Append(p.Class)).SelectMany(x => BitConverter.GetBytes(x))];

    private sealed class Told<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    private sealed class Log : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
