namespace Croma.Compute;

/// <summary>How a named block of parameters lies in memory.</summary>
internal enum BlockForm
{
    /// <summary>One run of numbers, padded: a bias, a scale.</summary>
    Vector,

    /// <summary>Row-major, rows padded: an embedding table.</summary>
    Rows,

    /// <summary>A weight [inputs, outputs] in <see cref="Panels"/>.</summary>
    Panels,

    /// <summary>A weight [inputs, 4 hidden] in panels whose 64 columns are the gates [i16 f16 g16 o16] of 16 units.</summary>
    GatePanels,

    /// <summary>A bias [4 hidden] in the same order of columns.</summary>
    GateVector,
}

/// <summary>A named block of a <see cref="ParameterVector"/>.</summary>
/// <param name="Name">Its name in checkpoints, for example "lstm.0.weight_hh".</param>
/// <param name="Rows">Inputs of a weight, entries of a table; 1 for a vector.</param>
/// <param name="Columns">Outputs of a weight, width of a table, length of a vector.</param>
/// <param name="Offset">Where it starts in the vector.</param>
public sealed record ParameterBlock(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Its place among the layout's blocks.</summary>
    internal int Index { get; init; }

    internal BlockForm Form { get; init; }

    /// <summary>Half the width of the uniform, or the standard deviation of the normal distribution it starts from.</summary>
    internal double InitialScale { get; init; }

    internal bool InitiallyNormal { get; init; }

    /// <summary>The value it starts from before noise of <see cref="InitialScale"/>.</summary>
    internal double InitialValue { get; init; }

    internal int Size => Rows * Panels.Padded(Columns);

    /// <summary>Where logical element (row, column) lies in the vector; gates in the order i, f, g, o, as PyTorch has them.</summary>
    internal int Position(int row, int column) => Offset + Form switch
    {
        BlockForm.Panels => Panels.Offset(row, column, Rows, Columns),
        BlockForm.GatePanels => Panels.Offset(row, GateColumn(column), Rows, Columns),
        BlockForm.GateVector => GateColumn(column),
        _ => row * Panels.Padded(Columns) + column,
    };

    private int GateColumn(int column)
    {
        var hidden = Columns / 4;
        var (gate, unit) = (column / hidden, column % hidden);
        return unit / 16 * 64 + gate * 16 + unit % 16;
    }
}

/// <summary>The names, shapes and places of all parameters of one network. Layers add to it when they are made.</summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterBlock> _blocks = [];

    public IReadOnlyList<ParameterBlock> Blocks => _blocks;

    /// <summary>Numbers in a vector of this layout, padding included.</summary>
    public int Size { get; private set; }

    /// <summary>Parameters, padding not counted.</summary>
    public long ParameterCount => _blocks.Sum(b => (long)b.Rows * b.Columns);

    internal ParameterBlock Add(string name, int rows, int columns, BlockForm form, double scale, bool normal = false, double value = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (Size + (long)rows * Panels.Padded(columns) > int.MaxValue) throw new ArgumentException($"With '{name}' [{rows}, {columns}] there are more than 2^31 - 1 parameters.", nameof(rows));
        if (_blocks.Any(b => b.Name == name)) throw new ArgumentException($"There is a block '{name}' already.", nameof(name));
        var block = new ParameterBlock(name, rows, columns, Size) { Index = _blocks.Count, Form = form, InitialScale = scale, InitiallyNormal = normal, InitialValue = value };
        _blocks.Add(block);
        Size += block.Size;
        return block;
    }
}
