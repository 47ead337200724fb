using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>What a table says of samples, by columns that all but <c>label</c> may be missing or empty.</summary>
internal sealed class ItemTable
{
    public const string Path = "path", Text = "text", Modality = "modality", Name = "name";
    private const string Label = "label", Pair = "pair", Group = "group", Origin = "origin", Split = "split", Role = "role";

    /// <summary>All columns that mean something.</summary>
    public static IReadOnlyList<string> Columns { get; } = [Path, Text, Modality, Name, Label, Pair, Group, Origin, Split, Role];

    private readonly CsvTable _table;
    private readonly int _label;
    private readonly Dictionary<string, int> _columns = [];

    public ItemTable(CsvTable table)
    {
        _table = table;
        foreach (var (i, name) in table.Columns.Index())
            if (Columns.Contains(name) && !_columns.TryAdd(name, i)) throw new CromaException($"{table.Name}: the column '{Quoted.Short(name)}' comes twice");
        _label = table.Column(Label);
    }

    public int Count => _table.Rows.Count;

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    public string Where(int row) => _table.Where(row);

    /// <summary>A field; null where the column is missing or the field empty.</summary>
    public string? Field(int row, string column) => _columns.TryGetValue(column, out var i) && _table.Rows[row][i] is { Length: > 0 } field ? field : null;

    /// <summary>A sentence on columns that are not used, or null.</summary>
    /// <param name="expected">Columns that have another use here.</param>
    public string? Unused(Func<string, bool>? expected = null)
    {
        string[] unused = [.. _table.Columns.Where(c => !Columns.Contains(c) && expected?.Invoke(c) != true)];
        return unused.Length == 0 ? null : $"{_table.Name}: not used: {string.Join(", ", unused.Take(10).Select(Quoted.Short))} (columns that are: {string.Join(", ", Columns)}).";
    }

    /// <summary>A row as a sample, without its content.</summary>
    public ImportItem Item(int row)
    {
        var label = _table.Rows[row][_label].Trim();
        if (label.Length == 0) throw new CromaException($"{Where(row)}: the label is empty; every sample is of a class");
        return new ImportItem(Where(row), label)
        {
            Pair = Field(row, Pair),
            Group = Field(row, Group),
            Origin = Field(row, Origin),
            Split = Field(row, Split) switch
            {
                null => null,
                "meta-train" or "train" => ConceptSplit.MetaTrain,
                "meta-validation" or "validation" => ConceptSplit.MetaValidation,
                "meta-test" or "test" => ConceptSplit.MetaTest,
                var other => throw new CromaException($"{Where(row)}: the split '{Quoted.Short(other)}' is none of meta-train, meta-validation, meta-test"),
            },
            Part = Field(row, Role) switch
            {
                null => null,
                "alignment" => Data.Part.Alignment,
                "source" => Data.Part.Source,
                "target" => Data.Part.Target,
                var other => throw new CromaException($"{Where(row)}: the role '{Quoted.Short(other)}' is none of alignment, source, target"),
            },
        };
    }
}
