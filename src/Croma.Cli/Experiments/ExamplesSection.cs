using System.Xml.Linq;
using Croma.Cli.Report.Sections;

namespace Croma.Cli.Experiments;

/// <summary>Answers that the reader can look at and play: Table 3's and Figures 5, 6, 11 and 12's samples.</summary>
internal static class ExamplesSection
{
    public static XElement Draw(PredictionExamples examples) => Markup.Section("examples", "Answers to look at and play",
        Markup.Block("p", "note", $"The first planned task of meta-test, k\u00a0=\u00a0{examples.Shots}, the first training of each method: the first queries of each concept, not picked for what they show. {Nature(examples.Queries[0].Query, examples.Modality)}"),
        Markup.Table($"Queries: {examples.Modality} of concepts that training never met, and what methods took it for", ["It is", $"Query ({examples.Modality})", .. examples.Methods],
            examples.Queries.Select((example, i) => (IEnumerable<object>)
            [
                example.Query.Concept, Show(example.Query, $"Query {i + 1}, {example.Query.Concept}"),
                .. example.Answers.Select(a => a.Right ? Verdict("✓", "right", a.Concept) : Verdict("✗", "wrong", a.Concept)),
            ])),
        new XElement("details", new XElement("summary", $"The support: what methods adapted to, {examples.Shots} labelled {(examples.Shots == 1 ? "sample" : "samples")} of each concept"),
            Markup.Table("The task's support", ["Concept", "Labelled samples"],
                examples.Support.Select(own => (IEnumerable<object>)
                    [own[0].Concept, Markup.Block("div", "samples", own.Select((sample, i) => Show(sample, $"Support sample {i + 1}, {sample.Concept}")))]))));

    public static XElement Draw(RetrievalExamples examples) => Markup.Section("examples", "Retrieved items to look at and play",
        Markup.Block("p", "note", $"K\u00a0=\u00a0{examples.Shots}, the first training of each method: the first query of each of the first concepts, not picked for what they show. "
            + $"Of {examples.Gallery} candidates the nearest are shown; only the pair’s own {examples.Target} is a hit. {Nature(examples.Queries[0].Lists[0].Items[0].Item, examples.Target)}"),
        examples.Queries.Select((example, i) => new XElement("article",
            new XElement("h3", $"Query {i + 1}: {examples.Source}, {example.Query.Concept}"),
            Show(example.Query, $"Query {i + 1}, {example.Query.Concept}"),
            Markup.Table($"The nearest {examples.Target}, and what it is to the query",
                ["Place", .. example.Lists.Select(list => (object)new object[] { list.Method, Markup.Block("span", "reads", $"the pair’s own is in place {list.Rank}") })],
                Enumerable.Range(0, example.Lists.Max(l => l.Items.Count)).Select(place => (IEnumerable<object>)
                [
                    $"{place + 1}", .. example.Lists.Select(list => Cell(list.Items[place], $"{list.Method}, query {i + 1}, place {place + 1}")),
                ])))));

    private static object[] Cell(RetrievedItem item, string label) =>
    [
        Show(item.Item, $"{label}: {item.Item.Concept}"),
        item.Is switch
        {
            RetrievedIs.ItsPair => Verdict("✓", "hit, the pair’s own", item.Item.Concept),
            RetrievedIs.ItsConcept => Verdict("≈", "same concept, another sample", item.Item.Concept),
            _ => Verdict("✗", "another concept", item.Item.Concept),
        },
    ];

    private static XElement Verdict(string mark, string word, string concept) =>
        Markup.Block("span", "verdict", new XElement("strong", $"{mark} {word}"), Markup.Block("span", "reads", concept));

    private static XElement Show(SampleView sample, string label) => sample.Form switch
    {
        SampleForm.Text => Markup.Block("blockquote", "text", new XAttribute("dir", "auto"), sample.Text),
        SampleForm.Sound => new XElement("audio", new XAttribute("controls", ""), new XAttribute("preload", "metadata"), new XAttribute("aria-label", label), new XAttribute("src", sample.Uri!), "This browser plays no sound."),
        SampleForm.Picture => Markup.Block("img", "picture", new XAttribute("alt", label), new XAttribute("src", sample.Uri!)),
        _ => Markup.Block("img", "frames", new XAttribute("alt", $"{label}: its frames, drawn"), new XAttribute("src", sample.Uri!)),
    };

    private static string Nature(SampleView sample, string modality) => sample.Form switch
    {
        SampleForm.Sound => $"What plays is kept for people’s ears; methods read frames made of the same {modality}.",
        SampleForm.Frames => $"The data set keeps no media of this {modality}: its frames are drawn, time to the right, from the least number (white) to the greatest (black).",
        _ => "",
    };
}
