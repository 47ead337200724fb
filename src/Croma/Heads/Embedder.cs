using System.Collections.Concurrent;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Heads;

/// <summary>Samples to embeddings by an encoder that stands still. Safe from many threads.</summary>
/// <param name="encoder">e.</param>
/// <param name="parameters">Its parameters; read only.</param>
/// <param name="input">How much of a sample it sees.</param>
/// <param name="keepsMemory">Whether working memory is kept from call to call, until it is released: for many calls with a few samples each.</param>
internal sealed class Embedder(Encoder encoder, ParameterVector parameters, InputOptions input, bool keepsMemory = false)
{
    private const int AtOnce = 64;

    private readonly ConcurrentBag<Reading> _kept = [];

    /// <summary>One embedding a sample, in the order asked for; the same for any number of threads.</summary>
    /// <param name="contents">What the samples hold.</param>
    /// <param name="samples">Which of them.</param>
    /// <param name="threads">Batches side by side.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public double[][] Embed(SampleContents contents, int[] samples, int threads, CancellationToken cancellation)
    {
        var rows = new double[samples.Length][];
        var reader = new SampleReader(contents, input);
        if (samples.Length is > 0 and <= AtOnce && keepsMemory)
        {
            cancellation.ThrowIfCancellationRequested();
            var reading = _kept.TryTake(out var kept) ? kept : new Reading();
            EmbedBlock(0, reading);
            _kept.Add(reading);
        }
        else Workers.Run((samples.Length + AtOnce - 1) / AtOnce, threads, () => new Reading(), EmbedBlock, cancellation);
        return rows;

        void EmbedBlock(int block, Reading reading)
        {
            var first = block * AtOnce;
            var count = Math.Min(AtOnce, samples.Length - first);
            reading.Tape.Clear();
            reader.Read(reading.Batch, samples.AsSpan(first, count));
            var embeddings = encoder.Encode(reading.Tape, parameters, reading.Batch);
            for (var i = 0; i < count; i++) rows[first + i] = [.. embeddings.Row(i).ToArray().Select(v => (double)v)];
        }
    }

    /// <summary>Frees what was kept.</summary>
    public void Release()
    {
        while (_kept.TryTake(out var reading)) reading.Dispose();
    }

    private sealed class Reading : IDisposable
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
