using System.Numerics.Tensors;
using Croma.Classification;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Evaluation;
using Croma.Extensions.AI;
using Croma.Method;
using Croma.Tasks;
using Croma.Tests.ExtensionsAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Croma.Tests.Docs;

/// <summary>The C# of the pages, run as it stands there on small data: <see cref="DocPageTests"/> sees that it is the same.</summary>
public sealed class LibraryExampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

#pragma warning disable xUnit1051 // as it stands on the pages
    [Fact]
    public async Task The_library_s_page_does_what_it_says()
    {
        var (folder, logger, cancellation) = (_folder, NullLogger.Instance, TestContext.Current.CancellationToken);
        TinyDataset.Write(folder["data/mine"], samplesPerPart: 24, trainConcepts: 20);
        var share = 0.0;

        using var dataset = CrossModalDataset.Open(folder["data/mine"]);
        var options = new TrainingOptions
        {
            Configuration = Profiles.Get("small"),
            Seed = 1,
            Threads = 2,
            CheckpointFile = folder["runs/mine.checkpoint"],
            LogFolder = folder["runs/mine"],
            Logger = logger,
        };
        var progress = new Progress<TrainingProgress>(p => share = (double)p.Iteration / p.Iterations);
        using (var trained = TrainedModel.Train(dataset, options, progress, cancellation)) trained.Save(folder["runs/mine"]);

        Assert.InRange(share, 0, 1);
        var (vectors, names) = Labelled(dataset, samples: 5);
        using var model = TrainedModel.Load(folder["runs/mine"]);
        var support = SupportSamples.Of(new MemorySamples(model.Target.Shape, vectors), names);
        using var classifier = model.Adapt(support, head: "ridge");
        classifier.Save(folder["mine.croma"]);

        var (later, truth) = Labelled(dataset, samples: 12);
        foreach (var prediction in classifier.Predict(new MemorySamples(classifier.Shape, later)))
            Console.WriteLine(prediction.IsNoneOfThese(falseAlarmRate: 0.1) ? "none of these" : $"{classifier.Classes[prediction.Class]}, {prediction.Probability:P0}");
        var right = classifier.Predict(new MemorySamples(classifier.Shape, later)).Zip(truth).Count(p => classifier.Classes[p.First.Class] == p.Second);
        Assert.InRange(right, 0.8 * later.Length, later.Length);

        using var blob = new MemoryStream();
        await classifier.SaveAsync(blob, cancellation);
        blob.Position = 0;
        using var loaded = await FewShotClassifier.LoadAsync(blob, cancellation: cancellation);
        Assert.Equal(classifier.Classes, loaded.Classes);

        var next = new NextToLabel(classifier, count: 10);
        next.Add([.. later.Select((_, i) => $"sample {i}")], new MemorySamples(classifier.Shape, later));
        foreach (var sample in next.Choose()) Console.WriteLine($"{sample.Name}: uncertainty {sample.Uncertainty:F2}");
        Assert.Equal(10, next.Choose().Count);
    }

    [Fact]
    public async Task Generators_of_a_model_find_what_goes_with_a_text()
    {
        var folder = _folder;
        using var dataset = TinyDataset.Create(folder["data"], sequences: true);
        using (var trained = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value })) trained.Save(folder["runs/mine"]);
        float[][] collection = [.. Enumerable.Range(0, 50).Select(i => Floats(dataset, i))];

        using var model = TrainedModel.Load(folder["runs/mine"]);
        using IEmbeddingGenerator<string, Embedding<float>> texts = model.Source.AsTextGenerator();
        using IEmbeddingGenerator<float[], Embedding<float>> windows = model.Target.AsVectorGenerator(threads: 2);
        var query = await texts.GenerateVectorAsync("a wide circle, slow");
        var found = await windows.GenerateAsync(collection);
        var best = found.Index().OrderByDescending(e => TensorPrimitives.CosineSimilarity(query.Span, e.Item.Vector.Span)).Take(10);
        Assert.Equal(10, best.Count());
    }

    [Fact]
    public async Task A_service_s_embeddings_become_a_modality()
    {
        var folder = _folder;
        using var generator = new LetterService();
        var items = (from c in Enumerable.Range(0, 20) from i in Enumerable.Range(0, 40) select (Class: $"c{c}", Text: $"{(char)('a' + c)}{(char)('a' + i % 26)}", Spectrum: new float[] { c % 5, c % 7, c / 4, i % 3 }, Id: $"{c}-{i}")).ToList();

        var spectra = ImportSamples.Vectors("spectrum", items.Select(x => new ImportSample<float[]>(x.Class, x.Spectrum, x.Id)));
        var notes = await generator.ImportAsync("notes", items.Select(x => new ImportSample<string>(x.Class, x.Text, x.Id)));
        Importer.Run(folder["data/notes"], spectra, notes);

        using var dataset = CrossModalDataset.Open(folder["data/notes"]);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value });
        (string[] newTexts, string[] labels) = (["xy", "xz", "wv", "wu"], ["x", "x", "w", "w"]);

        var support = SupportSamples.Of(await generator.ReadAsync(model.Target.Shape, newTexts), labels);
        using var classifier = model.Adapt(support);
        Assert.Equal(["w", "x"], classifier.Classes);
    }

    [Fact]
    public void Tasks_are_planned_ahead_and_are_the_same_for_all()
    {
        var folder = _folder;
        TinyDataset.Write(folder["data/mine"], samplesPerPart: 24, trainConcepts: 20);
        using var dataset = CrossModalDataset.Open(folder["data/mine"]);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value });

        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 100, ways: 5, maxShots: 5, queries: 10, seed: 1);
        foreach (var shots in new[] { 1, 5 })
        {
            var result = model.Evaluate(dataset, plan, shots, threads: 2);
            var accuracy = Summary.Of(result.TaskAccuracies);
            Console.WriteLine($"{shots} shots: {accuracy.Mean:F1} % [{accuracy.Low:F1}, {accuracy.High:F1}]");
        }
        Assert.Equal(100, plan.Episodes.Count);
    }
#pragma warning restore xUnit1051

    private static (float[][] Vectors, string[] Names) Labelled(CrossModalDataset dataset, int samples)
    {
        var chosen = Enumerable.Range(0, dataset.Target.Count).Where(i => dataset.Target.Part(i) == Part.Target && dataset.Concepts[dataset.Target.Concept(i)].Split == ConceptSplit.MetaTest)
            .GroupBy(dataset.Target.Concept).Take(3).SelectMany(g => g.Take(samples)).ToList();
        return ([.. chosen.Select(i => Floats(dataset, i))], [.. chosen.Select(i => dataset.Concepts[dataset.Target.Concept(i)].Name)]);
    }

    private static float[] Floats(CrossModalDataset dataset, int sample) => Array.ConvertAll(dataset.Target.Contents.Values(sample).ToArray(), x => (float)x);
}
