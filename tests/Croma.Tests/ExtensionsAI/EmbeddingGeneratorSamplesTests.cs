using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Extensions.AI;
using Microsoft.Extensions.AI;

namespace Croma.Tests.ExtensionsAI;

/// <summary>Somebody's embedding generator as the way in for a modality.</summary>
public sealed class EmbeddingGeneratorSamplesTests : IDisposable
{
    private const int Classes = 24, Samples = 40;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_texts_by_a_service_and_features_to_a_classifier_of_new_texts()
    {
        using var service = new LetterService();
        var ids = (from c in Enumerable.Range(0, Classes) from i in Enumerable.Range(0, Samples) select (Class: c, Sample: i)).ToList();
        Importer.Run(_folder["data"],
            ImportSamples.Vectors("spectrum", ids.Select(id => new ImportSample<float[]>($"c{id.Class}", Spectrum(id.Class, id.Sample), $"{id}"))),
            await service.ImportAsync("notes", ids.Select(id => new ImportSample<string>($"c{id.Class}", Note(id.Class, id.Sample), $"{id}")), batch: 50, Token), cancellation: Token);
        Assert.Equal(Classes * Samples / 50 + 1, service.Requests);
        Assert.Equal(50, service.LargestRequest);

        using var dataset = CrossModalDataset.Open(_folder["data"]);
        Assert.Equal("embedding: letters letters-26", dataset.Target.Contents.Shape.Preparation);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value }, cancellation: Token);
        int[] classes = [Classes, Classes + 1];
        var support = SupportSamples.Of(await service.ReadAsync(model.Target.Shape, classes.SelectMany(c => Enumerable.Range(0, 5).Select(i => Note(c, i))), cancellation: Token),
            [.. classes.SelectMany(c => Enumerable.Repeat($"c{c}", 5))]);
        using var classifier = model.Adapt(support, cancellation: Token);
        var later = await service.ReadAsync(classifier.Shape, classes.SelectMany(c => Enumerable.Range(5, 10).Select(i => Note(c, i))), cancellation: Token);
        var right = classifier.Predict(later, cancellation: Token).Index().Count(p => p.Item.Class == p.Index / 10);
        Assert.True(right >= 18, $"{right} of 20");
    }

    [Fact]
    public async Task Samples_by_another_generator_than_the_model_s_are_refused()
    {
        using var service = new LetterService();
        var shape = new SampleShape("notes", ModalityKind.Features, 26, 0, null, 0, 0, "embedding: other model");
        var message = (await Assert.ThrowsAsync<CromaException>(() => service.ReadAsync(shape, ["a"], cancellation: Token))).Message;
        Assert.Contains("'embedding: other model'", message, StringComparison.Ordinal);
        Assert.Contains("'embedding: letters letters-26'", message, StringComparison.Ordinal);
        Assert.Equal(0, service.Requests);
    }

    [Fact]
    public async Task A_generator_that_leaves_inputs_out_is_an_error()
    {
        using var service = new LetterService { LeavesOut = 1 };
        Assert.Contains("made 2 embeddings of 3 inputs",
            (await Assert.ThrowsAsync<CromaException>(() => service.ImportAsync("notes", [new("a", "x"), new("a", "y"), new("b", "z")], cancellation: Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_stopped_between_requests()
    {
        using var stop = new CancellationTokenSource();
        using var service = new LetterService { AfterRequest = stop.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.ImportAsync("notes", Enumerable.Range(0, 100).Select(i => new ImportSample<string>("a", $"x{i}")), 10, stop.Token));
        Assert.Equal(1, service.Requests);
    }

    private static float[] Spectrum(int c, int sample)
    {
        var (centre, noise) = (new CounterRandom(1, (ulong)c), new CounterRandom((ulong)(2 + sample), (ulong)c));
        return [.. Enumerable.Range(0, 6).Select(_ => (float)(centre.NextNormal() + 0.2 * noise.NextNormal()))];
    }

    /// <summary>Three letters that are the class's own, said in an order and among others that are not.</summary>
    private static string Note(int c, int sample) => $"{Letter(c * 3)}{Letter(sample)}{Letter(c * 5 + 1)}{Letter(c * 3)}{Letter(c * 7 + 2)}{Letter(c * 5 + 1)}";

    private static char Letter(int i) => (char)('a' + i % 26);
}
