using Croma.Compute;

namespace Croma.Alignment;

/// <summary>
/// Noise-contrastive estimation as the paper writes it (Eq. 2; with several pairs a group, Eq. 3): the sum over pairs
/// of - e_s(x_s) . e_t(x_t) plus the sum over negatives e_s(x_s) . e_t(x_neg). Negatives are the batch's target samples
/// of other groups; with weak pairs every source meets every target of its group. Unbounded for free embeddings, hence
/// normalised ones; divided by the number of pairs.
/// </summary>
public sealed unsafe class NceLoss : AlignmentLoss
{
    public override string Name => "nce";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var s = tape.InnerProducts(tape.Normalize(source), tape.Normalize(target));
        var gradient = tape.Scratch(s.Size);
        Real loss = 0;
        var scale = 1 / (Real)s.Rows;
        for (var i = 0; i < s.Rows; i++)
        {
            var positives = 0;
            foreach (var group in groups) if (group == groups[i]) positives++;
            for (var j = 0; j < s.Columns; j++)
            {
                var weight = groups[i] == groups[j] ? -scale / positives : scale;
                loss += weight * s.Row(i)[j];
                gradient[(long)i * s.Stride + j] = weight;
            }
            for (var j = s.Columns; j < s.Stride; j++) gradient[(long)i * s.Stride + j] = 0;
        }
        return tape.Loss(s, loss, gradient);
    }
}
