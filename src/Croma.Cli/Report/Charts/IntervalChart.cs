using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>A measured value with its interval.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Style">Which series.</param>
/// <param name="Value">The value.</param>
/// <param name="Low">The interval's lower end; the value itself where there is none.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Text">The value as it is written.</param>
/// <param name="Best">Whether it is written in bold.</param>
internal sealed record Interval(string Name, int Style, double Value, double Low, double High, string Text, bool Best);

/// <summary>A dot and an interval a row; names above, so that it fits a narrow page.</summary>
internal sealed record IntervalChart
{
    private const double Width = 360, Left = 8, Right = 352, Top = 30, RowHeight = 42;

    /// <summary>Above the chart.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader who does not see it is told.</summary>
    public required string Label { get; init; }

    /// <summary>Downwards.</summary>
    public required IReadOnlyList<Interval> Rows { get; init; }

    /// <summary>The axis's least and greatest value, the same in charts side by side.</summary>
    public required (double Low, double High) Range { get; init; }

    /// <summary>A level to compare with, and its name.</summary>
    public (double Value, string Name)? Reference { get; init; }

    /// <summary>The drawing.</summary>
    public XElement Draw()
    {
        var bottom = Top + Rows.Count * RowHeight;
        var x = new Axis(Range.Low, Range.High, Left, Right);
        return Svg.Drawing(Width, bottom + 24, Label,
            Svg.Text(0, 14, Title, "head"),
            x.Ticks.Select(t => new[] { Svg.Line(x[t], Top, x[t], bottom, "grid"), Svg.Text(x[t], bottom + 17, x.Format(t), "tick", t == x.Low ? "start" : t == x.High ? "end" : "middle") }),
            Reference is { } level ? new[] { Svg.Line(x[level.Value], Top, x[level.Value], bottom, "reference"), Svg.Text(x[level.Value] + 4, 26, level.Name, "tick") } : null,
            Rows.Select((row, i) => Draw(row, Top + i * RowHeight, x)));
    }

    private static XElement Draw(Interval row, double top, Axis x)
    {
        var y = top + 30;
        return Svg.Group(Svg.Style(row.Style),
            Svg.Text(Left, top + 18, row.Name, row.Best ? "name halo strong" : "name halo"),
            Svg.Text(Right, top + 18, row.Text, row.Best ? "name halo strong" : "name halo", "end"),
            row.Low < row.High ? Svg.Line(x[row.Low], y, x[row.High], y, "interval") : null,
            Svg.Circle(x[row.Value], y, 4.5, "dot"),
            Svg.Rectangle(0, top, Width, RowHeight, "reach", Svg.Hover($"{row.Name}: {row.Text}")));
    }
}
