using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>A point of a curve with its uncertainty.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Low">The band's lower end; Y itself where there is none.</param>
/// <param name="High">The band's upper end.</param>
/// <param name="Hover">What is shown on hovering.</param>
internal sealed record CurveValue(double X, double Y, double Low, double High, string Hover);

/// <summary>A curve.</summary>
/// <param name="Style">Which series: colour and dashes.</param>
/// <param name="Points">By rising X.</param>
internal sealed record Curve(int Style, IReadOnlyList<CurveValue> Points);

/// <summary>Curves over a common horizontal axis, with bands of uncertainty.</summary>
internal sealed record LineChart
{
    private const double Width = 360, Height = 270, Right = 346, DigitWidth = 7.2, Top = 34, Bottom = 226;

    /// <summary>What the vertical axis measures.</summary>
    public required string Title { get; init; }

    /// <summary>What the horizontal axis measures.</summary>
    public required string XTitle { get; init; }

    /// <summary>What a reader who does not see it is told.</summary>
    public required string Label { get; init; }

    /// <summary>The curves; none empty, at least one. The last is drawn on top.</summary>
    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>A level to compare with, and its name.</summary>
    public (double Y, string Name)? Reference { get; init; }

    /// <summary>The drawing.</summary>
    public XElement Draw()
    {
        var points = Curves.SelectMany(c => c.Points).ToList();
        var levels = points.SelectMany(p => new[] { p.Low, p.High }).Concat(Reference is { } r ? [r.Y] : []).ToList();
        var y = new Axis(levels.Min(), levels.Max(), Bottom, Top, logarithmic: LogarithmicY);
        var left = 10 + DigitWidth * y.Ticks.Max(t => y.Format(t).Length);
        var x = new Axis(points.Min(p => p.X), points.Max(p => p.X), left, Right, ticks: 4, widen: false, logarithmic: LogarithmicX);
        return Svg.Drawing(Width, Height, Label,
            Svg.Text(0, 14, Title, "head"),
            y.Ticks.Select(t => new[] { Svg.Line(left, y[t], Right, y[t], "grid"), Svg.Text(left - 6, y[t] + 4, y.Format(t), "tick", "end") }),
            x.Ticks.Select(t => new[] { Svg.Line(x[t], Bottom, x[t], Bottom + 4, "axis"), Svg.Text(x[t], Bottom + 18, x.Format(t), "tick", "middle") }),
            Svg.Line(left, Bottom, Right, Bottom, "axis"),
            Svg.Text((left + Right) / 2, Bottom + 37, XTitle, "tick", "middle"),
            Reference is { } level ? new[] { Svg.Line(left, y[level.Y], Right, y[level.Y], "reference"), Svg.Text(Right, y[level.Y] - 4, level.Name, "tick halo", "end") } : null,
            Curves.Select(c => Draw(c, x, y)));
    }

    private static XElement Draw(Curve curve, Axis x, Axis y)
    {
        var points = curve.Points;
        var hasBand = points.Count > 1 && points.Any(p => p.Low < p.High);
        return Svg.Group(Svg.Style(curve.Style),
            hasBand ? Svg.Path(points.Select(p => (x[p.X], y[p.High])).Concat(points.Reverse().Select(p => (x[p.X], y[p.Low]))), "band", closed: true) : null,
            points.Count > 1 ? Svg.Path(points.Select(p => (x[p.X], y[p.Y])), "curve") : null,
            // the wide, invisible circle is what a pointer finds
            points.Select(p => new[] { Svg.Circle(x[p.X], y[p.Y], 2.6, "dot"), Svg.Circle(x[p.X], y[p.Y], 9, "reach", Svg.Hover(p.Hover)) }));
    }
}
