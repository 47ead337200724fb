namespace Croma.Datasets.Import;

/// <summary>The rows of a feature file.</summary>
/// <param name="Rows">Each sample's numbers.</param>
/// <param name="Width">Numbers a vector has.</param>
/// <param name="Sequences">Whether a sample is a sequence of vectors rather than one.</param>
internal sealed record FeatureArray(Half[][] Rows, int Width, bool Sequences)
{
    /// <summary>What each row was made from; null where the file does not say.</summary>
    public IReadOnlyList<string>? Names { get; private init; }

    /// <summary>The names of the columns, where they have some.</summary>
    public IReadOnlySet<string> Columns { get; init; } = new HashSet<string>();

    /// <summary>Reads all rows of a file that is no table.</summary>
    public static FeatureArray Read(string path)
    {
        using var file = FeatureRows.Open(path);
        var rows = file.Read().ToList();
        return new FeatureArray([.. rows.Select(row => row.Values)], file.Width, file.Sequences) { Names = rows is [{ Name: not null }, ..] ? [.. rows.Select(row => row.Name!)] : null };
    }
}
