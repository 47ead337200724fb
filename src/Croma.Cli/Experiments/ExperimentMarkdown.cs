using System.Text;

namespace Croma.Cli.Experiments;

/// <summary>An experiment's outcome as Markdown, for a page about results.</summary>
internal static class ExperimentMarkdown
{
    /// <summary>The file with the drawing of one of the tables.</summary>
    public static string Picture(string stem, int table) => $"{stem}-{table + 1}.svg";

    /// <summary>The page.</summary>
    /// <param name="result">What came out.</param>
    /// <param name="stem">What the names of its pictures, which lie beside it, begin with.</param>
    public static byte[] Of(ExperimentResult result, string stem)
    {
        var text = new StringBuilder();
        text.Append($"# {result.Title}\n\n{result.Expectation}\n\n");
        text.Append($"Scale `{result.Scale}`, seed {result.Seed}, Croma {result.Version}; {result.Machine}; {TimeSpan.FromSeconds(result.Seconds):h\\:mm\\:ss} (runs that were there already take no time).\n");
        if (result.Outcome is { Dataset: { } dataset, Episodes: { } episodes })
            text.Append($"Data set `{dataset.Name}` (SHA-256 {dataset.Sha256}); {episodes.Tasks} planned tasks of {episodes.Ways} ways and {episodes.Queries} queries a class, the same for all (SHA-256 {episodes.Sha256}).\n");
        foreach (var note in result.Outcome.Notes) text.Append($"\n- {note}");
        foreach (var (i, table) in result.Outcome.Tables.Index()) Write(text.Append('\n'), table, Picture(stem, i));
        if (result.Outcome.Test is { } test) text.Append($"\np: {test}.\n");
        if (result.Outcome.Findings.Count > 0) text.Append("\n## What the paper says, and whether it holds here\n");
        foreach (var finding in result.Outcome.Findings) text.Append($"\n- {(finding.Holds ? "Holds" : "**Does not hold**")}: {finding.Claim} {finding.Evidence}");
        return Encoding.UTF8.GetBytes(text.Append(result.Outcome.Findings.Count > 0 ? "\n" : "").ToString());
    }

    private static void Write(StringBuilder text, ExperimentTable table, string picture)
    {
        var grid = new ExperimentGrid(table);
        var reads = grid.Rows.Any(r => grid.Reads(r) != null);
        text.Append($"\n## {table.Title}\n\n{table.Unit}: mean ± standard deviation over the repeats, [95 % confidence interval].\n\n");
        Row([table.Columns, .. grid.Columns, .. reads ? ["#target (labels)"] : Array.Empty<string>()]);
        Row(Enumerable.Repeat("---", 1 + grid.Columns.Count + (reads ? 1 : 0)));
        foreach (var row in grid.Rows)
        {
            var cells = grid.Columns.Select(column => grid[row, column] is { } cell ? string.Join("<br>", [CellText.Figure(cell, table.Format), .. CellText.Beside(cell, table.Format)]) : "");
            Row([row, .. cells, .. reads ? [grid.Reads(row) is { } read ? $"{read.Samples} ({read.Labels})" : ""] : Array.Empty<string>()]);
        }
        text.Append($"\n![{table.Title}: {(ExperimentCharts.IsOfCurves(table) ? "line and band" : "dot and line")} are mean and 95 % confidence interval]({picture})\n");

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
