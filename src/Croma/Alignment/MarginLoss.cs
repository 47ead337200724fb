using Croma.Compute;

namespace Croma.Alignment;

/// <summary>
/// The released code's hinge (Tables 5 to 7: "loss margin 0.1"): with S the cosine between the groups' means in the two
/// modalities, the sum over i != j of max(0, margin + S_ij - S_ii), divided by the number of groups. With one pair a
/// group it aligns strong pairs, with several it aligns weak ones.
/// </summary>
/// <param name="margin">By how much the right partner's cosine is to exceed every other's.</param>
public sealed unsafe class MarginLoss(double margin) : AlignmentLoss
{
    public override string Name => "margin";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var s = tape.InnerProducts(tape.Normalize(tape.GroupMeans(source, groups)), tape.Normalize(tape.GroupMeans(target, groups)));
        return Hinge(tape, s, margin);
    }

    /// <summary>The hinge of similarities [n, n] whose right ones are on the diagonal.</summary>
    internal static Tensor Hinge(Tape tape, Tensor s, double margin)
    {
        var gradient = tape.Scratch(s.Size);
        new Span<Real>(gradient, s.Size).Clear();
        Real loss = 0;
        var scale = 1 / (Real)s.Rows;
        for (var i = 0; i < s.Rows; i++)
            for (var j = 0; j < s.Columns; j++)
            {
                var excess = (Real)margin + s.Row(i)[j] - s.Row(i)[i];
                if (i == j || excess <= 0) continue;
                loss += scale * excess;
                gradient[(long)i * s.Stride + j] += scale;
                gradient[(long)i * s.Stride + i] -= scale;
            }
        return tape.Loss(s, loss, gradient);
    }
}
