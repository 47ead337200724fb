namespace Croma.Compute.Kernels;

internal static unsafe class Softmax
{
    /// <summary>
    /// The mean cross-entropy of softmax(logits) against labels, and its gradient with respect to the logits
    /// (same stride, padding zero), in one pass.
    /// </summary>
    public static Real CrossEntropy(Tensor logits, ReadOnlySpan<int> labels, Real* gradient)
    {
        Real loss = 0;
        var scale = 1 / (Real)logits.Rows;
        for (var r = 0; r < logits.Rows; r++)
        {
            var row = logits.Row(r);
            var g = gradient + (long)r * logits.Stride;
            loss += LogSumExp(row, g) - row[labels[r]];
            for (var c = 0; c < row.Length; c++) g[c] = Tiny.Drop(g[c] * scale);
            g[labels[r]] -= scale;
            for (var c = row.Length; c < logits.Stride; c++) g[c] = 0;
        }
        return loss * scale;
    }

    /// <summary>
    /// The mean cross-entropy of softmax(logits) against the uniform distribution, and its gradient (same stride,
    /// padding zero).
    /// </summary>
    public static Real UniformCrossEntropy(Tensor logits, Real* gradient)
    {
        Real loss = 0;
        var (scale, share) = (1 / (Real)logits.Rows, 1 / (Real)logits.Columns);
        for (var r = 0; r < logits.Rows; r++)
        {
            var row = logits.Row(r);
            var g = gradient + (long)r * logits.Stride;
            loss += LogSumExp(row, g) - VectorKernels.Sum(logits.Values + (long)r * logits.Stride, row.Length) * share;
            for (var c = 0; c < row.Length; c++) g[c] = Tiny.Drop((g[c] - share) * scale);
            for (var c = row.Length; c < logits.Stride; c++) g[c] = 0;
        }
        return loss * scale;
    }

    /// <summary>log sum exp of a run, and its softmax.</summary>
    public static Real LogSumExp(ReadOnlySpan<Real> x, Real* softmax)
    {
        var max = x[0];
        foreach (var value in x) max = Math.Max(max, value);
        fixed (Real* from = x) VectorKernels.Exp(from, softmax, max, x.Length);
        var sum = VectorKernels.Sum(softmax, x.Length);
        for (var c = 0; c < x.Length; c++) softmax[c] /= sum;
        return max + (Real)Math.Log(sum);
    }
}
