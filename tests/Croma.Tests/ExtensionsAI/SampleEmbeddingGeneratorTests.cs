using Croma.Data;
using Croma.Extensions.AI;
using Microsoft.Extensions.AI;

namespace Croma.Tests.ExtensionsAI;

/// <summary>Trained encoders as embedding generators.</summary>
public sealed class SampleEmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;
    private readonly TrainedModel _model;

    public SampleEmbeddingGeneratorTests()
    {
        _dataset = TinyDataset.Create(_folder["data"], sequences: true);
        _model = TrainedModel.Train(_dataset, new TrainingOptions { Configuration = TinyConfiguration.Value, Seed = 5 }, cancellation: Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _model.Dispose();
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Texts_find_the_windows_that_go_with_them()
    {
        var longer = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 300 } };
        using var model = TrainedModel.Train(_dataset, new TrainingOptions { Configuration = longer }, cancellation: Token);
        using IEmbeddingGenerator<string, Embedding<float>> texts = model.Source.AsTextGenerator();
        using IEmbeddingGenerator<float[], Embedding<float>> windows = model.Target.AsVectorGenerator();
        // pairs that trained: what matters here is that both generators lead into one space
        var pairs = _dataset.StrongPairs.Where(p => _dataset.Concepts[_dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain).DistinctBy(p => _dataset.Source.Concept(p.Source)).ToList();
        var asked = await texts.GenerateAsync(pairs.Select(p => System.Text.Encoding.UTF8.GetString(_dataset.Source.Contents.Bytes(p.Source))), cancellationToken: Token);
        var found = await windows.GenerateAsync(pairs.Select(p => Array.ConvertAll(_dataset.Target.Contents.Values(p.Target).ToArray(), x => (float)x)), cancellationToken: Token);
        double own = 0, other = 0;
        for (var i = 0; i < pairs.Count; i++)
            for (var j = 0; j < pairs.Count; j++)
                if (i == j) own += Cosine(asked[i], found[j]) / pairs.Count;
                else other += Cosine(asked[i], found[j]) / (pairs.Count * (pairs.Count - 1));
        Assert.True(own > other + 0.1, $"{own} {other}");
    }

    [Fact]
    public async Task Embeddings_are_the_encoder_s_in_the_order_of_the_inputs_whatever_the_threads()
    {
        string[] inputs = [.. Enumerable.Range(0, 700).Select(i => $"text {i}")];
        using var one = _model.Source.AsTextGenerator();
        using var three = _model.Source.AsTextGenerator(threads: 3);
        var expected = _model.Source.Embed(new MemorySamples(_model.Source.Shape, inputs), cancellation: Token);
        foreach (var generator in new[] { one, three })
        {
            var embeddings = await generator.GenerateAsync(inputs, cancellationToken: Token);
            Assert.Equal(expected, embeddings.Select(e => e.Vector.ToArray()));
            Assert.All(embeddings, e => Assert.Equal(("croma-text", 16), (e.ModelId, e.Dimensions)));
        }
    }

    [Fact]
    public async Task Many_callers_share_a_generator()
    {
        using var generator = _model.Source.AsTextGenerator();
        var expected = (await generator.GenerateAsync(["one", "another"], cancellationToken: Token)).Select(e => e.Vector.ToArray()).ToList();
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => generator.GenerateAsync(["one", "another"], cancellationToken: Token)));
        Assert.All(all, embeddings => Assert.Equal(expected, embeddings.Select(e => e.Vector.ToArray())));
    }

    [Fact]
    public void Metadata_and_services_say_what_it_is()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = _model.Source.AsTextGenerator("my-words");
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("croma", "my-words", 16), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(_model.Source, generator.GetService<SampleEncoder>());
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Null(generator.GetService<SampleEncoder>("key"));
        Assert.Null(generator.GetService<TrainedModel>());
    }

    [Fact]
    public async Task Options_that_ask_for_another_model_are_refused()
    {
        using var generator = _model.Source.AsTextGenerator();
        Assert.Single(await generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 16, ModelId = "croma-text" }, Token));
        Assert.Contains("8 numbers", (await Assert.ThrowsAsync<CromaException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 8 }, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("'big'", (await Assert.ThrowsAsync<CromaException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "big" }, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_between_batches()
    {
        using var stop = new CancellationTokenSource();
        using var generator = _model.Source.AsTextGenerator();
        var read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Endless(), cancellationToken: stop.Token));
        Assert.InRange(read, 300, 600);

        IEnumerable<string> Endless()
        {
            while (true)
            {
                if (++read == 300) stop.Cancel();
                yield return "text";
            }
        }
    }

    [Fact]
    public async Task Nothing_in_is_nothing_out_and_a_faulty_input_is_named()
    {
        using var generator = _model.Target.AsVectorGenerator();
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Token));
        Assert.Contains("Sample 1 has 7 numbers", (await Assert.ThrowsAsync<CromaException>(() => generator.GenerateAsync([new float[6], new float[7]], cancellationToken: Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disposed_generator_ends_and_its_model_does_not()
    {
        var generator = _model.Source.AsTextGenerator();
        generator.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["a"], cancellationToken: Token));
        using var next = _model.Source.AsTextGenerator();
        Assert.Single(await next.GenerateAsync(["a"], cancellationToken: Token));
    }

    [Fact]
    public void A_generator_of_the_wrong_kind_is_refused_with_the_right_one()
    {
        Assert.Contains(nameof(SampleEncoderExtensions.AsTextGenerator), Assert.Throws<CromaException>(() => _model.Source.AsVectorGenerator()).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SampleEncoderExtensions.AsVectorGenerator), Assert.Throws<CromaException>(() => _model.Target.AsTextGenerator()).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SampleEncoderExtensions.AsVectorGenerator), Assert.Throws<CromaException>(() => _model.Target.AsPictureGenerator()).Message, StringComparison.Ordinal);
    }

    private static double Cosine(Embedding<float> a, Embedding<float> b) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a.Vector.Span, b.Vector.Span);
}
