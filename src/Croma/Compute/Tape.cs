using System.Runtime.InteropServices;

namespace Croma.Compute;

/// <summary>What a tape remembers of one operation: its inputs and what its backward pass needs.</summary>
internal abstract class Node
{
    /// <summary>Adds to the inputs' gradients from the output's.</summary>
    public abstract void Backward();
}

/// <summary>
/// Reverse-mode differentiation. A model's author writes the forward pass; each operation records how to go back.
/// After the first step with given shapes a tape allocates nothing: memory comes from an arena, nodes from pools.
/// Not thread-safe: one tape a thread; a tape may itself use the two threads of a <see cref="Duet"/>.
/// </summary>
/// <param name="duet">Threads for operations that can share their work; null: none but the caller's. The results are the same.</param>
public sealed unsafe partial class Tape(Duet? duet = null) : IDisposable
{
    private readonly Arena _arena = new();
    private readonly List<Node> _nodes = [];
    private readonly List<NodePool> _pools = [];
    private readonly CounterRandom _noise = new(0, 0);

    /// <summary>What the tensors and working memory of this recording take.</summary>
    internal long BytesInUse => _arena.BytesInUse;

    /// <summary>Does an operation's work on the tape's threads.</summary>
    internal void Split(ISplit work)
    {
        if (duet == null) work.Run(0, 1);
        else duet.Split(work);
    }

    /// <summary>See <see cref="Duet.Meet"/>.</summary>
    internal void Meet(int part) => duet!.Meet(part);

    /// <summary>Forgets everything recorded and takes the memory back; tensors of before are invalid.</summary>
    public void Clear()
    {
        _nodes.Clear();
        foreach (var pool in _pools) pool.Used = 0;
        _arena.Reset();
    }

    /// <summary>A tensor to be filled by the caller, zeroed, without gradient: input data.</summary>
    public Tensor Input(int rows, int columns)
    {
        var tensor = NewTensor(rows, columns, needsGradient: false);
        NativeMemory.Clear(tensor.Values, (nuint)tensor.Size * sizeof(Real));
        return tensor;
    }

    /// <summary>Input data [rows, columns], copied from row-major numbers without padding.</summary>
    public Tensor Input(ReadOnlySpan<Real> values, int rows, int columns)
    {
        if (values.Length != rows * columns) throw new ArgumentException($"{values.Length} numbers are not {rows} x {columns}.", nameof(values));
        var tensor = NewTensor(rows, columns, needsGradient: false);
        for (var r = 0; r < rows; r++)
        {
            var row = new Span<Real>(tensor.Values + (long)r * tensor.Stride, tensor.Stride);
            values.Slice(r * columns, columns).CopyTo(row);
            row[columns..].Clear();
        }
        return tensor;
    }

    /// <summary>An input whose gradient is wanted, zeroed: for tests and for methods that look at d loss / d input.</summary>
    public Tensor Variable(int rows, int columns)
    {
        var tensor = NewTensor(rows, columns, needsGradient: true);
        NativeMemory.Clear(tensor.Values, (nuint)tensor.Size * sizeof(Real));
        return tensor;
    }

    /// <summary>
    /// Runs the recorded operations backwards from <paramref name="loss"/> (1 x 1). Gradients of parameters are added
    /// to what their <see cref="ParameterVector"/> holds.
    /// </summary>
    public void Backward(Tensor loss)
    {
        if (loss.Rows != 1 || loss.Columns != 1) throw new ArgumentException($"A loss is 1 x 1, this is {loss.Rows} x {loss.Columns}.", nameof(loss));
        if (!loss.NeedsGradient) return;
        loss.Gradients[0] = 1;
        Backward();
    }

    /// <summary>Runs the recorded operations backwards from gradients that are already in place.</summary>
    internal void Backward()
    {
        for (var i = _nodes.Count - 1; i >= 0; i--) _nodes[i].Backward();
    }

    /// <summary>An operation's output: values not cleared, gradient (where wanted) zero.</summary>
    internal Tensor NewTensor(int rows, int columns, bool needsGradient)
    {
        var size = rows * Panels.Padded(columns);
        var values = _arena.Take(size);
        if (!needsGradient) return new Tensor(values, null, rows, columns);
        var gradients = _arena.Take(size);
        NativeMemory.Clear(gradients, (nuint)size * sizeof(Real));
        return new Tensor(values, gradients, rows, columns);
    }

    /// <summary>
    /// An operation's output whose gradient is not cleared before its first use: for large ones, whose consumer
    /// overwrites it (see <see cref="Tensor.GradientsToWrite"/>).
    /// </summary>
    internal Tensor NewLargeTensor(int rows, int columns, bool needsGradient)
    {
        var size = rows * Panels.Padded(columns);
        var values = _arena.Take(size);
        if (!needsGradient) return new Tensor(values, null, rows, columns);
        var gradients = _arena.Take(size);
        var unwritten = _arena.TakeIntegers(1);
        *unwritten = 1;
        return new Tensor(values, gradients, rows, columns, unwritten);
    }

    /// <summary>Working memory of an operation that lives as long as the recording.</summary>
    internal Real* Scratch(long count) => _arena.Take(count);

    /// <summary>A copy of <paramref name="integers"/> that lives as long as the recording.</summary>
    internal int* Keep(ReadOnlySpan<int> integers)
    {
        var copy = _arena.TakeIntegers(integers.Length);
        integers.CopyTo(new Span<int>(copy, integers.Length));
        return copy;
    }

    /// <summary>Time-major tokens, each sample's first lengths[b] steps in reverse order, padding where it was.</summary>
    internal ReadOnlySpan<int> Reverse(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths)
    {
        var batch = lengths.Length;
        var reversed = new Span<int>(_arena.TakeIntegers(tokens.Length), tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            var (t, b) = (i / batch, i % batch);
            reversed[i] = tokens[t < lengths[b] ? (lengths[b] - 1 - t) * batch + b : i];
        }
        return reversed;
    }

    /// <summary>Input data [steps * batch, columns], time-major, each sample's first lengths[b] steps in reverse order, padding where it was.</summary>
    internal Tensor ReversedInput(ReadOnlySpan<Real> values, int columns, ReadOnlySpan<int> lengths)
    {
        var batch = lengths.Length;
        var tensor = Input(values.Length / columns, columns);
        for (var r = 0; r < tensor.Rows; r++)
        {
            var (t, b) = (r / batch, r % batch);
            var from = t < lengths[b] ? (lengths[b] - 1 - t) * batch + b : r;
            values.Slice(from * columns, columns).CopyTo(tensor.Row(r));
        }
        return tensor;
    }

    /// <summary>
    /// The different ones among tokens 0 ... entries - 1, ascending, and for each token its place among them: what is
    /// worked out for a token is worked out once.
    /// </summary>
    internal ReadOnlySpan<int> Distinct(ReadOnlySpan<int> tokens, int entries, out ReadOnlySpan<int> places)
    {
        var placeOf = new Span<int>(_arena.TakeIntegers(entries), entries);
        placeOf.Fill(-1);
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)entries) throw new ArgumentOutOfRangeException(nameof(tokens), $"Token {token} is not in 0 ... {entries - 1}.");
            placeOf[token] = 0;
        }
        var distinct = new Span<int>(_arena.TakeIntegers(entries), entries);
        var count = 0;
        for (var token = 0; token < entries; token++)
        {
            if (placeOf[token] < 0) continue;
            distinct[count] = token;
            placeOf[token] = count++;
        }
        var all = new Span<int>(_arena.TakeIntegers(tokens.Length), tokens.Length);
        for (var i = 0; i < tokens.Length; i++) all[i] = placeOf[tokens[i]];
        places = all;
        return distinct[..count];
    }

    internal int* Integers(int count) => _arena.TakeIntegers(count);

    /// <summary>A node for one operation, recycled from the step before.</summary>
    internal TNode Record<TNode>() where TNode : Node, new()
    {
        var node = Unrecorded<TNode>();
        _nodes.Add(node);
        return node;
    }

    /// <summary>The same for an operation that has no way back but keeps its working memory in a node.</summary>
    internal TNode Unrecorded<TNode>() where TNode : Node, new()
    {
        var id = NodeKind<TNode>.Id;
        while (_pools.Count <= id) _pools.Add(new NodePool());
        var pool = _pools[id];
        if (pool.Used == pool.Nodes.Count) pool.Nodes.Add(new TNode());
        return (TNode)pool.Nodes[pool.Used++];
    }

    public void Dispose() => _arena.Dispose();

    private sealed class NodePool
    {
        public List<Node> Nodes { get; } = [];

        public int Used { get; set; }
    }

    private static class NodeKinds
    {
        private static int s_count;

        public static int Next() => Interlocked.Increment(ref s_count) - 1;
    }

    private static class NodeKind<TNode>
    {
        public static readonly int Id = NodeKinds.Next();
    }
}
