namespace Croma.Compute;

/// <summary>
/// How a weight matrix of <c>rows</c> inputs by <c>columns</c> outputs lies in memory: panels of 64 output columns,
/// each <c>[rows][64]</c>, so that a micro-kernel streams a panel once. The last panel is as wide as what is left,
/// rounded up to 16 columns; the padding is zero and stays zero.
/// </summary>
internal static class Panels
{
    /// <summary>Output columns of a full panel.</summary>
    public const int Width = 64;

    /// <summary>Columns are padded to a multiple of this; activations use it as their stride's granularity too.</summary>
    public const int Granularity = 16;

    /// <summary><paramref name="columns"/> rounded up to the granularity.</summary>
    public static int Padded(int columns) => (columns + Granularity - 1) & ~(Granularity - 1);

    /// <summary>Numbers that a matrix takes up.</summary>
    public static int Size(int rows, int columns) => rows * Padded(columns);

    /// <summary>Columns of the panel that starts at column <paramref name="start"/>: 16, 32, 48 or 64.</summary>
    public static int WidthAt(int start, int columns) => Math.Min(Width, Padded(columns) - start);

    /// <summary>Where element (row, column) lies, counted from the matrix's first number.</summary>
    public static int Offset(int row, int column, int rows, int columns)
    {
        var start = column & ~(Width - 1);
        return start * rows + row * WidthAt(start, columns) + (column - start);
    }
}
