using System.Xml.Linq;
using Croma.Cli.Report.Charts;

namespace Croma.Cli.Experiments;

/// <summary>A table's figures as drawings: curves where its columns are numbers, otherwise a dot and an interval a row.</summary>
internal static class ExperimentCharts
{
    /// <summary>Whether it is drawn as curves.</summary>
    public static bool IsOfCurves(ExperimentTable table) => table.Cells.All(c => c.X != null);

    /// <summary>The rows, in the order of their series.</summary>
    public static IReadOnlyList<string> Rows(ExperimentTable table) => [.. table.Cells.Select(c => c.Row).Distinct()];

    /// <summary>The drawings, to stand side by side.</summary>
    public static IReadOnlyList<XElement> Of(ExperimentTable table)
    {
        var rows = table.Cells.GroupBy(c => c.Row).ToList();
        return IsOfCurves(table) ? [Lines(table, rows)] : Intervals(table);
    }

    /// <summary>The same as one SVG file.</summary>
    public static byte[] ToSvg(ExperimentTable table) => SvgFile.Render($"{table.Title}; {table.Unit}", Of(table), IsOfCurves(table) ? Rows(table) : []);

    private static XElement Lines(ExperimentTable table, List<IGrouping<string, ExperimentCell>> rows) => new LineChart
    {
        Title = table.Unit,
        XTitle = table.Columns,
        Label = $"{table.Title}: " + string.Join("; ", rows.Select(r => $"{r.Key} from {r.First().Mean.ToString(table.Format)} to {r.Last().Mean.ToString(table.Format)}")),
        LogarithmicX = table.LogarithmicX,
        LogarithmicY = table.LogarithmicY,
        Curves = [.. rows.Select((row, i) => new Curve(i, [.. row.OrderBy(c => c.X).Select(c => Point(c, table))]))],
    }.Draw();

    private static CurveValue Point(ExperimentCell cell, ExperimentTable table)
    {
        // an interval may reach below zero, where a logarithmic axis does not go
        var low = cell.Ci95?[0] is { } end && (!table.LogarithmicY || end > 0) ? end : cell.Mean;
        return new CurveValue(cell.X!.Value, cell.Mean, low, cell.Ci95?[1] ?? cell.Mean, $"{cell.Row}, {table.Columns} {cell.Column}: {CellText.Figure(cell, table.Format)}");
    }

    private static XElement[] Intervals(ExperimentTable table)
    {
        var names = Rows(table);
        return [.. table.Cells.GroupBy(c => c.Column).Select(column =>
        {
            var ends = column.SelectMany(c => c.Ci95 ?? [c.Mean]).ToList();
            return new IntervalChart
            {
                Title = column.Key,
                Label = $"{table.Title}, {column.Key}: " + string.Join("; ", column.Select(c => $"{c.Row} {CellText.Figure(c, table.Format)}")),
                Rows = [.. column.Select(c => new Interval(c.Row, names.Index().First(n => n.Item == c.Row).Index, c.Mean, c.Ci95?[0] ?? c.Mean, c.Ci95?[1] ?? c.Mean, c.Mean.ToString(table.Format), false))],
                Range = (ends.Min(), ends.Max()),
            }.Draw();
        })];
    }
}
