using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>The shape that stands for something.</summary>
internal enum Marker
{
    Circle,
    Triangle,
}

/// <summary>A point of a scatter plot.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Style">Its colour.</param>
/// <param name="Marker">Its shape.</param>
/// <param name="Hover">What is shown on hovering.</param>
internal sealed record ScatterPoint(double X, double Y, int Style, Marker Marker, string Hover);

/// <summary>A line between two places that belong together, a circle and a triangle, and its name.</summary>
internal sealed record ScatterLink(double X1, double Y1, double X2, double Y2, int Style, string Name);

/// <summary>Points in a plane whose axes have no meaning of their own: one scale for both, no ticks.</summary>
internal sealed record ScatterPlot
{
    private const double Size = 420, Margin = 18, Top = 24;

    /// <summary>Above the plot.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader who does not see it is told.</summary>
    public required string Label { get; init; }

    /// <summary>The points; at least one.</summary>
    public required IReadOnlyList<ScatterPoint> Points { get; init; }

    /// <summary>The links.</summary>
    public required IReadOnlyList<ScatterLink> Links { get; init; }

    /// <summary>The drawing.</summary>
    public XElement Draw()
    {
        var (left, right, low, high) = (Points.Min(p => p.X), Points.Max(p => p.X), Points.Min(p => p.Y), Points.Max(p => p.Y));
        var half = Math.Max(Math.Max(right - left, high - low) / 2, 1e-9);
        var x = new Axis((left + right) / 2 - half, (left + right) / 2 + half, Margin, Size - Margin, widen: false);
        var y = new Axis((low + high) / 2 - half, (low + high) / 2 + half, Top + Size - Margin, Top + Margin, widen: false);
        var ends = Links.Select(l => (From: (X: x[l.X1], Y: y[l.Y1]), To: (X: x[l.X2], Y: y[l.Y2]))).ToList();
        var labels = new Labels(Size, Top, Top + Size, [.. ends.SelectMany(e => new[] { e.From, e.To })],
            [.. Points.Select(p => (x[p.X], y[p.Y])), .. ends.SelectMany(e => Along(e.From, e.To))]);
        return Svg.Drawing(Size, Top + Size, Label,
            Svg.Text(0, 14, Title, "head"),
            Svg.Rectangle(0.5, Top + 0.5, Size - 1, Size - 1, "frame"),
            Points.Select(p => Svg.Group(Svg.Style(p.Style), Draw(p, x[p.X], y[p.Y]))),
            Links.Select(l => Svg.Group(Svg.Style(l.Style), Svg.Line(x[l.X1], y[l.Y1], x[l.X2], y[l.Y2], "link"),
                Svg.Circle(x[l.X1], y[l.Y1], 6, "centre"), Svg.Triangle(x[l.X2], y[l.Y2], 6, "centre"))),
            Links.Select((l, i) =>
            {
                var name = Svg.Shorten(l.Name);
                var at = labels.Place(name, ends[i].From, ends[i].To);
                return Svg.Text(at.X, at.Y + 4, name, "name halo", "middle");
            }));
    }

    /// <summary>Places on a line, for names to keep off.</summary>
    private static IEnumerable<(double X, double Y)> Along((double X, double Y) from, (double X, double Y) to) =>
        Enumerable.Range(1, 19).Select(i => (from.X + i / 20.0 * (to.X - from.X), from.Y + i / 20.0 * (to.Y - from.Y)));

    private static XElement Draw(ScatterPoint point, double x, double y) => point.Marker == Marker.Circle
        ? Svg.Circle(x, y, 3.6, "mark", Svg.Hover(point.Hover))
        : Svg.Triangle(x, y, 3.8, "mark open", Svg.Hover(point.Hover));
}
