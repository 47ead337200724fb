using System.Runtime.InteropServices;

namespace Croma.Compute;

/// <summary>
/// A matrix on a tape: rows x columns, row-major, each row padded to a multiple of 16. Valid until its tape is cleared.
/// A sequence batch is a matrix of steps x batch rows, time-major: row t * batch + b.
/// </summary>
public readonly unsafe struct Tensor
{
    private readonly Real* _gradients;
    private readonly int* _unwritten;

    /// <param name="values">Rows, padding included.</param>
    /// <param name="gradients">As many numbers, or null.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="unwritten">1 as long as the gradients are not cleared yet; null: they are.</param>
    internal Tensor(Real* values, Real* gradients, int rows, int columns, int* unwritten = null)
    {
        Values = values;
        _gradients = gradients;
        _unwritten = unwritten;
        (Rows, Columns) = (rows, columns);
        Stride = Panels.Padded(columns);
    }

    internal Real* Values { get; }

    /// <summary>d loss / d values, null where no gradient is wanted. Cleared at the first use, if it was not.</summary>
    internal Real* Gradients
    {
        get
        {
            var gradients = GradientsToWrite(out var add);
            if (gradients != null && !add) NativeMemory.Clear(gradients, (nuint)Size * sizeof(Real));
            return gradients;
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Numbers from one row's start to the next's.</summary>
    internal int Stride { get; }

    internal int Size => Rows * Stride;

    /// <summary>
    /// The gradients for an operation that writes them all, padding included: adds to what is there where
    /// <paramref name="add"/>, else is the first to write and spares their clearing.
    /// </summary>
    internal Real* GradientsToWrite(out bool add)
    {
        add = _unwritten == null || *_unwritten == 0;
        if (!add) *_unwritten = 0;
        return _gradients;
    }

    /// <summary>The same numbers and gradients in another shape that has no padding either.</summary>
    internal Tensor Reshape(int rows, int columns) => new(Values, _gradients, rows, columns, _unwritten);

    /// <summary>Whether a backward pass reaches this tensor.</summary>
    public bool NeedsGradient => _gradients != null;

    /// <summary>The same numbers as constants: no backward pass goes through here.</summary>
    public Tensor Detached => new(Values, null, Rows, Columns);

    /// <summary>One element.</summary>
    public Real this[int row, int column] => Row(row)[column];

    /// <summary>One row without its padding.</summary>
    public Span<Real> Row(int row)
    {
        if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row));
        return new Span<Real>(Values + (long)row * Stride, Columns);
    }

    /// <summary>One row of the gradient, after a backward pass.</summary>
    public Span<Real> GradientRow(int row)
    {
        if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row));
        if (!NeedsGradient) throw new InvalidOperationException("This tensor has no gradient: nothing that is trained leads to it.");
        return new Span<Real>(Gradients + (long)row * Stride, Columns);
    }

    /// <summary>Some rows in a row, seen as a tensor of their own: the same numbers, the same gradients.</summary>
    public Tensor Slice(int start, int count)
    {
        if (start < 0 || count < 1 || start > Rows - count) throw new ArgumentOutOfRangeException(nameof(start), $"Rows {start} to {start + count - 1} are not in a tensor of {Rows}.");
        var offset = (long)start * Stride;
        return new Tensor(Values + offset, Gradients == null ? null : Gradients + offset, count, Columns);
    }

    /// <summary>The one number of a 1 x 1 tensor: a loss.</summary>
    public Real Scalar => Rows == 1 && Columns == 1 ? Values[0] : throw new InvalidOperationException($"A {Rows} x {Columns} tensor is not a scalar.");
}
