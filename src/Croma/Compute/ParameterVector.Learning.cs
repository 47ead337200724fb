using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute;

// How gradients become steps. Without an optimiser attached, gradients are summed in a vector of their own. With one,
// a block that was used once since the last step takes its step at the moment when its gradient is known, while that
// is in the cache; one that was used several times (shared weights) has its gradients summed first. The numbers are the
// same bits either way.
public sealed unsafe partial class ParameterVector
{
    private readonly int[] _uses;
    private readonly bool[] _stepped;
    private bool _summed;

    /// <summary>Whether this vector has gradients.</summary>
    public bool IsTrained => _gradients != null;

    /// <summary>Where gradients are summed; null if this vector is not trained.</summary>
    internal Real* Gradients
    {
        get
        {
            _summed = true;
            return _gradients == null ? null : _gradients.Pointer;
        }
    }

    internal Span<Real> RawGradients => new(Gradients, Layout.Size);

    /// <summary>The optimiser whose steps are taken during backward passes and end with <see cref="Adam.Step"/>.</summary>
    internal Adam? Optimizer { get; set; }

    /// <summary>Forgets gradients and uses: what was recorded so far will not be learned from.</summary>
    public void ClearGradients()
    {
        if (_gradients != null && _summed) _gradients.Clear();
        _summed = false;
        _uses.AsSpan().Clear();
        _stepped.AsSpan().Clear();
    }

    /// <summary>To be said by every operation that is recorded with a block.</summary>
    internal void Use(ParameterBlock block)
    {
        if (_stepped[block.Index] && IsTrained)
            throw new InvalidOperationException($"'{block.Name}' has already learned from this step's gradient: end the step with the optimiser before the next forward pass.");
        _uses[block.Index]++;
    }

    /// <summary>
    /// Learns dW = A[m, k]^T dC[m, n] of a weight [k, n] in panels, of which several threads may share the columns. To be
    /// called when the old values are no longer needed.
    /// </summary>
    internal void LearnWeight(ParameterBlock weight, Real* a, int lda, Real* dc, int ldc, int m, int from = 0, int to = int.MaxValue)
    {
        if (StepsAtOnce(weight))
        {
            var at = weight.Offset;
            Gemm.AdamStep(a, lda, dc, ldc, ValuesToWrite + at, _gradients!.Pointer + at, MomentAt(Optimizer!.First, at), Optimizer.Second + at, Optimizer.Rates, m, weight.Columns, weight.Rows, from, to);
        }
        else
        {
            Gemm.WeightGradient(a, lda, dc, ldc, Gradients + weight.Offset, m, weight.Columns, weight.Rows, from, to);
        }
    }

    /// <summary>Learns a gradient of a whole block, laid out as the block is.</summary>
    internal void Learn(ParameterBlock block, Real* gradient)
    {
        var at = block.Offset;
        if (StepsAtOnce(block)) VectorKernels.Adam(ValuesToWrite + at, gradient, MomentAt(Optimizer!.First, at), Optimizer.Second + at, Optimizer.Rates, block.Size);
        else VectorKernels.AddScaled(Gradients + at, gradient, 1, block.Size);
    }

    /// <summary>The step of all blocks that have not taken it; gradients are zero afterwards.</summary>
    internal void FinishStep(Adam optimizer)
    {
        if (_gradients == null) throw new InvalidOperationException("This vector is not trained: it has no gradients.");
        var blocks = Layout.Blocks;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (_stepped[i]) continue;
            var start = blocks[i].Offset;
            while (i + 1 < blocks.Count && !_stepped[i + 1]) i++;
            var count = blocks[i].Offset + blocks[i].Size - start;
            VectorKernels.Adam(ValuesToWrite + start, _gradients.Pointer + start, MomentAt(optimizer.First, start), optimizer.Second + start, optimizer.Rates, count);
        }
        ClearGradients();
    }

    private bool StepsAtOnce(ParameterBlock block)
    {
        if (Optimizer == null || _uses[block.Index] != 1) return false;
        _stepped[block.Index] = true;
        return true;
    }

    private static Real* MomentAt(Real* moments, int offset) => moments == null ? null : moments + offset;
}
