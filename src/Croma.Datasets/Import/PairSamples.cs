using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>Pairs of the two modalities for a model that is there.</summary>
/// <param name="Sources">x_s.</param>
/// <param name="Targets">x_t, in the same order.</param>
/// <param name="Groups">What each pair is of, where the table says; otherwise null.</param>
public sealed record PairSamples(MemorySamples Sources, MemorySamples Targets, IReadOnlyList<int>? Groups)
{
    private const string Source = "source", Target = "target", Group = "group";

    /// <summary>
    /// Reads a .csv or .jsonl file with a line a pair: `source` and `target` are paths below the file's folder, or, where a modality is text, the text itself; `group`
    /// may say what a pair is of, and pairs of one group are then not told apart.
    /// </summary>
    /// <param name="path">The table.</param>
    /// <param name="source">What the model's source samples look like.</param>
    /// <param name="target">What its target samples look like.</param>
    /// <param name="threads">Files decoded side by side.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The table or a file is not what it should be.</exception>
    public static PairSamples Read(string path, SampleShape source, SampleShape target, int threads, CancellationToken cancellation = default)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: there is no such file");
        var table = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? CsvTable.Read(path) : JsonLines.Read(path, Source, Target, Group);
        if (table.Rows.Count < 2) throw new CromaException($"{path}: there are {table.Rows.Count} pairs; aligning takes two or more");
        var group = table.Find(Group);
        return new PairSamples(Load(Source, source), Load(Target, target), group < 0 ? null : Number([.. table.Rows.Select(row => row[group])]));

        MemorySamples Load(string column, SampleShape shape)
        {
            var (place, root) = (table.Column(column), Path.GetDirectoryName(Path.GetFullPath(path))!);
            return SampleInput.Load(SampleFiles.Side(shape.Name, Path.GetFileName(path), [.. table.Rows.Select((row, i) => Item(row[place], table.Where(i), root, shape))]), shape, threads, cancellation);
        }
    }

    private static ImportItem Item(string cell, string where, string root, SampleShape shape) => cell.Length == 0
        ? throw new CromaException($"{where}: a pair has a '{Source}' and a '{Target}'; one is empty")
        : shape.Kind == ModalityKind.Bytes ? new ImportItem(where, "") { Text = cell } : new ImportItem(where, "") { File = InputPaths.Within(root, cell, where) };

    private static int[] Number(string[] groups)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var group in groups) numbers.TryAdd(group, numbers.Count);
        return [.. groups.Select(group => numbers[group])];
    }
}
