using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Alignment;

/// <summary>
/// Cycle reconstruction in the shared space: a map each way carries a pair's embedding to its partner's and back to
/// where it came from; the sum of the four mean squared errors, of normalised embeddings. What is to be met counts as
/// constant, without which the encoders soon send everything to one point (Chen and He, SimSiam, 2021).
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
        return Between(tape, parameters, source, target, tape.Normalize(source.Detached), tape.Normalize(target.Detached));
    }

    /// <summary>The loss with what is to be met given apart.</summary>
    internal Tensor Between(Tape tape, ParameterVector parameters, Tensor source, Tensor target, Tensor toMeetSource, Tensor toMeetTarget) => tape.Add(
        ThereAndBack(tape, parameters, tape.Normalize(source), _toTarget, toMeetTarget, _toSource, toMeetSource),
        ThereAndBack(tape, parameters, tape.Normalize(target), _toSource, toMeetSource, _toTarget, toMeetTarget));

    private static Tensor ThereAndBack(Tape tape, ParameterVector parameters, Tensor from, Linear[] there, Tensor partner, Linear[] back, Tensor home)
    {
        var arrived = Apply(tape, parameters, there, from);
        return tape.Add(tape.MeanSquaredError(arrived, partner), tape.MeanSquaredError(Apply(tape, parameters, back, arrived), home));
    }

    private static Tensor Apply(Tape tape, ParameterVector parameters, Linear[] map, Tensor x)
    {
        foreach (var layer in map) x = layer.Forward(tape, parameters, x);
        return x;
    }

    private Linear[] Map(string name, int dimension) =>
        [new Linear(Layout, name + ".hidden", dimension, dimension, relu: true), new Linear(Layout, name + ".output", dimension, dimension)];
}
