namespace Croma.Datasets.Import;

/// <summary>A manifest: a CSV or JSON-lines file with a line a sample of either modality, which names a file or holds a text.</summary>
internal static class ManifestFile
{
    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The file; paths in it are relative to its folder and may not leave it.</param>
    /// <param name="source">The source modality's name in the column <c>modality</c>.</param>
    /// <param name="target">The target modality's.</param>
    /// <param name="notes">Gets what the user should know.</param>
    /// <exception cref="CromaException">A row is not what it should be; the message names its line.</exception>
    public static (ImportSide Source, ImportSide Target) Read(string path, string source, string target, List<string> notes)
    {
        var rows = Table(path);
        if (rows.Unused() is { } unused) notes.Add(unused);
        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var sides = new Dictionary<string, List<ImportItem>>(StringComparer.Ordinal) { [source] = [], [target] = [] };
        for (var row = 0; row < rows.Count; row++)
        {
            var modality = rows.Field(row, ItemTable.Modality) ?? throw new CromaException($"{rows.Where(row)}: there is no 'modality'; it names '{source}' or '{target}'");
            if (!sides.TryGetValue(modality, out var items))
                throw new CromaException($"{rows.Where(row)}: the modality '{Quoted.Short(modality)}' is neither '{source}' (--source) nor '{target}' (--target); a data set has two");
            items.Add(Content(rows, row, root));
        }
        var from = Path.GetFileName(path);
        return (Side(source), Side(target));

        ImportSide Side(string modality) => sides[modality].Count > 0
            ? SampleFiles.Side(modality, from, sides[modality])
            : throw new CromaException($"{path}: there are no samples of the modality '{modality}'");
    }

    /// <summary>Reads samples of one modality: a column <c>modality</c> is not looked at.</summary>
    /// <param name="path">The file; paths in it are relative to its folder and may not leave it.</param>
    /// <param name="modality">What messages call it.</param>
    public static ImportSide Read(string path, string modality)
    {
        var rows = Table(path);
        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<ImportItem> items = [.. Enumerable.Range(0, rows.Count).Select(row => Content(rows, row, root))];
        return items.Count > 0 ? SampleFiles.Side(modality, Path.GetFileName(path), items) : throw new CromaException($"{path}: there are no samples");
    }

    /// <summary>Reads every line: what it says of the sample, and that the file it names is there and does not lie outside the manifest's folder.</summary>
    /// <exception cref="CromaException">A row is not what it should be; the message names its line.</exception>
    public static void Check(string path)
    {
        var rows = Table(path);
        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        for (var row = 0; row < rows.Count; row++) Content(rows, row, root);
    }

    private static ImportItem Content(ItemTable rows, int row, string root)
    {
        var (file, text) = (rows.Field(row, ItemTable.Path), rows.Field(row, ItemTable.Text));
        if (file is null == text is null) throw new CromaException($"{rows.Where(row)}: a sample has either a 'path' or a 'text'");
        return rows.Item(row) with { File = file is null ? null : InputPaths.Within(root, file, rows.Where(row)), Text = text };
    }

    private static ItemTable Table(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => new ItemTable(CsvTable.Read(path)),
        ".jsonl" or ".ndjson" => new ItemTable(JsonLines.Read(path, ItemTable.Columns)),
        var other => throw new CromaException($"{path}: a manifest is a .csv or a .jsonl file, not '{other}'"),
    };
}
