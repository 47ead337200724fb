using Croma.Data;

namespace Croma.Extensions.AI;

/// <summary>Makes embedding generators of a trained model's two sides. The model must live as long as they do.</summary>
public static class SampleEncoderExtensions
{
    /// <summary>Texts to the shared space.</summary>
    /// <param name="encoder">A side whose samples are texts.</param>
    /// <param name="modelId">What embeddings are said to be made by; null: "croma-" and the modality's name.</param>
    /// <param name="threads">Threads a call uses; embeddings do not depend on it. Default 1.</param>
    /// <exception cref="CromaException">The side takes other samples.</exception>
    public static SampleEmbeddingGenerator<string> AsTextGenerator(this SampleEncoder encoder, string? modelId = null, int threads = 1)
    {
        Require(encoder, encoder.Shape.Kind == ModalityKind.Bytes);
        return new SampleEmbeddingGenerator<string>(encoder, texts => new MemorySamples(encoder.Shape, texts), modelId ?? NameOf(encoder), threads);
    }

    /// <summary>Feature vectors, or sequences of vectors such as spectra and sensor windows (step after step), to the shared space.</summary>
    /// <param name="encoder">A side whose samples are vectors or frames.</param>
    /// <param name="modelId">What embeddings are said to be made by; null: "croma-" and the modality's name.</param>
    /// <param name="threads">Threads a call uses; embeddings do not depend on it. Default 1.</param>
    /// <exception cref="CromaException">The side takes other samples.</exception>
    public static SampleEmbeddingGenerator<float[]> AsVectorGenerator(this SampleEncoder encoder, string? modelId = null, int threads = 1)
    {
        Require(encoder, encoder.Shape.HoldsVectors);
        return new SampleEmbeddingGenerator<float[]>(encoder, vectors => new MemorySamples(encoder.Shape, vectors), modelId ?? NameOf(encoder), threads);
    }

    /// <summary>Pictures (the planes of red, green and blue, each row after row) to the shared space.</summary>
    /// <param name="encoder">A side whose samples are images.</param>
    /// <param name="modelId">What embeddings are said to be made by; null: "croma-" and the modality's name.</param>
    /// <param name="threads">Threads a call uses; embeddings do not depend on it. Default 1.</param>
    /// <exception cref="CromaException">The side takes other samples.</exception>
    public static SampleEmbeddingGenerator<byte[]> AsPictureGenerator(this SampleEncoder encoder, string? modelId = null, int threads = 1)
    {
        Require(encoder, encoder.Shape.Kind == ModalityKind.Images);
        return new SampleEmbeddingGenerator<byte[]>(encoder, pictures => new MemorySamples(encoder.Shape, pictures), modelId ?? NameOf(encoder), threads);
    }

    private static string NameOf(SampleEncoder encoder) => $"croma-{encoder.Shape.Name}";

    private static void Require(SampleEncoder encoder, bool fits)
    {
        if (!fits) throw new CromaException($"'{encoder.Shape.Name}' takes {encoder.Shape.Kind}: make {Fitting(encoder.Shape.Kind)}.");
    }

    private static string Fitting(ModalityKind kind) => kind switch
    {
        ModalityKind.Bytes => $"a generator of texts with {nameof(AsTextGenerator)}",
        ModalityKind.Images => $"a generator of pictures with {nameof(AsPictureGenerator)}",
        _ => $"a generator of vectors with {nameof(AsVectorGenerator)}",
    };
}
