using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>Drawings side by side as an SVG file that needs nothing else, for pages that take pictures only. It follows dark and light.</summary>
internal static class SvgFile
{
    private const double Gap = 32, Margin = 12, LegendHeight = 24;

    private const string Font = "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;font-size:13px}.ground{fill:var(--page)}";

    /// <summary>The file.</summary>
    /// <param name="title">What a reader who does not see it is told.</param>
    /// <param name="drawings">What <see cref="Svg.Drawing"/> made.</param>
    /// <param name="legend">Names of series, in the order of their styles; none: the drawings name them.</param>
    public static byte[] Render(string title, IReadOnlyList<XElement> drawings, IReadOnlyList<string> legend)
    {
        var sizes = drawings.Select(SizeOf).ToList();
        var (width, top) = (2 * Margin + sizes.Sum(s => s.Width) + Gap * (drawings.Count - 1), Margin + sizes.Max(s => s.Height));
        var height = top + LegendHeight * legend.Count + Margin;
        XNamespace svg = "http://www.w3.org/2000/svg";
        var file = Svg.Drawing(width, height, title,
            new XAttribute("width", Svg.Number(width)), new XAttribute("height", Svg.Number(height)),
            new XElement("style", ReportStyle.Drawing + Font),
            Svg.Rectangle(0, 0, width, height, "ground"),
            drawings.Select((d, i) => new XElement("g", new XAttribute("transform", $"translate({Svg.Number(Margin + sizes.Take(i).Sum(s => s.Width + Gap))} {Svg.Number(Margin)})"), d.Elements())),
            legend.Select((name, i) => Svg.Group(Svg.Style(i), Svg.Line(Margin, top + LegendHeight * (i + 0.5), Margin + 26, top + LegendHeight * (i + 0.5), "curve"), Svg.Text(Margin + 34, top + LegendHeight * (i + 0.5) + 4, name))));
        foreach (var element in file.DescendantsAndSelf()) element.Name = svg + element.Name.LocalName;
        return Encoding.UTF8.GetBytes(file + "\n");
    }

    private static (double Width, double Height) SizeOf(XElement drawing)
    {
        double[] box = [.. drawing.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return (box[2], box[3]);
    }
}
