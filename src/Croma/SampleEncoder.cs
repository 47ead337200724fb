using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Heads;
using Croma.Tasks;

namespace Croma;

/// <summary>
/// One side of a trained model: samples of a modality to vectors in the shared space, as the encoder makes them (compare
/// them by their cosine; they are not of length 1). Safe from many threads until the model is disposed.
/// </summary>
public sealed class SampleEncoder
{
    private readonly Embedder _embedder;

    internal SampleEncoder(SampleShape shape, Encoder encoder, ParameterVector parameters, InputOptions input) =>
        (Shape, Dimension, _embedder) = (shape, encoder.Dimension, new Embedder(encoder, parameters, input));

    /// <summary>What samples must look like.</summary>
    public SampleShape Shape { get; }

    /// <summary>Numbers of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>One embedding a sample, in their order.</summary>
    /// <param name="samples">Samples of <see cref="Shape"/>.</param>
    /// <param name="threads">Threads; embeddings do not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="CromaException">The samples are of another shape.</exception>
    public IReadOnlyList<float[]> Embed(SampleContents samples, int threads = 1, CancellationToken cancellation = default)
    {
        SupportCheck.RequireShape(samples.Shape, Shape);
        // the rows were single precision: nothing is lost
        return [.. Rows(samples, threads, cancellation).Select(row => Array.ConvertAll(row, x => (float)x))];
    }

    internal double[][] Rows(SampleContents samples, int threads, CancellationToken cancellation) => _embedder.Embed(samples, [.. Enumerable.Range(0, samples.Count)], threads, cancellation);
}
