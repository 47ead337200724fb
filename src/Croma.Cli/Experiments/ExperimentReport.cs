using System.Xml.Linq;
using Croma.Cli.Report;
using Croma.Cli.Report.Charts;
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
        var (grid, rows) = (new ExperimentGrid(table), table.Cells.GroupBy(c => c.Row).ToList());
        var caption = $"{table.Unit}; mean ± standard deviation [95 % confidence interval of the mean]" + (test != null && table.Cells.Any(c => c.HolmP != null) ? $"; p: {test}" : "");
        return Markup.Section($"table-{number}", table.Title,
            new XElement("figure", table.Cells.All(c => c.X != null) ? Lines(table, rows) : Intervals(table, rows), Bands(table)),
            Markup.Table(caption, [table.Columns, .. grid.Columns], grid.Rows.Select(row => (IEnumerable<object>)
            [
                grid.Reads(row) is { } read ? new object[] { row, Markup.Block("span", "reads", $"#target {read.Samples:N0} ({read.Labels:N0})") } : row,
                .. grid.Columns.Select(column => grid[row, column] is { } cell ? (object)Cell(cell, table.Format) : "–"),
            ])));
    }

    private static XElement? Bands(ExperimentTable table)
    {
        if (table.Cells.All(c => c.Ci95 == null)) return null;
        return new XElement("figcaption", table.Cells.All(c => c.X != null) ? "Line = mean, band = 95 % confidence interval of the mean." : "Dot = mean, line = 95 % confidence interval of the mean.");
    }

    private static object[] Cell(ExperimentCell cell, string format) =>
        [.. CellText.Parts(cell, format).SelectMany(part => new object[] { Markup.Block("span", "number", part), " " }), .. CellText.Beside(cell, format).Select(text => Markup.Block("span", "reads", text))];

    private static object[] Lines(ExperimentTable table, List<IGrouping<string, ExperimentCell>> rows) =>
    [
        Markup.Panels(new LineChart
        {
            Title = table.Unit,
            XTitle = table.Columns,
            Label = $"{table.Title}: " + string.Join("; ", rows.Select(r => $"{r.Key} from {r.First().Mean.ToString(table.Format)} to {r.Last().Mean.ToString(table.Format)}")),
            LogarithmicX = table.LogarithmicX,
            LogarithmicY = table.LogarithmicY,
            Curves = [.. rows.Select((row, i) => new Curve(i, [.. row.OrderBy(c => c.X).Select(c => Point(c, table))]))],
        }.Draw()),
        Markup.Legend(rows.Select((row, i) => (row.Key, Markup.CurveSample(i)))),
    ];

    private static CurveValue Point(ExperimentCell cell, ExperimentTable table)
    {
        // an interval may reach below zero, where a logarithmic axis does not go
        var low = cell.Ci95?[0] is { } end && (!table.LogarithmicY || end > 0) ? end : cell.Mean;
        return new CurveValue(cell.X!.Value, cell.Mean, low, cell.Ci95?[1] ?? cell.Mean, $"{cell.Row}, {table.Columns} {cell.Column}: {CellText.Figure(cell, table.Format)}");
    }

    private static XElement Intervals(ExperimentTable table, List<IGrouping<string, ExperimentCell>> rows)
    {
        string[] names = [.. rows.Select(r => r.Key)];
        return Markup.Panels(table.Cells.Select(c => c.Column).Distinct().Select(column =>
        {
            var cells = table.Cells.Where(c => c.Column == column).ToList();
            var ends = cells.SelectMany(c => c.Ci95 ?? [c.Mean]).ToList();
            return new IntervalChart
            {
                Title = column,
                Label = $"{table.Title}, {column}: " + string.Join("; ", cells.Select(c => $"{c.Row} {CellText.Figure(c, table.Format)}")),
                Rows = [.. cells.Select(c => new Interval(c.Row, Array.IndexOf(names, c.Row), c.Mean, c.Ci95?[0] ?? c.Mean, c.Ci95?[1] ?? c.Mean, c.Mean.ToString(table.Format), false))],
                Range = (ends.Min(), ends.Max()),
            }.Draw();
        }));
    }
}
