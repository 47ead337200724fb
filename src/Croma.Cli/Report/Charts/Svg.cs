using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>Pieces of inline SVG. Colours and strokes are classes of the page's style sheet, so that they follow dark and light.</summary>
internal static class Svg
{
    /// <summary>Different series colours; <see cref="Style"/> begins again after them.</summary>
    public const int Styles = 8;

    private const int LongestName = 18;

    /// <summary>The class that colours a series: everything in it that is drawn in "currentColor".</summary>
    public static string Style(int series) => "s" + series % Styles;

    /// <summary>A drawing that scales with the page.</summary>
    /// <param name="width">In user units; about a pixel each on a telephone.</param>
    /// <param name="height">In user units.</param>
    /// <param name="label">What a reader who does not see it is told.</param>
    /// <param name="content">Its elements.</param>
    public static XElement Drawing(double width, double height, string label, params object?[] content) =>
        new("svg", new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"), new XAttribute("role", "img"), new XAttribute("aria-label", label), content);

    /// <summary>A group with a class.</summary>
    public static XElement Group(string style, params object?[] content) => new("g", new XAttribute("class", style), content);

    /// <summary>A straight line.</summary>
    public static XElement Line(double x1, double y1, double x2, double y2, string style) =>
        new("line", Class(style), At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    /// <summary>A line through points, or, <paramref name="closed"/>, the area within it.</summary>
    public static XElement Path(IEnumerable<(double X, double Y)> points, string style, bool closed = false) =>
        new("path", Class(style), new XAttribute("d", "M" + string.Join("L", points.Select(p => $"{Number(p.X)} {Number(p.Y)}")) + (closed ? "Z" : "")));

    /// <summary>A rectangle.</summary>
    public static XElement Rectangle(double x, double y, double width, double height, string style, params object?[] content) =>
        new("rect", Class(style), At("x", x), At("y", y), At("width", width), At("height", height), content);

    /// <summary>A circle.</summary>
    public static XElement Circle(double x, double y, double radius, string style, params object?[] content) =>
        new("circle", Class(style), At("cx", x), At("cy", y), At("r", radius), content);

    /// <summary>A triangle as large to the eye as a circle of the same radius.</summary>
    public static XElement Triangle(double x, double y, double radius, string style, params object?[] content)
    {
        var (half, up, down) = (1.25 * radius, 1.4 * radius, 0.8 * radius);
        var triangle = Path([(x, y - up), (x + half, y + down), (x - half, y + down)], style, closed: true);
        triangle.Add(content);
        return triangle;
    }

    /// <summary>Text on its baseline.</summary>
    /// <param name="x">Where.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="text">What.</param>
    /// <param name="style">Class.</param>
    /// <param name="anchor">start, middle or end.</param>
    public static XElement Text(double x, double y, string text, string style = "", string anchor = "start") =>
        new("text", style.Length == 0 ? null : Class(style), At("x", x), At("y", y), anchor == "start" ? null : new XAttribute("text-anchor", anchor), text);

    /// <summary>What is shown on hovering over the element it is in.</summary>
    public static XElement Hover(string text) => new("title", text);

    /// <summary>A number as an attribute needs it, to a hundredth of a unit.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"{value} cannot be drawn.", nameof(value));
        var text = value.ToString("0.##");
        return text == "-0" ? "0" : text;
    }

    /// <summary>A name that is too long for a drawing, cut.</summary>
    public static string Shorten(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName - 1).TrimEnd(), "…");

    private static XAttribute Class(string style) => new("class", style);

    private static XAttribute At(string name, double value) => new(name, Number(value));
}
