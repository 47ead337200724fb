using System.Globalization;

namespace Croma.Datasets.Import;

/// <summary>The columns of a table that are features: all that say nothing else of a sample.</summary>
internal sealed class FeatureColumns
{
    private readonly IReadOnlyList<string> _names;
    private readonly string _file;
    private readonly int[] _places;
    private readonly float[] _values;

    /// <param name="file">What messages call the table.</param>
    /// <param name="names">The names of all its columns.</param>
    /// <exception cref="CromaException">None is a feature.</exception>
    public FeatureColumns(string file, IReadOnlyList<string> names)
    {
        (_file, _names) = (file, names);
        _places = [.. Enumerable.Range(0, names.Count).Where(i => !ItemTable.Columns.Contains(names[i]))];
        _values = new float[_places.Length];
        if (_places.Length == 0) throw new CromaException($"{file}: there are no numbers; every column but {string.Join(", ", ItemTable.Columns)} is one of the features");
    }

    /// <summary>How many there are.</summary>
    public int Count => _places.Length;

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _places.Select(place => _names[place]);

    /// <summary>A row's features.</summary>
    /// <param name="fields">All fields.</param>
    /// <param name="where">The row's place, for messages.</param>
    /// <param name="row">Its number.</param>
    public Half[] Read(string[] fields, string where, int row)
    {
        foreach (var (i, place) in _places.Index())
            if (!float.TryParse(fields[place], NumberStyles.Float, CultureInfo.InvariantCulture, out _values[i]))
                throw new CromaException($"{where}, column '{Quoted.Short(_names[place])}': '{Quoted.Short(fields[place])}' is no number; write it as -1.5e3, or fill in what is missing");
        return HalfPrecision.Convert(_values, _values.Length, _file, row);
    }
}
