using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Croma.Cli.Report;

/// <summary>An HTML page that needs nothing else: no script, no font, no network. It is well-formed XML too.</summary>
internal static class HtmlPage
{
    /// <summary>The page; the same content gives the same bytes.</summary>
    public static string Render(string title, params IEnumerable<XElement> sections)
    {
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:")),
                new XElement("title", title),
                new XElement("style", ReportStyle.Css)),
            new XElement("body", new XElement("main", new XElement("h1", title), sections)));
        ReplaceWhatXmlForbids(page);

        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" })) page.Save(writer);
        return text.Append('\n').ToString();
    }

    /// <summary>Names come from data: control characters and broken surrogates in them must not cost the report.</summary>
    private static void ReplaceWhatXmlForbids(XElement page)
    {
        foreach (var text in page.DescendantNodes().OfType<XText>()) text.Value = Clean(text.Value);
        foreach (var attribute in page.DescendantsAndSelf().Attributes()) attribute.Value = Clean(attribute.Value);
    }

    private static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) continue;
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) i++;
            else text = text.Remove(i, 1).Insert(i, "\uFFFD");
        }
        return text;
    }
}
