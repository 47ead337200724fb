using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>A file of features made elsewhere: an array with a row a sample, and a table of their labels.</summary>
internal static class FeatureFile
{
    private const string LabelsEnding = ".labels.csv";

    /// <summary>Endings of feature files.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".npy", ".npz", ".safetensors", ".csv"];

    /// <summary>Reads features and labels.</summary>
    /// <param name="path">.npy, .npz, .safetensors, or .csv.</param>
    /// <param name="labels">The table of labels; null: the one beside the file, or the folders of the files that `croma encode` encoded.</param>
    /// <param name="modality">The modality's name.</param>
    /// <param name="notes">Gets what the user should know.</param>
    /// <exception cref="CromaException">They are not what they should be, or do not fit each other.</exception>
    public static ImportSide Read(string path, string? labels, string modality, List<string> notes)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: there is no such file or folder");
        var table = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? CsvTable.Read(path) : null;
        var array = table is null ? FeatureArray.Read(path) : FromCsv(table);
        var ownLabels = labels is null && table?.Find("label") >= 0;
        if (!ownLabels && labels is null)
        {
            labels = Path.ChangeExtension(path, null) + LabelsEnding;
            if (!File.Exists(labels) && array.Names is { } encoded && encoded.Count == array.Rows.Length) return Side([.. encoded.Select((name, i) => FromPath(path, name, i))], [.. Enumerable.Range(0, encoded.Count)]);
            if (!File.Exists(labels)) throw new CromaException($"{path}: its labels are missing: put them into '{labels}', a CSV file with the column 'label' and a line a row, or name the file with --source-labels or --target-labels");
        }
        var items = new ItemTable(ownLabels ? table! : CsvTable.Read(labels!));
        if (items.Unused(ownLabels ? array.Columns.Contains : null) is { } unused) notes.Add(unused);
        var key = items.Has(ItemTable.Name) ? ItemTable.Name : ItemTable.Path;
        var rows = array.Names is not null && items.Has(key) ? ByName(path, array.Names, items, key, notes) : ByOrder(path, array, items);
        return Side([.. Enumerable.Range(0, items.Count).Select(items.Item)], rows);

        ImportSide Side(ImportItem[] samples, int[] rows) => new(modality, Path.GetFileName(path), samples, context =>
        {
            foreach (var _ in rows) context.Done();
            return LoadedSamples.Vectors([.. rows.Select(row => array.Rows[row])], array.Width, array.Sequences);
        });
    }

    /// <summary>How many dimensions a .npy file's array has.</summary>
    public static int Dimensions(string path)
    {
        using var array = NpyReader.Open(path);
        return array.Shape.Count;
    }

    /// <summary>What `croma encode` made of CLASS/FILE: the class is the file's folder.</summary>
    private static ImportItem FromPath(string features, string path, int row)
    {
        var label = Path.GetFileName(Path.GetDirectoryName(path) ?? "");
        return label.Length > 0 ? new ImportItem($"{features}, row {row}", label) { FileName = $"{label}/{Path.GetFileNameWithoutExtension(path)}" }
            : throw new CromaException($"{features}, row {row}: '{path}' lies in no folder that would name its class: put the labels into '{Path.ChangeExtension(features, null) + LabelsEnding}'");
    }

    private static int[] ByOrder(string path, FeatureArray array, ItemTable items) => items.Count == array.Rows.Length
        ? [.. Enumerable.Range(0, items.Count)]
        : throw new CromaException($"{path}: it has {array.Rows.Length} rows and its labels {items.Count}; there must be a label a row, in the same order");

    private static int[] ByName(string path, IReadOnlyList<string> names, ItemTable items, string key, List<string> notes)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, name) in names.Index())
            if (!places.TryAdd(name, i)) throw new CromaException($"{path}: the name '{name}' comes twice");
        var rows = new int[items.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var name = items.Field(i, key) ?? throw new CromaException($"{items.Where(i)}: the {key} is empty");
            if (!places.Remove(name, out rows[i])) throw new CromaException($"{items.Where(i)}: '{path}' has no row '{name}', or it has a label already");
        }
        if (places.Count > 0) notes.Add($"{path}: {places.Count} of {names.Count} rows have no label and are left out ({string.Join(", ", places.Keys.Take(3))}{(places.Count > 3 ? ", ..." : "")}).");
        return rows;
    }

    private static FeatureArray FromCsv(CsvTable table)
    {
        var columns = new FeatureColumns(table.Name, table.Columns);
        if (table.Rows.Count == 0) throw new CromaException($"{table.Name}: there are no rows below the header");
        return new FeatureArray([.. table.Rows.Select((row, i) => columns.Read(row, table.Where(i), i))], columns.Count, false) { Columns = columns.Names.ToHashSet() };
    }
}
