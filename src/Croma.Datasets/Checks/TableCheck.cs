using Croma.Datasets.Import;

namespace Croma.Datasets.Checks;

/// <summary>Checks a CSV table or JSON lines by their columns: a manifest, labels, names, or features.</summary>
internal static class TableCheck
{
    private const string LabelsEnding = ".labels.csv", Label = "label";

    /// <exception cref="CromaException">It is not sound; the message names the line.</exception>
    public static void Read(string path, CancellationToken cancellation)
    {
        if (!Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            ManifestFile.Check(path);
            return;
        }
        using var rows = CsvRows.Open(path);
        var columns = rows.Columns;
        var hasLabels = columns.Contains(Label);
        if (hasLabels && (columns.Contains(ItemTable.Modality) || columns.Contains(ItemTable.Text) || (columns.Contains(ItemTable.Path) && !path.EndsWith(LabelsEnding, StringComparison.OrdinalIgnoreCase))))
        {
            ManifestFile.Check(path);
            return;
        }
        if (hasLabels && path.EndsWith(LabelsEnding, StringComparison.OrdinalIgnoreCase))
        {
            var items = new ItemTable(CsvTable.Read(path));
            for (var i = 0; i < items.Count; i++) items.Item(i);
            return;
        }
        if (columns.All(ItemTable.Columns.Contains))
        {
            foreach (var _ in rows.Read()) cancellation.ThrowIfCancellationRequested();
            return;
        }
        var features = new FeatureColumns(path, columns);
        foreach (var (i, (line, fields)) in rows.Read().Index())
        {
            cancellation.ThrowIfCancellationRequested();
            features.Read(fields, $"{path}, line {line}", i);
        }
    }
}
