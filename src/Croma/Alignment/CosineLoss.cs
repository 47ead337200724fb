using Croma.Compute;

namespace Croma.Alignment;

/// <summary>1 - the mean cosine of the pairs: the released code's other option. It has no negatives, so it can collapse.</summary>
public sealed unsafe class CosineLoss : AlignmentLoss
{
    public override string Name => "cosine";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var s = tape.InnerProducts(tape.Normalize(source), tape.Normalize(target));
        var gradient = tape.Scratch(s.Size);
        new Span<Real>(gradient, s.Size).Clear();
        Real loss = 1;
        for (var i = 0; i < s.Rows; i++)
        {
            loss -= s.Row(i)[i] / s.Rows;
            gradient[(long)i * s.Stride + i] = -1 / (Real)s.Rows;
        }
        return tape.Loss(s, loss, gradient);
    }
}
