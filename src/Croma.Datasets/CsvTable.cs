namespace Croma.Datasets;

/// <summary>
/// A table with named columns, from a CSV file with a header (RFC 4180: fields that hold commas, quotation marks or line ends
/// stand in quotation marks). Text must be UTF-8.
/// </summary>
internal sealed class CsvTable
{
    private const long LargestFile = 256 << 20;

    private readonly IReadOnlyList<int> _lines;

    public CsvTable(string name, IReadOnlyList<string> columns, IReadOnlyList<(int Line, string[] Fields)> rows) =>
        (Name, Columns, Rows, _lines) = (name, columns, [.. rows.Select(r => r.Fields)], [.. rows.Select(r => r.Line)]);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows below the header.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Where a row stands, for messages.</summary>
    public string Where(int row) => $"{Name}, line {_lines[row]}";

    /// <summary>Reads a file.</summary>
    /// <exception cref="CromaException">It is missing, too large, not UTF-8, or a row has another number of fields than the header.</exception>
    public static CsvTable Read(string path) => Parse(ReadText(path), path);

    /// <summary>Reads a file's text.</summary>
    public static string ReadText(string path) => Utf8Text.Decode(ReadBytes(path), path);

    /// <summary>Reads a file's bytes.</summary>
    public static byte[] ReadBytes(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CromaException($"{path}: the file is missing");
        if (file.Length > LargestFile) throw new CromaException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read");
        return File.ReadAllBytes(path);
    }

    /// <summary>Parses a text that messages call <paramref name="name"/>.</summary>
    public static CsvTable Parse(string text, string name)
    {
        var rows = new CsvRows(new StringReader(text), name);
        return new CsvTable(name, rows.Columns, [.. rows.Read()]);
    }

    /// <summary>The place of a column, or -1.</summary>
    public int Find(string name) => Find(Columns, name);

    /// <summary>The place of a column among others, or -1.</summary>
    public static int Find(IReadOnlyList<string> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
            if (columns[i] == name) return i;
        return -1;
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="CromaException">There is no such column.</exception>
    public int Column(string name) => Find(name) is >= 0 and var column ? column : throw new CromaException($"{Name}: there is no column '{name}'; there are {string.Join(", ", Columns.Take(20).Select(Quoted.Short))}");
}
