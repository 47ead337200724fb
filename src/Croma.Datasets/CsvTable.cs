using System.Text;
using Croma.Data.Formats;

namespace Croma.Datasets;

/// <summary>
/// A table with named columns, from a CSV file with a header (RFC 4180: fields that hold commas, quotation marks or line ends
/// stand in quotation marks). Text must be UTF-8.
/// </summary>
internal sealed class CsvTable
{
    private const long LargestFile = 256 << 20;

    private readonly IReadOnlyList<int> _lines;

    /// <param name="name">What messages call it.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The rows' fields.</param>
    /// <param name="lines">The line on which each begins.</param>
    public CsvTable(string name, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, IReadOnlyList<int> lines) => (Name, Columns, Rows, _lines) = (name, columns, rows, lines);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows below the header; those of JSON lines end before the columns that were not asked for.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Where a row stands, for messages.</summary>
    public string Where(int row) => $"{Name}, line {_lines[row]}";

    /// <summary>Reads a file.</summary>
    /// <exception cref="CromaException">It is missing, too large, not UTF-8, or a row has another number of fields than the header.</exception>
    public static CsvTable Read(string path)
    {
        RequireSize(path);
        try
        {
            using var rows = CsvRows.Open(path);
            return Of(path, rows);
        }
        catch (DataFormatException e) when (e.InnerException is DecoderFallbackException)
        {
            // which says where
            Utf8Text.Require(File.ReadAllBytes(path), path);
            throw;
        }
    }

    /// <summary>Reads a file's bytes.</summary>
    public static byte[] ReadBytes(string path)
    {
        RequireSize(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Parses a text that messages call <paramref name="name"/>.</summary>
    public static CsvTable Parse(string text, string name)
    {
        using var rows = new CsvRows(new StringReader(text), name);
        return Of(name, rows);
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

    private static CsvTable Of(string name, CsvRows from)
    {
        var (rows, lines) = (new List<string[]>(), new List<int>());
        foreach (var (line, fields) in from.Read())
        {
            rows.Add(fields);
            lines.Add(line);
        }
        return new CsvTable(name, from.Columns, rows, lines);
    }

    private static void RequireSize(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CromaException($"{path}: the file is missing");
        if (file.Length > LargestFile) throw new CromaException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read");
    }
}
