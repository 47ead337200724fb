using System.Text.Json;
using Croma.Compute;
using Croma.Data;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>
/// Which samples Croma draws for tests/golden/make_method.py: the tasks of <see cref="MetaTraining"/> and
/// <see cref="Adaptation"/>, played again from the same random streams without any training.
/// </summary>
internal static class GoldenDraws
{
    public const string FileName = "method-draws.json";

    /// <summary>The draws of all cases as JSON, a line a case.</summary>
    public static string ToJson(CrossModalDataset dataset)
    {
        var data = new MetaTrainingData(dataset);
        var cases = GoldenMethod.Cases.Select(c => $"\"{c.Key}\": {Json(Enumerable.Range(0, GoldenMethod.Iterations).Select(i => Iteration(data, c.Value, i)))}");
        return $"{{\n{string.Join(",\n", cases)},\n\"adaptation\": {Json(AdaptationTask(dataset))}\n}}\n";
    }

    private static Iteration Iteration(MetaTrainingData data, MetaOptions options, int iteration)
    {
        var pairs = new StrongAlignmentTask(data, options.AlignmentBatch, options.PairDrawing, Random("T_a"));
        var samples = new ClassificationTask(data.SourceSamples, options.Ways, options.Shots, Random("T_s"));
        return new Iteration(
            Steps(options.InnerSteps, () =>
            {
                pairs.DrawBatch();
                return new PairBatch([.. pairs.Source], [.. pairs.Target], [.. pairs.Groups]);
            }),
            Batches(options.InnerSteps, samples.Samples, samples.Labels, options.ClassifierBatch, Random("batches of T_s")));

        CounterRandom Random(string use) => new(GoldenMethod.Seed, CounterRandom.Stream(use, iteration));
    }

    private static Adapting AdaptationTask(CrossModalDataset dataset)
    {
        var episode = GoldenMethod.Episode(dataset);
        var (samples, labels) = GoldenMethod.Support(episode);
        var options = GoldenMethod.Adaptation;
        return new Adapting(Batches(options.Steps, samples, labels, options.Batch, GoldenMethod.AdaptationRandom()), [.. episode.Query.SelectMany(q => q)]);
    }

    private static LabelledBatch[] Batches(int steps, int[] samples, int[] labels, int batch, CounterRandom random)
    {
        var order = new BatchOrder(samples.Length, batch, random);
        return Steps(steps, () =>
        {
            int[] positions = [.. order.Next()];
            return new LabelledBatch([.. positions.Select(p => samples[p])], [.. positions.Select(p => labels[p])]);
        });
    }

    private static T[] Steps<T>(int steps, Func<T> draw) => [.. Enumerable.Range(0, steps).Select(_ => draw())];

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}

/// <summary>The batches of an iteration's inner steps.</summary>
internal sealed record Iteration(PairBatch[] Alignment, LabelledBatch[] Classification);

internal sealed record PairBatch(int[] Source, int[] Target, int[] Groups);

internal sealed record LabelledBatch(int[] Samples, int[] Labels);

/// <summary>The batches of a test task's steps, and its queries.</summary>
internal sealed record Adapting(LabelledBatch[] Batches, int[] Queries);
