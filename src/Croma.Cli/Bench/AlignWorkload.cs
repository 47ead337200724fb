using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>Two encoders 512-256-256, the hinge on inner products, Adam: `align B`.</summary>
internal sealed class AlignWorkload : Workload
{
    private readonly InnerLearner _source, _target, _loss;
    private readonly Duet _duet = new(threads: 1);
    private readonly AlignmentStep _step;
    private readonly int[] _groups;

    public AlignWorkload(int batch, AdamOptions adam)
    {
        var network = AlignmentNetwork.Create();
        (_source, _target, _loss) = (new(network.SourceEncoder.Layout, adam), new(network.TargetEncoder.Layout, adam), new(network.AlignmentLoss.Layout, adam));
        AlignmentNetwork.Fill(_source.Parameters, _target.Parameters);
        _step = new AlignmentStep(network, _duet, _source, _target, _loss);
        AlignmentNetwork.Fill(_step, batch);
        _groups = [.. Enumerable.Range(0, batch)];
    }

    public override double Operations => AlignmentNetwork.Operations(_groups.Length);

    public override float Step() => _step.Take(_groups);

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _source, _target, _loss, _step, _duet }) part.Dispose();
    }
}

/// <summary>What `align` and `meta` share.</summary>
internal static class AlignmentNetwork
{
    public static Network Create() => new(new Mlp(512, [256], 256), new Mlp(512, [256], 256), new Classifier(256, 5), new RawHinge());

    public static void Fill(ParameterVector source, ParameterVector target)
    {
        foreach (var (parameters, seed) in new[] { (source, 11), (target, 21) })
            for (var layer = 0; layer < 2; layer++)
            {
                PeerNumbers.Fill(parameters, $"layer.{layer}.weight", seed + 2 * layer, layer == 0 ? 0.05 : 0.06);
                PeerNumbers.Fill(parameters, $"layer.{layer}.bias", seed + 1 + 2 * layer, layer == 0 ? 0.05 : 0.06);
            }
    }

    public static void Fill(AlignmentStep step, int batch)
    {
        foreach (var (input, seed) in new[] { (step.SourceBatch, 17), (step.TargetBatch, 27) })
        {
            input.Resize(batch, 1, 512);
            PeerNumbers.Draw(batch * 512, seed, 1).CopyTo(input.Values);
        }
    }

    /// <summary>One step: two encoders, and the similarities with their two gradients.</summary>
    public static double Operations(int batch) =>
        2 * (4.0 * batch * 512 * 256 + 6.0 * batch * 256 * 256) + 6.0 * batch * batch * 256;

    /// <summary>The hinge of <see cref="MarginLoss"/> on inner products of embeddings as they are.</summary>
    private sealed class RawHinge : AlignmentLoss
    {
        public override string Name => "raw-hinge";

        public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups) =>
            MarginLoss.Hinge(tape, tape.InnerProducts(source, target), 0.1);
    }
}
