using Croma.Compute;

namespace Croma.Alignment;

/// <summary>
/// Noise-contrastive estimation of weak pairs (Eq. 3): a source sample's mean cosine with all targets of its own set is
/// to rise, its mean cosine with targets from outside is to fall. Eq. 3 leaves open how many negatives are sampled; here
/// they weigh as much as the positives. With more, all sources opposite to all targets would be the minimum, whatever
/// they are of.
/// </summary>
public sealed unsafe class WeakNceLoss : AlignmentLoss
{
    public override string Name => "weak-nce";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var s = tape.InnerProducts(tape.Normalize(source), tape.Normalize(target));
        var gradient = tape.Scratch(s.Size);
        new Span<Real>(gradient, s.Size).Clear();
        Real loss = 0;
        var scale = 1 / (Real)s.Rows;
        for (var i = 0; i < s.Rows; i++)
        {
            var positives = 0;
            foreach (var group in groups) if (group == groups[i]) positives++;
            for (var j = 0; j < s.Columns; j++)
            {
                var weight = groups[i] == groups[j] ? -scale / positives : scale / (s.Columns - positives);
                loss += weight * s.Row(i)[j];
                gradient[(long)i * s.Stride + j] = weight;
            }
        }
        return tape.Loss(s, loss, gradient);
    }
}
