using System.Text;

namespace Croma.Datasets;

/// <summary>A CSV file with a header: fields by the names of their columns, quoted where they hold commas or quotes.</summary>
internal sealed class CsvTable
{
    private const long LargestFile = 64 << 20;

    private readonly string _name;
    private readonly string[] _columns;

    private CsvTable(string name, string[] columns, IReadOnlyList<string[]> rows) => (_name, _columns, Rows) = (name, columns, rows);

    /// <summary>The rows below the header.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CromaException">It is missing, too large, or a row has another number of fields than the header.</exception>
    public static CsvTable Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CromaException($"{path}: the file is missing");
        if (file.Length > LargestFile) throw new CromaException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Parses a text that messages call <paramref name="name"/>.</summary>
    public static CsvTable Parse(string text, string name)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        var rows = lines.Index().Where(line => line.Item.Length > 0).Select(line => (Number: line.Index + 1, Fields: Fields(line.Item))).ToList();
        if (rows.Count == 0) throw new CromaException($"{name}: the file is empty; a header line was expected");
        var columns = rows[0].Fields;
        foreach (var (number, fields) in rows)
            if (fields.Length != columns.Length) throw new CromaException($"{name}, line {number}: there are {fields.Length} fields; the header has {columns.Length}");
        return new CsvTable(name, columns, [.. rows.Skip(1).Select(row => row.Fields)]);
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="CromaException">There is no such column.</exception>
    public int Column(string name)
    {
        var column = Array.IndexOf(_columns, name);
        return column >= 0 ? column : throw new CromaException($"{_name}: there is no column '{name}'; there are {string.Join(", ", _columns)}");
    }

    /// <summary>Whether there is a column of this name.</summary>
    public bool Has(string name) => _columns.Contains(name);

    private static string[] Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString());
        return [.. fields];
    }
}
