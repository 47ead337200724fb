using System.Xml.Linq;
using Croma.Cli.Report.Charts;

namespace Croma.Cli.Report.Sections;

/// <summary>Pieces of HTML that several sections use.</summary>
internal static class Markup
{
    /// <summary>A part of the page under its heading.</summary>
    public static XElement Section(string id, string heading, params object?[] content) =>
        new("section", new XAttribute("aria-labelledby", id), new XElement("h2", new XAttribute("id", id), heading), content);

    /// <summary>A paragraph.</summary>
    public static XElement Paragraph(params object?[] content) => new("p", content);

    /// <summary>An element with a class.</summary>
    public static XElement Block(string element, string style, params object?[] content) => new(element, new XAttribute("class", style), content);

    /// <summary>Charts side by side where there is room.</summary>
    public static XElement Panels(params object?[] charts) => Block("div", "panels", charts);

    /// <summary>A table that is scrolled sideways where it is too wide.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="head">The columns' headings.</param>
    /// <param name="rows">Cells; the first of a row is its heading.</param>
    public static XElement Table(object caption, IEnumerable<object> head, IEnumerable<IEnumerable<object>> rows) =>
        Block("div", "scroll", new XAttribute("tabindex", "0"), new XAttribute("role", "group"), new XAttribute("aria-label", "Table"),
            new XElement("table",
                new XElement("caption", caption),
                new XElement("thead", new XElement("tr", head.Select(h => new XElement("th", new XAttribute("scope", "col"), h)))),
                new XElement("tbody", rows.Select(row => new XElement("tr",
                    row.Select((cell, i) => i == 0 ? new XElement("th", new XAttribute("scope", "row"), cell) : new XElement("td", cell)))))));

    /// <summary>A chart's numbers, folded away.</summary>
    public static XElement Numbers(params object?[] tables) => new("details", new XElement("summary", "The numbers"), tables);

    /// <summary>What the colours (and, given markers, the shapes) mean.</summary>
    public static XElement Legend(IEnumerable<(string Name, XElement Sample)> entries) =>
        Block("ul", "legend", entries.Select(e => new XElement("li", e.Sample, " " + e.Name)));

    /// <summary>A legend's sample of a curve.</summary>
    public static XElement CurveSample(int style) => Sample(26,
        Svg.Group(Svg.Style(style), Svg.Line(1, 7, 25, 7, "curve"), Svg.Circle(13, 7, 2.6, "dot")));

    /// <summary>A legend's sample of a colour.</summary>
    public static XElement ColourSample(int style) => Sample(14, Svg.Group(Svg.Style(style), Svg.Rectangle(1, 1, 12, 12, "dot")));

    /// <summary>A legend's sample of a marker.</summary>
    public static XElement MarkerSample(Marker marker) => Sample(14, Svg.Group("plain",
        marker == Marker.Circle ? Svg.Circle(7, 7, 4.5, "mark") : Svg.Triangle(7, 7.5, 4.6, "mark open")));

    /// <summary>Words in a row: "a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1];

    private static XElement Sample(double width, XElement content) =>
        new("svg", new XAttribute("class", "sample"), new XAttribute("width", width), new XAttribute("height", 14), new XAttribute("aria-hidden", "true"), content);
}
