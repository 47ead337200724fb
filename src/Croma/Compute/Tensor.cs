namespace Croma.Compute;

/// <summary>
/// A matrix on a tape: rows x columns, row-major, each row padded to a multiple of 16. Valid until its tape is cleared.
/// A sequence batch is a matrix of steps x batch rows, time-major: row t * batch + b.
/// </summary>
public readonly unsafe struct Tensor
{
    internal Tensor(Real* values, Real* gradients, int rows, int columns)
    {
        Values = values;
        Gradients = gradients;
        (Rows, Columns) = (rows, columns);
        Stride = Panels.Padded(columns);
    }

    internal Real* Values { get; }

    /// <summary>d loss / d values, null where no gradient is wanted.</summary>
    internal Real* Gradients { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Numbers from one row's start to the next's.</summary>
    internal int Stride { get; }

    internal int Size => Rows * Stride;

    /// <summary>Whether a backward pass reaches this tensor.</summary>
    public bool NeedsGradient => Gradients != null;

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
        if (Gradients == null) throw new InvalidOperationException("This tensor has no gradient: nothing that is trained leads to it.");
        return new Span<Real>(Gradients + (long)row * Stride, Columns);
    }

    /// <summary>The one number of a 1 x 1 tensor: a loss.</summary>
    public Real Scalar => Rows == 1 && Columns == 1 ? Values[0] : throw new InvalidOperationException($"A {Rows} x {Columns} tensor is not a scalar.");
}
