namespace Croma.Cli.Experiments;

/// <summary>A table's places in the orientation in which it is narrower: many columns become rows.</summary>
internal sealed class ExperimentGrid
{
    private const int MostColumns = 5;

    private readonly Dictionary<(string Row, string Column), ExperimentCell> _cells;
    private readonly bool _turned;

    public ExperimentGrid(ExperimentTable table)
    {
        _cells = table.Cells.ToDictionary(c => (c.Row, c.Column));
        string[] rows = [.. table.Cells.Select(c => c.Row).Distinct()], columns = [.. table.Cells.OrderBy(c => c.X).Select(c => c.Column).Distinct()];
        _turned = columns.Length > MostColumns && columns.Length > rows.Length;
        (Rows, Columns) = _turned ? (columns, rows) : (rows, columns);
    }

    /// <summary>The rows' headings.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>The columns' headings.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>A place; null where there is none.</summary>
    public ExperimentCell? this[string row, string column] => _cells.GetValueOrDefault(_turned ? (column, row) : (row, column));

    /// <summary>What the row read of the target in meta-training, where that has a meaning.</summary>
    public (int Samples, int Labels)? Reads(string row) =>
        !_turned && _cells.Values.First(c => c.Row == row) is { TargetSamples: { } samples, TargetLabels: { } labels } ? (samples, labels) : null;
}
