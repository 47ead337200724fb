using Croma.Data;
using Microsoft.Extensions.AI;

namespace Croma.Extensions.AI;

/// <summary>
/// One side of a trained model as an embedding generator: text, vectors or pictures to the shared space, where the cosine says how much two
/// samples of either modality go together. Embeddings are the encoder's own, not of length 1. Safe from many threads.
/// </summary>
/// <typeparam name="TInput">string, float[] or byte[]: <see cref="SampleEncoderExtensions"/> makes generators.</typeparam>
public sealed class SampleEmbeddingGenerator<TInput> : IEmbeddingGenerator<TInput, Embedding<float>>
{
    /// <summary>Inputs that are embedded before it looks whether it is to stop, for each thread.</summary>
    private const int AtOnce = 256;

    private readonly SampleEncoder _encoder;
    private readonly Func<IReadOnlyList<TInput>, MemorySamples> _read;
    private readonly int _threads;
    private volatile bool _disposed;

    internal SampleEmbeddingGenerator(SampleEncoder encoder, Func<IReadOnlyList<TInput>, MemorySamples> read, string modelId, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (_encoder, _read, _threads) = (encoder, read, threads);
        Metadata = new EmbeddingGeneratorMetadata("croma", null, modelId, encoder.Dimension);
    }

    /// <summary>Provider "croma", the model's name, the shared space's dimension; <see cref="GetService"/> hands it out too.</summary>
    public EmbeddingGeneratorMetadata Metadata { get; }

    /// <summary>Embeds inputs in their order, on the thread pool.</summary>
    /// <param name="values">Any number; they are read some at a time.</param>
    /// <param name="options">A model or a number of dimensions other than the generator's own is an error.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="CromaException">An input is not of the modality's shape, or the options ask for what the model is not.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (options?.Dimensions is { } dimensions && dimensions != _encoder.Dimension)
            throw new CromaException($"Embeddings of {dimensions} numbers were asked for; the model's have {_encoder.Dimension}.");
        if (options?.ModelId is { } model && model != Metadata.DefaultModelId)
            throw new CromaException($"Embeddings of the model '{model}' were asked for; this is '{Metadata.DefaultModelId}'.");
        return Task.Run(() => Generate(values, cancellationToken), cancellationToken);
    }

    /// <summary>Hands out itself, its metadata and its <see cref="SampleEncoder"/>; null for anything else.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey != null) return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata
            : serviceType == typeof(SampleEncoder) ? _encoder
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Ends the generator; the model belongs to who loaded it.</summary>
    public void Dispose() => _disposed = true;

    private GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<TInput> values, CancellationToken cancellation)
    {
        var (all, now) = (new GeneratedEmbeddings<Embedding<float>>(), DateTimeOffset.UtcNow);
        foreach (var some in values.Chunk(AtOnce * _threads))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var embedding in _encoder.Embed(_read(some), _threads, cancellation))
                all.Add(new Embedding<float>(embedding) { CreatedAt = now, ModelId = Metadata.DefaultModelId });
        }
        return all;
    }
}
