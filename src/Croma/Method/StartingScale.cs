using Croma.Compute;
using Croma.Encoders;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>
/// A start by data (Kraehenbuehl et al. 2016; Salimans and Kingma 2016): the last layer of a convolutional encoder is shifted and divided
/// so that over some of the samples handed over every output has mean 0 and deviation 1. As drawn, its averages of ReLUs put all
/// samples into one direction (cosines of 0.95 to 0.98), and alignment spends hundreds of steps on leaving it.
/// </summary>
internal static class StartingScale
{
    private const int Samples = 128, Batch = 16;

    // an output that says nothing of the samples stays as it is
    private const double LeastDeviation = 1e-6;

    /// <summary>Scales the initial values of encoders that start by data, by samples that a method is handed and no others.</summary>
    /// <param name="meta">As drawn; changed where an encoder starts by data.</param>
    /// <param name="data">What the method is handed.</param>
    /// <param name="input">How much of a sample the encoders see.</param>
    /// <param name="seed">Draws samples and windows.</param>
    public static void Apply(MetaParameters meta, TrainingData data, InputOptions input, ulong seed)
    {
        Apply(meta.Network.SourceEncoder, meta.SourceEncoder, data.SourcePool, input, Random("starting scale of e_s"));
        Apply(meta.Network.TargetEncoder, meta.TargetEncoder, data.TargetPool, input, Random("starting scale of e_t"));

        CounterRandom Random(string use) => new(seed, CounterRandom.Stream(use, 0));
    }

    /// <summary>The same of one encoder.</summary>
    /// <param name="encoder">e_s or e_t.</param>
    /// <param name="parameters">Its initial values; changed where the encoder starts by data.</param>
    /// <param name="pool">Samples handed over; null or fewer than two: nothing changes.</param>
    /// <param name="input">How much of a sample the encoder sees.</param>
    /// <param name="random">Draws samples and windows.</param>
    public static void Apply(Encoder encoder, ParameterVector parameters, SamplePool? pool, InputOptions input, CounterRandom random)
    {
        if (encoder.ScaledAtStart is not { } layer || pool is not { Samples.Count: > 1 }) return;
        int[] samples = [.. pool.Samples];
        random.Shuffle<int>(samples);
        samples = samples[..Math.Min(Samples, samples.Length)];

        var reader = new SampleReader(pool.Contents, input);
        var batch = new InputBatch();
        using var tape = new Tape();
        var (mean, deviation) = (new double[encoder.Dimension], new double[encoder.Dimension]);
        var outputs = new List<double[]>(samples.Length);
        foreach (var chunk in samples.Chunk(Batch))
        {
            reader.Read(batch, chunk, random);
            tape.Clear();
            var y = encoder.Encode(tape, parameters, batch);
            for (var i = 0; i < chunk.Length; i++) outputs.Add([.. y.Row(i)[..encoder.Dimension].ToArray().Select(v => (double)v)]);
        }
        for (var j = 0; j < mean.Length; j++)
        {
            mean[j] = outputs.Average(o => o[j]);
            deviation[j] = Math.Sqrt(outputs.Average(o => (o[j] - mean[j]) * (o[j] - mean[j])));
            if (!(deviation[j] > LeastDeviation)) (mean[j], deviation[j]) = (0, 1);
        }
        layer.Rescale(parameters, mean, deviation);
    }
}
