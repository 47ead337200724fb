using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Croma.Tests;

/// <summary>Reads a report as XML.</summary>
internal static partial class ReportPage
{
    public static XElement Parse(string html) => XDocument.Parse(html).Root!;

    /// <summary>The section under the heading of this id.</summary>
    public static XElement Section(XElement page, string id) => page.Descendants("section").Single(s => (string?)s.Attribute("aria-labelledby") == id);

    /// <summary>Headings, captions, table headings and the drawings' descriptions, in the order of reading.</summary>
    public static IEnumerable<string> Outline(XElement page) =>
        from element in page.Descendants()
        let line = element.Name.LocalName switch
        {
            "h1" or "h2" or "caption" or "figcaption" => Text(element),
            "svg" => (string?)element.Attribute("aria-label"),
            "th" when element.Parent!.Parent!.Name == "thead" => element == element.Parent.Elements().First() ? string.Join(" | ", element.Parent.Elements().Select(Text)) : null,
            "th" => Text(element),
            _ => null,
        }
        where line != null
        select $"{element.Name.LocalName} {line}";

    /// <summary>What a reader sees, each run of spaces as one.</summary>
    public static string Text(XElement element) => Spaces().Replace(string.Join(' ', element.DescendantNodes().OfType<XText>().Select(t => t.Value)), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
