using System.Xml.Linq;
using Croma.Cli.Report.Charts;

namespace Croma.Cli.Report.Sections;

/// <summary>What CroMA takes for what.</summary>
internal static class ConfusionSection
{
    private const int Shots = 5;

    public static XElement Draw(ReportData data)
    {
        var confusion = Confusion.Of(data.Runs, MethodNames.Croma, Shots);
        string[] names = [.. confusion.Concepts.Select(c => data.Concepts[c])];
        var places = Enumerable.Range(0, names.Length).ToList();
        var total = places.Sum(confusion.Asked);
        var right = places.Sum(i => confusion[i, i]);
        var repeats = data.Runs.Count(r => r.Method == MethodNames.Croma);
        var map = new HeatMap
        {
            Label = $"Confusion matrix of {names.Length} {data.Origin.ConceptNoun}: {right} of {total} right. Its numbers are in the table below.",
            Names = names,
            RowTitle = "was",
            ColumnTitle = "was taken for",
            Rows = [.. places.Select(i => places.Select(j => Cell(confusion, names, i, j)).ToList())],
        };
        return Markup.Section("confusion", $"What CroMA takes for what, k\u00a0=\u00a0{confusion.Shots}",
            Markup.Block("figure", "beside", map.Draw(),
                new XElement("figcaption",
                    Markup.Paragraph($"Row: what it was; column: what CroMA took it for; in per cent of the row. {right:N0} of {total:N0} answers, over {data.Results.Episodes.Tasks} tasks and {repeats} {(repeats == 1 ? "repeat" : "repeats")}, were right."),
                    Markup.Paragraph($"A task offers {data.Results.Episodes.Ways} of the {names.Length} {data.Origin.ConceptNoun}, so a pair that seldom met was seldom confused. {Hardest(confusion, names, places)}"))),
            Markup.Numbers(Markup.Table("Answers counted; row: what it was, column: what it was taken for", ["Was", .. names],
                places.Select(i => (IEnumerable<object>)[names[i], .. places.Select(j => confusion[i, j].ToString())]))));
    }

    private static HeatCell Cell(Confusion confusion, string[] names, int truth, int prediction)
    {
        var (count, asked) = (confusion[truth, prediction], confusion.Asked(truth));
        var share = asked == 0 ? 0 : (double)count / asked;
        return new HeatCell(share, share >= 0.005 ? $"{100 * share:0}" : "", $"{names[truth]} taken for {names[prediction]}: {count} of {asked} ({100 * share:0.0} %)");
    }

    private static string Hardest(Confusion confusion, string[] names, List<int> places)
    {
        var errors = from i in places
                     from j in places
                     where i != j && confusion[i, j] > 0
                     orderby (double)confusion[i, j] / confusion.Asked(i) descending, i, j
                     select $"Most often, {names[i]} was taken for {names[j]}: {confusion[i, j]} times of {confusion.Asked(i)}.";
        return errors.FirstOrDefault("There was no error.");
    }
}
