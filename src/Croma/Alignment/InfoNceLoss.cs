using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Alignment;

/// <summary>
/// InfoNCE in both directions with a learned temperature (van den Oord et al. 2018; Radford et al. 2021): the mean
/// cross-entropy of picking a pair's partner among the batch by scaled cosine. Beyond the paper: bounded, and today's
/// standard. Other pairs of the same group are left out of the choice.
/// </summary>
public sealed unsafe class InfoNceLoss : AlignmentLoss
{
    private readonly ParameterBlock _logScale;

    /// <param name="temperature">The temperature it starts from, above 0.</param>
    public InfoNceLoss(double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        _logScale = Layout.Add("log_scale", 1, 1, BlockForm.Vector, 0, value: -Math.Log(temperature));
    }

    public override string Name => "info-nce";

    public override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        RequirePairs(source, target, groups);
        var s = tape.InnerProducts(tape.Normalize(source), tape.Normalize(target));
        var scale = (Real)Math.Exp(parameters.Values[_logScale.Offset]);
        var gradient = tape.Scratch(s.Size);
        new Span<Real>(gradient, s.Size).Clear();
        var line = tape.Scratch(2 * s.Rows);
        Real loss = 0, scaleGradient = 0;
        for (var i = 0; i < s.Rows; i++)
        {
            loss += Choose(s, groups, scale, i, rowwise: true, line, gradient, ref scaleGradient);
            loss += Choose(s, groups, scale, i, rowwise: false, line, gradient, ref scaleGradient);
        }
        return tape.Loss(s, loss, gradient, parameters.IsTrained ? parameters.Gradients + _logScale.Offset : null, scaleGradient * scale);
    }

    /// <summary>Half the mean cross-entropy of row (or column) i, whose right answer is its diagonal element.</summary>
    private static Real Choose(Tensor s, ReadOnlySpan<int> groups, Real scale, int i, bool rowwise, Real* line, Real* gradient, ref Real scaleGradient)
    {
        var n = s.Rows;
        var softmax = line + n;
        for (var j = 0; j < n; j++)
            line[j] = j != i && groups[j] == groups[i] ? Real.NegativeInfinity : scale * s.Values[At(s, i, j, rowwise)];
        var loss = Softmax.LogSumExp(new ReadOnlySpan<Real>(line, n), softmax) - line[i];
        softmax[i] -= 1;
        var weight = 1 / (Real)(2 * n);
        for (var j = 0; j < n; j++)
        {
            var at = At(s, i, j, rowwise);
            gradient[at] += weight * scale * softmax[j];
            scaleGradient += weight * softmax[j] * s.Values[at];
        }
        return weight * loss;
    }

    private static long At(Tensor s, int i, int j, bool rowwise) => rowwise ? (long)i * s.Stride + j : (long)j * s.Stride + i;
}
