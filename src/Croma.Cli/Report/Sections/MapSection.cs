using System.Xml.Linq;
using Croma.Cli.Report.Charts;

namespace Croma.Cli.Report.Sections;

/// <summary>What a map calls things.</summary>
/// <param name="Source">The source modality.</param>
/// <param name="Target">The target modality.</param>
/// <param name="ConceptNoun">Concepts, such as "languages".</param>
/// <param name="Before">The first state.</param>
/// <param name="After">The second.</param>
internal sealed record MapNames(string Source, string Target, string ConceptNoun, string Before = "Before training (random start)", string After = "After CroMA’s training");

/// <summary>The shared space before and after training.</summary>
internal static class MapSection
{
    /// <param name="origin">What things are called.</param>
    /// <param name="before">Concepts that no training saw, before it.</param>
    /// <param name="after">The same after it.</param>
    /// <param name="known">Concepts that were trained on, after it; null: not shown.</param>
    public static XElement Draw(MapNames origin, SpaceMap before, SpaceMap after, SpaceMap? known)
    {
        string[] concepts = [.. before.Points.Concat(after.Points).Select(p => p.Concept).Distinct()];
        return Markup.Section("space", "The shared space",
            Markup.Paragraph($"Both encoders write into one space. If alignment worked, {origin.Source} and {origin.Target} of one of the {origin.ConceptNoun} lie together there, even of {origin.ConceptNoun} that training never saw: "
                + "points of one colour meet, whatever their shape, and the line between their means is short."),
            new XElement("figure",
                Markup.Panels(Panel(origin.Before, before, concepts, origin), Panel(origin.After, after, concepts, origin)),
                Legend(concepts, origin),
                new XElement("figcaption", $"{after.Points.Count / 2} pairs of {concepts.Length} {origin.ConceptNoun} of the test. {Explain(after.Projection, origin)} The large marks are the means of the {origin.Source} and of the {origin.Target}, joined by a line. Each map has its own scale.")),
            Markup.Table("Measured in all dimensions of the space, not on the map", ["Measure", "before", "after"],
            [
                [$"Mean cosine of true pairs ({origin.Source} and {origin.Target} of the same content)", $"{before.PairCosine:0.00}", $"{after.PairCosine:0.00}"],
                [$"Mean cosine of {origin.Source} and {origin.Target} of different {origin.ConceptNoun}", $"{before.OtherCosine:0.00}", $"{after.OtherCosine:0.00}"],
                [$"Gap: distance of the mean of all {origin.Source} from the mean of all {origin.Target}", $"{before.Gap:0.00}", $"{after.Gap:0.00}"],
                [$"Nearest centre of {origin.Target} is the right one, of {concepts.Length} (guessing: {100 * after.Chance:0} %)", $"{100 * before.Recall:0} %", $"{100 * after.Recall:0} %"],
            ]),
            known is not null ? Compare(known, origin) : null);
    }

    /// <summary>The same space with concepts that training knew: how far alignment goes where there was something to learn from.</summary>
    private static XElement Compare(SpaceMap known, MapNames origin)
    {
        string[] concepts = [.. known.Points.Select(p => p.Concept).Distinct()];
        return new XElement("figure",
            Markup.Panels(Panel($"{origin.After}, {origin.ConceptNoun} that it knew", known, concepts, origin)),
            Legend(concepts, origin),
            new XElement("figcaption", $"For comparison, {known.Points.Count / 2} pairs of {concepts.Length} {origin.ConceptNoun} that were trained on. {Explain(known.Projection, origin)} Mean cosine of true pairs {known.PairCosine:0.00}, of different {origin.ConceptNoun} {known.OtherCosine:0.00}; the nearest centre is the right one for {100 * known.Recall:0} %."));
    }

    private static XElement Legend(string[] concepts, MapNames origin) => Markup.Legend(
    [
        (origin.Source, Markup.MarkerSample(Marker.Circle)), (origin.Target, Markup.MarkerSample(Marker.Triangle)),
        .. concepts.Select((name, i) => (name, Markup.ColourSample(i))),
    ]);

    private static XElement Panel(string title, SpaceMap map, string[] concepts, MapNames origin)
    {
        var numbers = $"cosine of true pairs {map.PairCosine:0.00}, of others {map.OtherCosine:0.00}; {100 * map.Recall:0} % find their own {origin.Target}";
        return new ScatterPlot
        {
            Title = title,
            Label = $"{title}: map of {map.Points.Count} embeddings of {Markup.List(concepts)}; {numbers}.",
            Points = [.. map.Points.Select(p => new ScatterPoint(p.X, p.Y, Array.IndexOf(concepts, p.Concept), p.Modality == origin.Source ? Marker.Circle : Marker.Triangle, $"{p.Concept}, {p.Modality}"))],
            Links = [.. map.Points.GroupBy(p => p.Concept).Select(own => Link(own, Array.IndexOf(concepts, own.Key), origin)).OfType<ScatterLink>()],
        }.Draw();
    }

    private static ScatterLink? Link(IGrouping<string, MapPoint> own, int style, MapNames origin)
    {
        var (source, target) = (own.Where(p => p.Modality == origin.Source).ToList(), own.Where(p => p.Modality == origin.Target).ToList());
        if (source.Count == 0 || target.Count == 0) return null;
        return new ScatterLink(source.Average(p => p.X), source.Average(p => p.Y), target.Average(p => p.X), target.Average(p => p.Y), style, own.Key);
    }

    private static string Explain(MapProjection projection, MapNames origin) => projection == MapProjection.PrincipalComponents
        ? $"The plane is that of the first two principal components of {origin.Source} and {origin.Target} together; it knows nothing of the {origin.ConceptNoun}."
        : $"The plane is the one in which the means of the {origin.ConceptNoun} ({origin.Source} and {origin.Target} together) lie farthest apart, because the first two principal components did not show them. What all {origin.ConceptNoun} share, such as an offset between {origin.Source} and {origin.Target}, is left out of it.";
}
