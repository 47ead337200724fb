using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Alignment;

/// <summary>
/// Cycle reconstruction in the shared space: a map each way carries a pair's embedding to its partner's and back to
/// where it came from; the sum of the four mean squared errors, of normalised embeddings. It has no negatives, so
/// encoders that nothing else trains can collapse.
/// </summary>
public sealed class CycleLoss : AlignmentLoss
{
    private readonly Linear[] _toTarget, _toSource;

    /// <param name="dimension">Dimension of the shared space, and width of each map's hidden layer.</param>
    public CycleLoss(int dimension) => (_toTarget, _toSource) = (Map("to_target", dimension), Map("to_source", dimension));

    public override string Name => "cycle";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var (s, t) = (tape.Normalize(source), tape.Normalize(target));
        return tape.Add(ThereAndBack(tape, parameters, s, t, _toTarget, _toSource), ThereAndBack(tape, parameters, t, s, _toSource, _toTarget));
    }

    private static Tensor ThereAndBack(Tape tape, ParameterVector parameters, Tensor from, Tensor to, Linear[] there, Linear[] back)
    {
        var arrived = Apply(tape, parameters, there, from);
        return tape.Add(tape.MeanSquaredError(arrived, to), tape.MeanSquaredError(Apply(tape, parameters, back, arrived), from));
    }

    private static Tensor Apply(Tape tape, ParameterVector parameters, Linear[] map, Tensor x)
    {
        foreach (var layer in map) x = layer.Forward(tape, parameters, x);
        return x;
    }

    private Linear[] Map(string name, int dimension) =>
        [new Linear(Layout, name + ".hidden", dimension, dimension, relu: true), new Linear(Layout, name + ".output", dimension, dimension)];
}
