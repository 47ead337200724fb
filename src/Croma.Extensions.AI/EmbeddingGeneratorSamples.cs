using Croma.Data;
using Croma.Datasets.Import;
using Microsoft.Extensions.AI;

namespace Croma.Extensions.AI;

/// <summary>
/// Anybody's embedding generator as the way in for a modality: its vectors are what Croma is trained on, and what it later
/// adapts to and predicts. A data set keeps the generator's name, and later samples must come from the same one.
/// </summary>
public static class EmbeddingGeneratorSamples
{
    /// <summary>Inputs that are sent to a generator at once.</summary>
    private const int DefaultBatch = 64;

    private const int LongestName = 100;

    /// <summary>Embeds labelled samples for <see cref="Importer"/>.</summary>
    /// <param name="generator">Makes the vectors; stays the caller's.</param>
    /// <param name="modality">The modality's name.</param>
    /// <param name="samples">One or more.</param>
    /// <param name="batch">Inputs a request. Default 64.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">There are no samples, or the generator's answer is not one vector an input, all of one length.</exception>
    public static async Task<ImportSamples> ImportAsync<TInput>(this IEmbeddingGenerator<TInput, Embedding<float>> generator, string modality, IEnumerable<ImportSample<TInput>> samples,
        int batch = DefaultBatch, CancellationToken cancellation = default)
    {
        ImportSample<TInput>[] all = [.. samples];
        var vectors = await EmbedAsync(generator, all.Select(sample => sample.Value), batch, cancellation).ConfigureAwait(false);
        return ImportSamples.Vectors(modality, all.Zip(vectors, (sample, vector) =>
            new ImportSample<float[]>(sample.Label, vector, sample.Pair) { Group = sample.Group, Origin = sample.Origin, Split = sample.Split, Part = sample.Part }), NameOf(generator));
    }

    /// <summary>Embeds samples for a model that was trained on this generator's vectors: to adapt it, or to predict.</summary>
    /// <param name="generator">The generator of the model's data set; stays the caller's.</param>
    /// <param name="shape">What the model says of its samples.</param>
    /// <param name="inputs">Any number.</param>
    /// <param name="batch">Inputs a request. Default 64.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The model was trained on vectors of another generator, or of another length.</exception>
    public static async Task<MemorySamples> ReadAsync<TInput>(this IEmbeddingGenerator<TInput, Embedding<float>> generator, SampleShape shape, IEnumerable<TInput> inputs,
        int batch = DefaultBatch, CancellationToken cancellation = default)
    {
        if (shape.Preparation != NameOf(generator))
            throw new CromaException($"The samples of '{shape.Name}' that the model was trained on were made by '{shape.Preparation ?? "something that their data set does not name"}', these would be by '{NameOf(generator)}': use the same generator.");
        return new MemorySamples(shape, await EmbedAsync(generator, inputs, batch, cancellation).ConfigureAwait(false));
    }

    private static async Task<List<float[]>> EmbedAsync<TInput>(IEmbeddingGenerator<TInput, Embedding<float>> generator, IEnumerable<TInput> inputs, int batch, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var vectors = new List<float[]>();
        foreach (var some in inputs.Chunk(batch))
        {
            var made = await generator.GenerateAsync(some, cancellationToken: cancellation).ConfigureAwait(false);
            if (made.Count != some.Length) throw new CromaException($"'{NameOf(generator)}' made {made.Count} embeddings of {some.Length} inputs; one of each is needed.");
            vectors.AddRange(made.Select(embedding => embedding.Vector.ToArray()));
        }
        return vectors;
    }

    /// <summary>Provider and model, as the generator's metadata has them, otherwise its type.</summary>
    private static string NameOf<TInput>(IEmbeddingGenerator<TInput, Embedding<float>> generator)
    {
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        string?[] parts = [metadata?.ProviderName, metadata?.DefaultModelId];
        var name = string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
        if (name.Length == 0) name = generator.GetType().Name;
        return $"embedding: {name}" is var full && full.Length <= LongestName ? full : full[..LongestName];
    }
}
