using Croma.Compute.Kernels;

namespace Croma.Compute;

public sealed unsafe partial class Tape
{
    /// <summary>max(0, x), same shape.</summary>
    public Tensor Relu(Tensor x)
    {
        var y = NewTensor(x.Rows, x.Columns, x.NeedsGradient);
        VectorKernels.Relu(x.Values, y.Values, x.Size);
        if (y.NeedsGradient) Record<ReluNode>().Set(x, y);
        return y;
    }

    /// <summary>Each row divided by its length (at least 1e-12).</summary>
    public Tensor Normalize(Tensor x)
    {
        var y = NewTensor(x.Rows, x.Columns, x.NeedsGradient);
        var norms = Scratch(x.Rows);
        Elementwise.Normalize(x.Values, y.Values, norms, x.Rows, x.Columns, x.Stride);
        if (y.NeedsGradient) Record<NormalizeNode>().Set(x, y, norms);
        return y;
    }

    /// <summary>[rows, a] beside [rows, b]: [rows, a + b].</summary>
    public Tensor Concatenate(Tensor left, Tensor right)
    {
        if (left.Rows != right.Rows) throw new ArgumentException($"{left.Rows} rows cannot stand beside {right.Rows}.", nameof(right));
        var y = NewTensor(left.Rows, left.Columns + right.Columns, left.NeedsGradient || right.NeedsGradient);
        for (var r = 0; r < y.Rows; r++)
        {
            var row = new Span<Real>(y.Values + (long)r * y.Stride, y.Stride);
            left.Row(r).CopyTo(row);
            right.Row(r).CopyTo(row[left.Columns..]);
            row[y.Columns..].Clear();
        }
        if (y.NeedsGradient) Record<ConcatenateNode>().Set(left, right, y);
        return y;
    }

    /// <summary>
    /// x [steps * batch, columns], time-major, to each column's maximum over the first lengths[b] steps:
    /// [batch, columns].
    /// </summary>
    public Tensor MaxOverTime(Tensor x, ReadOnlySpan<int> lengths)
    {
        var batch = lengths.Length;
        if (batch == 0 || x.Rows % batch != 0) throw new ArgumentException($"{x.Rows} rows are no whole number of steps of {batch}.", nameof(lengths));
        foreach (var length in lengths)
            if (length < 1 || length > x.Rows / batch) throw new ArgumentOutOfRangeException(nameof(lengths), $"Length {length} is not in 1 ... {x.Rows / batch}.");
        var y = NewTensor(batch, x.Columns, x.NeedsGradient);
        var argmax = Scratch(y.Size);
        Elementwise.MaxOverTime(x.Values, x.Stride, Keep(lengths), y.Values, argmax, batch);
        if (y.NeedsGradient) Record<MaxOverTimeNode>().Set(x, y, argmax);
        return y;
    }

    /// <summary>The mean of each group's rows, groups in the order in which they first occur: [groups, columns].</summary>
    public Tensor GroupMeans(Tensor x, ReadOnlySpan<int> groups)
    {
        if (groups.Length != x.Rows) throw new ArgumentException($"{groups.Length} groups for {x.Rows} rows.", nameof(groups));
        var memberOf = Integers(x.Rows);
        var sizes = Integers(x.Rows);
        var count = 0;
        for (var i = 0; i < x.Rows; i++)
        {
            var first = groups.IndexOf(groups[i]);
            memberOf[i] = first == i ? count++ : memberOf[first];
            sizes[memberOf[i]] = first == i ? 1 : sizes[memberOf[i]] + 1;
        }
        var y = NewTensor(count, x.Columns, x.NeedsGradient);
        new Span<Real>(y.Values, y.Size).Clear();
        for (var i = 0; i < x.Rows; i++)
            VectorKernels.AddScaled(y.Values + (long)memberOf[i] * y.Stride, x.Values + (long)i * x.Stride, 1 / (Real)sizes[memberOf[i]], x.Columns);
        if (y.NeedsGradient) Record<GroupMeansNode>().Set(x, y, memberOf, sizes);
        return y;
    }

    /// <summary>S = a b^T of [n, d] and [m, d]: all inner products, [n, m].</summary>
    public Tensor InnerProducts(Tensor a, Tensor b)
    {
        if (a.Columns != b.Columns) throw new ArgumentException($"Rows of {a.Columns} and of {b.Columns} numbers have no inner product.", nameof(b));
        var s = NewTensor(a.Rows, b.Rows, a.NeedsGradient || b.NeedsGradient);
        Gemm.InnerProducts(a.Values, a.Stride, b.Values, b.Stride, s.Values, s.Stride, a.Rows, b.Rows, a.Columns);
        if (s.NeedsGradient) Record<InnerProductsNode>().Set(a, b, s);
        return s;
    }

    /// <summary>
    /// Each number 0 with a probability and otherwise divided by what is left of 1 (Srivastava et al. 2014, as PyTorch's dropout in
    /// training): the expectation stays. Which are 0 depends on the stream and a number's place alone.
    /// </summary>
    /// <param name="x">The numbers.</param>
    /// <param name="share">The probability, from 0 to below 1.</param>
    /// <param name="stream">Where the draws come from (<see cref="CounterRandom.Stream"/>).</param>
    public Tensor Dropout(Tensor x, double share, ulong stream)
    {
        if (share is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), $"Dropout leaves out a share from 0 to below 1, not {share}.");
        var (factors, kept, below) = (NewTensor(x.Rows, x.Columns, needsGradient: false), (Real)(1 / (1 - share)), (ulong)(share * (1L << 32)));
        _noise.Restart(stream);
        for (var r = 0; r < x.Rows; r++)
        {
            var row = new Span<Real>(factors.Values + (long)r * factors.Stride, factors.Stride);
            foreach (ref var factor in row[..x.Columns]) factor = _noise.NextUInt32() < below ? 0 : kept;
            row[x.Columns..].Clear();
        }
        return Scale(x, factors);
    }

    /// <summary>x times constants of the same shape, number by number.</summary>
    internal Tensor Scale(Tensor x, Tensor factors)
    {
        var y = NewTensor(x.Rows, x.Columns, x.NeedsGradient);
        for (var i = 0; i < y.Size; i++) y.Values[i] = x.Values[i] * factors.Values[i];
        if (y.NeedsGradient) Record<ScaleNode>().Set(x, factors, y);
        return y;
    }

    /// <summary>a + b, same shape.</summary>
    public Tensor Add(Tensor a, Tensor b)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns) throw new ArgumentException($"{a.Rows} x {a.Columns} and {b.Rows} x {b.Columns} cannot be added.", nameof(b));
        var y = NewTensor(a.Rows, a.Columns, a.NeedsGradient || b.NeedsGradient);
        for (var i = 0; i < y.Size; i++) y.Values[i] = a.Values[i] + b.Values[i];
        if (y.NeedsGradient) Record<AddNode>().Set(a, b, y);
        return y;
    }
}
