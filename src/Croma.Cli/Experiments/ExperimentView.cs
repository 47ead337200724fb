using Spectre.Console;
using Spectre.Console.Rendering;

namespace Croma.Cli.Experiments;

/// <summary>An experiment's outcome as people read it in a terminal.</summary>
internal static class ExperimentView
{
    public static Rows Of(ExperimentResult result) => new(Parts(result));

    private static IEnumerable<IRenderable> Parts(ExperimentResult result)
    {
        yield return new Text($"{result.Title} (scale {result.Scale}, seed {result.Seed})");
        foreach (var table in result.Outcome.Tables)
        {
            yield return new Text($"\n{table.Title}; {table.Unit}");
            yield return Body(table);
        }
        if (result.Outcome.Test is { } test) yield return new Text($"p: {test}");
        yield return new Text("");
        foreach (var finding in result.Outcome.Findings) yield return new Text($"{(finding.Holds ? "holds" : "DOES NOT HOLD")}: {finding.Claim} {finding.Evidence}");
        foreach (var note in result.Outcome.Notes) yield return new Text($"note: {note}");
        yield return new Text($"report: {result.Report}");
    }

    private static Table Body(ExperimentTable table)
    {
        var grid = new ExperimentGrid(table);
        var body = new Table().RoundedBorder().AddColumn(table.Columns);
        foreach (var column in grid.Columns) body.AddColumn(new TableColumn(column).RightAligned());
        var reads = grid.Rows.Any(r => grid.Reads(r) != null);
        if (reads) body.AddColumn(new TableColumn("#target (labels)").RightAligned());
        foreach (var row in grid.Rows)
        {
            IEnumerable<string> cells = [row, .. grid.Columns.Select(column => grid[row, column] is { } cell ? string.Join('\n', [CellText.Figure(cell, table.Format), .. CellText.Beside(cell, table.Format)]) : "")];
            if (reads) cells = cells.Append(grid.Reads(row) is { } read ? $"{read.Samples} ({read.Labels})" : "");
            body.AddRow(cells.Select(c => new Text(c)));
        }
        return body;
    }
}
