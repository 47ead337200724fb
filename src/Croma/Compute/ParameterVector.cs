using System.Runtime.CompilerServices;
using Croma.Compute.Kernels;

namespace Croma.Compute;

/// <summary>
/// All parameters of one network in one run of memory. Cloning is one copy, Reptile's update one pass, a checkpoint
/// one write. A vector is trained only if it was made with gradients: meta-parameters have none, so no adaptation can
/// reach them.
/// </summary>
public sealed unsafe partial class ParameterVector : IDisposable
{
    /// <summary>How many numbers of two vectors the first-level cache holds well.</summary>
    private const int MovedAtOnce = 1 << 11;

    private static long s_contents;

    private readonly NativeBuffer _values;
    private readonly NativeBuffer? _gradients;

    /// <summary>Vectors of the same content, if it is not 0, hold the same numbers. Shared with <see cref="Frozen"/>, as the numbers are.</summary>
    private readonly StrongBox<long> _content;

    /// <summary>A zero vector.</summary>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="trainable">Whether it gets gradients.</param>
    public ParameterVector(ParameterLayout layout, bool trainable = false)
    {
        Layout = layout;
        (_uses, _stepped) = (new int[layout.Blocks.Count], new bool[layout.Blocks.Count]);
        (_values, _content) = (new NativeBuffer(layout.Size), new StrongBox<long>());
        if (trainable) _gradients = new NativeBuffer(layout.Size);
        Frozen = trainable ? new ParameterVector(this) : this;
    }

    private ParameterVector(ParameterVector trainable)
    {
        Layout = trainable.Layout;
        (_uses, _stepped) = (trainable._uses, trainable._stepped);
        (_values, _content) = (trainable._values, trainable._content);
        Frozen = this;
    }

    public ParameterLayout Layout { get; }

    /// <summary>The same numbers seen as constants: nothing is recorded for a backward pass. Lives as long as this.</summary>
    public ParameterVector Frozen { get; }

    /// <summary>The numbers, to be read.</summary>
    internal Real* Values => _values.Pointer;

    /// <summary>The numbers, to be changed now.</summary>
    internal Real* ValuesToWrite
    {
        get
        {
            _content.Value = 0;
            return _values.Pointer;
        }
    }

    /// <summary>The raw numbers, padding included: for hashing and comparing.</summary>
    public ReadOnlySpan<Real> Raw => new(Values, Layout.Size);

    /// <summary>Draws fresh initial values, the same for the same random stream.</summary>
    public void Initialize(CounterRandom random)
    {
        var values = ValuesToWrite;
        foreach (var block in Layout.Blocks)
            for (var r = 0; r < block.Rows; r++)
                for (var c = 0; c < block.Columns; c++)
                    values[block.Position(r, c)] = (Real)(block.InitialValue
                        + block.InitialScale * (block.InitiallyNormal ? random.NextNormal() : random.Next(-1.0, 1.0)));
    }

    /// <summary>
    /// Takes over all values of a vector of the same layout. Costs nothing after <see cref="MoveTogether"/>, if neither has
    /// changed since.
    /// </summary>
    public void CopyFrom(ParameterVector other)
    {
        RequireSameLayout(other);
        var content = other._content.Value;
        if (content != 0 && content == _content.Value) return;
        Copy(other.Values, ValuesToWrite, Layout.Size);
        _content.Value = content;
    }

    /// <summary>A copy, trained or not.</summary>
    public ParameterVector Clone(bool trainable = false)
    {
        var clone = new ParameterVector(Layout, trainable);
        clone.CopyFrom(this);
        return clone;
    }

    /// <summary>
    /// Reptile's update: this += epsilon (adapted - this) (Nichol and Schulman 2018; Algorithm 1). In the same pass
    /// <paramref name="adapted"/> becomes a copy of the result, which is where its next task starts.
    /// </summary>
    public void MoveTogether(ParameterVector adapted, Real metaStepSize)
    {
        RequireSameLayout(adapted);
        var mine = ValuesToWrite;
        var theirs = adapted.ValuesToWrite;
        for (var start = 0; start < Layout.Size; start += MovedAtOnce)
        {
            var count = Math.Min(MovedAtOnce, Layout.Size - start);
            VectorKernels.MoveTowards(mine + start, theirs + start, metaStepSize, count);
            Copy(mine + start, theirs + start, count);
        }
        _content.Value = adapted._content.Value = Interlocked.Increment(ref s_contents);
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => new Span<Real>(ValuesToWrite, Layout.Size).Clear();

    /// <summary>One block in logical order, [rows, columns]; gates as i, f, g, o.</summary>
    public Real[] Read(ParameterBlock block) => Read(block, Values);

    internal Real[] ReadGradient(ParameterBlock block) => Read(block, Gradients);

    /// <summary>Sets one block from logical order.</summary>
    public void Write(ParameterBlock block, ReadOnlySpan<Real> values)
    {
        if (values.Length != block.Rows * block.Columns)
            throw new ArgumentException($"Block '{block.Name}' has {block.Rows} x {block.Columns} numbers, not {values.Length}.", nameof(values));
        var to = ValuesToWrite;
        for (var r = 0; r < block.Rows; r++)
            for (var c = 0; c < block.Columns; c++)
                to[block.Position(r, c)] = values[r * block.Columns + c];
    }

    public void Dispose()
    {
        _values.Dispose();
        _gradients?.Dispose();
    }

    private static Real[] Read(ParameterBlock block, Real* from)
    {
        var values = new Real[block.Rows * block.Columns];
        for (var r = 0; r < block.Rows; r++)
            for (var c = 0; c < block.Columns; c++)
                values[r * block.Columns + c] = from[block.Position(r, c)];
        return values;
    }

    private static void Copy(Real* from, Real* to, int count) =>
        Buffer.MemoryCopy(from, to, (long)count * sizeof(Real), (long)count * sizeof(Real));

    private void RequireSameLayout(ParameterVector other)
    {
        if (!ReferenceEquals(Layout, other.Layout)) throw new ArgumentException("The two vectors are of different networks.", nameof(other));
    }
}
