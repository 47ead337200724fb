using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Heads;

/// <summary>Samples to embeddings by an encoder that stands still.</summary>
/// <param name="encoder">e.</param>
/// <param name="parameters">Its parameters; read only.</param>
/// <param name="input">How much of a sample it sees.</param>
internal sealed class Embedder(Encoder encoder, ParameterVector parameters, InputOptions input)
{
    private const int AtOnce = 64;

    /// <summary>One embedding a sample, in the order asked for; the same for any number of threads.</summary>
    /// <param name="contents">What the samples hold.</param>
    /// <param name="samples">Which of them.</param>
    /// <param name="threads">Batches side by side.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public double[][] Embed(SampleContents contents, int[] samples, int threads, CancellationToken cancellation)
    {
        var rows = new double[samples.Length][];
        Workers.Run((samples.Length + AtOnce - 1) / AtOnce, threads, () => new Reading(new SampleReader(contents, input)), (block, reading) =>
        {
            var first = block * AtOnce;
            var count = Math.Min(AtOnce, samples.Length - first);
            reading.Tape.Clear();
            reading.Reader.Read(reading.Batch, samples.AsSpan(first, count));
            var embeddings = encoder.Encode(reading.Tape, parameters, reading.Batch);
            for (var i = 0; i < count; i++) rows[first + i] = [.. embeddings.Row(i).ToArray().Select(v => (double)v)];
        }, cancellation);
        return rows;
    }

    private sealed record Reading(SampleReader Reader) : IDisposable
    {
        public Tape Tape { get; } = new();

        public InputBatch Batch { get; } = new();

        public void Dispose() => Tape.Dispose();
    }
}

/// <summary>
/// Where heads see embeddings: moved by a mean and brought to length 1 (SimpleShot, Wang et al. 2019), so that what all
/// embeddings share tells nothing.
/// </summary>
internal static class Centred
{
    public static double[] Mean(IReadOnlyCollection<double[]> rows)
    {
        var mean = new double[rows.First().Length];
        foreach (var row in rows)
            for (var d = 0; d < mean.Length; d++) mean[d] += row[d] / rows.Count;
        return mean;
    }

    public static double[] Normalise(double[] row, double[] centre)
    {
        double[] moved = [.. row.Zip(centre, (x, c) => x - c)];
        var length = Math.Sqrt(moved.Sum(x => x * x));
        return length > 0 ? [.. moved.Select(x => x / length)] : moved;
    }
}
