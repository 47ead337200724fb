using System.Text;
using Croma.Data.Formats;

namespace Croma.Datasets;

/// <summary>The rows of a CSV file below its header (see <see cref="CsvTable"/>), one after the other; none is kept.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int LongestRow = 1 << 24;

    private readonly TextReader _reader;
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private readonly string _name;
    private int _line = 1, _length;

    /// <param name="reader">The text; disposed of with it.</param>
    /// <param name="name">What messages call it.</param>
    public CsvRows(TextReader reader, string name)
    {
        (_reader, _name) = (reader, name);
        Columns = NextRow()?.Fields ?? throw new CromaException($"{name}: the file is empty; a header line was expected");
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Opens a file of any length.</summary>
    /// <exception cref="CromaException">It is missing or empty, or not UTF-8.</exception>
    public static CsvRows Open(string path)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: the file is missing");
        var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        try
        {
            return new CsvRows(reader, path);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The rows that follow, with the lines on which they begin; empty lines are passed over.</summary>
    /// <exception cref="CromaException">A row has another number of fields than the header, or is not what it should be.</exception>
    public IEnumerable<(int Line, string[] Fields)> Read()
    {
        while (NextRow() is { } row)
        {
            if (row.Fields.Length != Columns.Count) throw new CromaException($"{_name}, line {row.Line}: there are {row.Fields.Length} fields; the header has {Columns.Count}");
            yield return row;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private (int Line, string[] Fields)? NextRow()
    {
        try
        {
            if (_line == 1) Take('\uFEFF');
            while (_reader.Peek() >= 0)
                if (Row() is var row && row.Fields is not [""]) return row;
            return null;
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException(_name, -1, $"the text is not UTF-8 near line {_line}; save it as UTF-8", e);
        }
        catch (IOException e)
        {
            throw new CromaException($"{_name}: cannot be read: {e.Message}", e);
        }
    }

    private (int Line, string[] Fields) Row()
    {
        var line = _line;
        _length = 0;
        _fields.Clear();
        do _fields.Add(Field());
        while (Take(','));
        Take('\r');
        if (Take('\n')) _line++;
        else if (_reader.Peek() >= 0) throw new CromaException($"{_name}, line {_line}: something follows a closing quotation mark; a quotation mark within a field is written twice");
        return (line, [.. _fields]);
    }

    private string Field()
    {
        var field = _field.Clear();
        if (!Take('"'))
        {
            while (_reader.Peek() is >= 0 and not (',' or '\n' or '\r')) Append(field);
            return field.ToString();
        }
        var opened = _line;
        while (_reader.Peek() >= 0)
        {
            if (Take('"'))
            {
                if (!Take('"')) return field.ToString();
                field.Append('"');
                continue;
            }
            if (_reader.Peek() == '\n') _line++;
            Append(field);
        }
        throw new CromaException($"{_name}, line {opened}: a quotation mark is never closed");
    }

    private void Append(StringBuilder field)
    {
        if (++_length > LongestRow) throw new CromaException($"{_name}, line {_line}: the row has more than {LongestRow} characters");
        field.Append((char)_reader.Read());
    }

    private bool Take(char c)
    {
        if (_reader.Peek() != c) return false;
        _reader.Read();
        return true;
    }
}
