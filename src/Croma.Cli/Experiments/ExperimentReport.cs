using System.Xml.Linq;
using Croma.Cli.Report;
using Croma.Cli.Report.Sections;

namespace Croma.Cli.Experiments;

/// <summary>An experiment's outcome as one HTML page.</summary>
internal static class ExperimentReport
{
    public static string Render(ExperimentResult result) =>
        HtmlPage.Render(result.Title,
        [
            Summary(result),
            .. result.Outcome.Tables.Select((table, i) => Draw(table, i, result.Outcome.Test)),
            .. result.Outcome.Predictions is { } predictions ? new[] { ExamplesSection.Draw(predictions) } : [],
            .. result.Outcome.Retrieved is { } retrieved ? new[] { ExamplesSection.Draw(retrieved) } : [],
        ]);

    private static XElement Summary(ExperimentResult result)
    {
        var outcome = result.Outcome;
        (string Name, string? Value)[] facts =
        [
            ("Scale", result.Scale),
            ("Data set", outcome.Dataset is { } data ? $"{data.Name}, SHA-256 {data.Sha256}" : null),
            ("Episodes", outcome.Episodes is { } e ? $"{e.Tasks} tasks, {e.Ways} ways, {e.Queries} queries a class, SHA-256 {e.Sha256}" : null),
            ("Test", outcome.Test),
            ("Version", $"Croma {result.Version}"),
            ("Seed", $"{result.Seed}"),
            ("To repeat", $"./croma reproduce {result.Experiment} --scale {result.Scale}" + (result.Seed == 1 ? "" : $" --seed {result.Seed}")),
        ];
        return Markup.Section("shows", "What it shows",
            Markup.Block("p", "lead", $"It should show: {result.Expectation}"),
            Markup.Table("Claims, and whether these figures bear them out", ["Claim", "Holds here", "Evidence"],
                outcome.Findings.Select(f => (IEnumerable<object>)[f.Claim, f.Holds ? "yes" : new XElement("strong", "no"), f.Evidence])),
            outcome.Notes.Select(n => Markup.Block("p", "note", n)),
            Markup.Block("dl", "facts", facts.Where(f => f.Value != null).Select(f => new XElement("div", new XElement("dt", f.Name), new XElement("dd", f.Value)))));
    }

    private static XElement Draw(ExperimentTable table, int number, string? test)
    {
        var grid = new ExperimentGrid(table);
        var caption = $"{table.Unit}; mean ± standard deviation [95 % confidence interval of the mean]" + (test != null && table.Cells.Any(c => c.HolmP != null) ? $"; p: {test}" : "");
        return Markup.Section($"table-{number}", table.Title,
            new XElement("figure", Markup.Panels(ExperimentCharts.Of(table)), ExperimentCharts.IsOfCurves(table) ? Markup.Legend(ExperimentCharts.Rows(table).Select((row, i) => (row, Markup.CurveSample(i)))) : null, Bands(table)),
            Markup.Table(caption, [table.Columns, .. grid.Columns], grid.Rows.Select(row => (IEnumerable<object>)
            [
                grid.Reads(row) is { } read ? new object[] { row, Markup.Block("span", "reads", $"#target {read.Samples:N0} ({read.Labels:N0})") } : row,
                .. grid.Columns.Select(column => grid[row, column] is { } cell ? (object)Cell(cell, table.Format) : "–"),
            ])));
    }

    private static XElement? Bands(ExperimentTable table)
    {
        if (table.Cells.All(c => c.Ci95 == null)) return null;
        return new XElement("figcaption", ExperimentCharts.IsOfCurves(table) ? "Line = mean, band = 95 % confidence interval of the mean." : "Dot = mean, line = 95 % confidence interval of the mean.");
    }

    private static object[] Cell(ExperimentCell cell, string format) =>
        [.. CellText.Parts(cell, format).SelectMany(part => new object[] { Markup.Block("span", "number", part), " " }), .. CellText.Beside(cell, format).Select(text => Markup.Block("span", "reads", text))];
}
