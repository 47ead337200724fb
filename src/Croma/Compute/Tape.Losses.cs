using Croma.Compute.Kernels;

namespace Croma.Compute;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// The mean over rows of -log softmax(logits)[label]: logits [rows, classes], labels [rows], to 1 x 1.
    /// </summary>
    public Tensor CrossEntropy(Tensor logits, ReadOnlySpan<int> labels)
    {
        if (labels.Length != logits.Rows) throw new ArgumentException($"{labels.Length} labels for {logits.Rows} rows.", nameof(labels));
        foreach (var label in labels)
            if ((uint)label >= (uint)logits.Columns) throw new ArgumentOutOfRangeException(nameof(labels), $"Label {label} is not in 0 ... {logits.Columns - 1}.");
        var gradient = Scratch(logits.Size);
        return Loss(logits, Softmax.CrossEntropy(logits, labels, gradient), gradient);
    }

    /// <summary>The same where every row has the one label.</summary>
    public Tensor CrossEntropy(Tensor logits, int label)
    {
        var labels = new Span<int>(Integers(logits.Rows), logits.Rows);
        labels.Fill(label);
        return CrossEntropy(logits, labels);
    }

    /// <summary>
    /// The mean over rows of the cross-entropy of softmax(logits) against the uniform distribution, -mean log softmax:
    /// logits [rows, classes] to 1 x 1. Least, log classes, where nothing tells the classes apart.
    /// </summary>
    public Tensor UniformCrossEntropy(Tensor logits)
    {
        var gradient = Scratch(logits.Size);
        return Loss(logits, Softmax.UniformCrossEntropy(logits, gradient), gradient);
    }

    /// <summary>
    /// The mean of (a - b)^2 over all columns of each sample's first lengths[i] steps: a and b [steps * batch, columns],
    /// time-major, to 1 x 1.
    /// </summary>
    public Tensor MeanSquaredError(Tensor a, Tensor b, ReadOnlySpan<int> lengths)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns) throw new ArgumentException($"{a.Rows} x {a.Columns} and {b.Rows} x {b.Columns} cannot be compared.", nameof(b));
        var batch = lengths.Length;
        if (batch == 0 || a.Rows % batch != 0) throw new ArgumentException($"{a.Rows} rows are no whole number of steps of {batch}.", nameof(lengths));
        var count = 0;
        foreach (var length in lengths) count += Math.Min(length, a.Rows / batch);
        var scale = 1 / ((Real)count * a.Columns);
        var difference = Scratch(a.Size);
        new Span<Real>(difference, a.Size).Clear();
        Real sum = 0;
        for (var r = 0; r < a.Rows; r++)
        {
            if (r / batch >= lengths[r % batch]) continue;
            var row = difference + (long)r * a.Stride;
            VectorKernels.AddScaled(row, a.Values + (long)r * a.Stride, 1, a.Columns);
            VectorKernels.AddScaled(row, b.Values + (long)r * b.Stride, -1, a.Columns);
            sum += VectorKernels.Dot(row, row, a.Columns);
        }
        var loss = NewTensor(1, 1, a.NeedsGradient || b.NeedsGradient);
        loss.Values[0] = sum * scale;
        if (loss.NeedsGradient) Record<SquaredErrorNode>().Set(a, b, difference, 2 * scale, loss);
        return loss;
    }

    /// <summary>The mean of (a - b)^2 over all rows and columns, to 1 x 1.</summary>
    public Tensor MeanSquaredError(Tensor a, Tensor b)
    {
        var lengths = new Span<int>(Integers(a.Rows), a.Rows);
        lengths.Fill(1);
        return MeanSquaredError(a, b, lengths);
    }

    /// <summary>A 1 x 1 loss with a gradient worked out in the forward pass.</summary>
    /// <param name="x">What the loss is a function of.</param>
    /// <param name="value">The loss.</param>
    /// <param name="gradient">d loss / d x, in the shape of x, its padding zero.</param>
    /// <param name="parameterGradient">Where the gradient of a single parameter is kept; null: none is trained.</param>
    /// <param name="slope">d loss / d parameter.</param>
    internal Tensor Loss(Tensor x, Real value, Real* gradient, Real* parameterGradient = null, Real slope = 0)
    {
        var loss = NewTensor(1, 1, x.NeedsGradient || parameterGradient != null);
        loss.Values[0] = value;
        if (loss.NeedsGradient) Record<LossNode>().Set(x, gradient, loss, parameterGradient, slope);
        return loss;
    }
}
