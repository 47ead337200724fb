using System.Globalization;
using Croma.Algebra;
using Croma.Alignment.ClosedForm;
using Croma.Compute;
using Croma.Encoders;
using Croma.Heads;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Alignment in closed form, beyond the paper: the last layer of each encoder is solved from the pairs, what comes before it
/// stays as it started (nothing, where samples are features), and phi is fresh. No label is read, source or target. Rank and
/// strength of the ridge are chosen on meta-validation: an iteration makes one candidate. For small data, and as a measure of
/// what gradient steps add. #Target: all (0).
/// </summary>
public sealed class ClosedFormAlignment : FewShotMethod
{
    private static readonly double[] s_strengths = [1e-3, 1e-2, 1e-1, 1];

    private readonly LinearAlignmentKind _kind;
    private readonly (double RankShare, double Strength)[] _candidates;
    private readonly Lazy<LinearAlignment> _alignment;
    private readonly Lazy<PairMoments> _moments;

    /// <param name="name">The row's name.</param>
    /// <param name="kind">What is solved.</param>
    /// <param name="meta">What is trained.</param>
    /// <param name="options">Meta-training; none of them is read.</param>
    /// <param name="data">Pairs.</param>
    /// <param name="sourceTrunk">The source encoder with a shared space as wide as its last layer's inputs.</param>
    /// <param name="targetTrunk">The same of the target.</param>
    /// <param name="input">How much of a sample the encoders see.</param>
    /// <param name="seed">Draws the start.</param>
    public ClosedFormAlignment(string name, LinearAlignmentKind kind, MetaParameters meta, MetaOptions options, PairsTrainingData data, Encoder sourceTrunk, Encoder targetTrunk, InputOptions input, ulong seed)
        : base(meta, options, data, seed)
    {
        if (data.Pairs.Count < 2) throw new CromaException($"Alignment in closed form needs 2 or more pairs in meta-train; there are {data.Pairs.Count}.");
        (Name, _kind) = (name, kind);
        _candidates = kind == LinearAlignmentKind.Procrustes
            ? [.. Enumerable.Range(0, 8).Select(i => (Math.Pow(2, -i / 2.0), 0.0))]
            : [.. from strength in s_strengths from octave in Enumerable.Range(0, 4) select (Math.Pow(2, -octave), strength)];
        // a candidate moves the last layers only, so that it is no matter when the others are read
        _moments = new(() => Measure(meta, data, sourceTrunk, targetTrunk, input));
        _alignment = new(() => new LinearAlignment(_moments.Value));
    }

    public override string Name { get; }

    public override int Iterations => _candidates.Length;

    public override bool IteratesCandidates => true;

    public override string? Candidate(int iteration)
    {
        if (iteration == 0) return "the random start";
        var (rank, strength) = At(iteration - 1);
        return string.Create(CultureInfo.InvariantCulture, $"rank {rank}{(_kind == LinearAlignmentKind.Procrustes ? "" : $", strength {strength}")}");
    }

    /// <summary>Makes a candidate. Its alignment loss is 1 - E[e_s . e_t] / d, both of mean squared length d.</summary>
    public override IterationLosses Iterate(int iteration)
    {
        var (rank, strength) = At(iteration);
        var (maps, moments) = (_alignment.Value.Solve(_kind, rank, strength), _moments.Value);
        var (source, target) = (Sized(maps.Source, moments.Source), Sized(maps.Target, moments.Target));
        Write(Meta.SourceEncoder, source, moments.SourceMean);
        Write(Meta.TargetEncoder, target, moments.TargetMean);
        var common = source.Length == 0 ? 0 : Vectors.Product(source, moments.Cross).Zip(target, Vectors.Dot).Sum();
        return new IterationLosses(1 - common / Meta.Network.SourceEncoder.Dimension, double.NaN);
    }

    /// <summary>Inputs of an encoder's last layer, which is linear.</summary>
    internal static int InputsOf(Encoder encoder) => encoder.Layout.Blocks[^2].Rows;

    private (int Rank, double Strength) At(int candidate)
    {
        var (share, strength) = _candidates[candidate];
        var most = Math.Min(_alignment.Value.MostRank, Meta.Network.SourceEncoder.Dimension);
        return (Math.Max(1, (int)Math.Round(share * most)), strength);
    }

    /// <summary>
    /// The map with embeddings of mean squared length d, about that of trained encoders. Where there is room its dimensions
    /// come again with the other sign: cosines stay, and phi's ReLU loses nothing.
    /// </summary>
    private double[][] Sized(double[][] map, double[][] covariance)
    {
        if (2 * map.Length <= Meta.Network.SourceEncoder.Dimension) map = [.. map, .. map.Select(row => row.Select(x => -x).ToArray())];
        var size = map.Length == 0 ? 0 : Vectors.Product(map, covariance).Zip(map, Vectors.Dot).Sum();
        var scale = size > 0 ? Math.Sqrt(Meta.Network.SourceEncoder.Dimension / size) : 0;
        return [.. map.Select(row => row.Select(x => scale * x).ToArray())];
    }

    /// <summary>Sets the last layer: dimensions that the map does not have are 0.</summary>
    private static void Write(ParameterVector encoder, double[][] map, double[] mean)
    {
        var (weight, bias) = (encoder.Layout.Blocks[^2], encoder.Layout.Blocks[^1]);
        var (weights, biases) = (new Real[weight.Rows * weight.Columns], new Real[weight.Columns]);
        foreach (var (column, row) in map.Index())
        {
            for (var i = 0; i < weight.Rows; i++) weights[i * weight.Columns + column] = (Real)row[i];
            biases[column] = (Real)(-Vectors.Dot(row, mean));
        }
        encoder.Write(weight, weights);
        encoder.Write(bias, biases);
    }

    private static PairMoments Measure(MetaParameters meta, PairsTrainingData data, Encoder sourceTrunk, Encoder targetTrunk, InputOptions input)
    {
        var sources = Embed(meta.SourceEncoder, sourceTrunk, data.Source, data.Pairs.SelectMany(p => p.Source), input);
        var targets = Embed(meta.TargetEncoder, targetTrunk, data.Target, data.Pairs.SelectMany(p => p.Target), input);
        return PairMoments.Of([.. data.Pairs.Select(p => (Rows(p.Source, sources), Rows(p.Target, targets)))]);

        static double[][] Rows(int[] samples, Dictionary<int, double[]> rows) => [.. samples.Select(s => rows[s])];
    }

    /// <summary>What an encoder's last layer sees of samples: the trunk has its other parameters, and the identity as its last layer.</summary>
    private static Dictionary<int, double[]> Embed(ParameterVector encoder, Encoder trunk, Data.SampleContents contents, IEnumerable<int> samples, InputOptions input)
    {
        int[] distinct = [.. samples.Distinct().Order()];
        using var parameters = new ParameterVector(trunk.Layout);
        foreach (var (from, to) in encoder.Layout.Blocks.SkipLast(2).Zip(trunk.Layout.Blocks)) parameters.Write(to, encoder.Read(from));
        var (last, identity) = (trunk.Layout.Blocks[^2], new Real[trunk.Dimension * trunk.Dimension]);
        for (var i = 0; i < trunk.Dimension; i++) identity[i * trunk.Dimension + i] = 1;
        parameters.Write(last, identity);
        var rows = new Embedder(trunk, parameters, input).Embed(contents, distinct, threads: 1, CancellationToken.None);
        return distinct.Zip(rows).ToDictionary(s => s.First, s => s.Second);
    }
}
