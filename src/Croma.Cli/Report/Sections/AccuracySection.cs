using System.Xml.Linq;
using Croma.Cli.Report.Charts;
using Croma.Evaluation;

namespace Croma.Cli.Report.Sections;

/// <summary>The accuracy table and the same as dots with intervals.</summary>
internal static class AccuracySection
{
    public static XElement Draw(ReportData data)
    {
        var (results, target) = (data.Results, data.Origin.Target);
        string[] methods = [.. results.Results.Select(r => r.Method).Distinct()];
        int[] shots = [.. results.Results.Select(r => r.Shots).Distinct().Order()];
        var best = Best(results.Results);
        int[] repeats = [.. results.Results.Select(r => r.Repeats).Distinct().Order()];
        var chance = 100.0 / results.Episodes.Ways;
        var everyRepeats = repeats.Length == 1 ? $"{repeats[0]}" : $"{repeats[0]} to {repeats[^1]}";
        var interval = repeats[^1] > 1
            ? $"Mean ± half-width of the 95 % confidence interval (Student’s t) over {everyRepeats} trainings with different seeds"
            : "One training, so no confidence interval";

        return Markup.Section("accuracy", "Accuracy",
            Markup.Table($"Accuracy in per cent on {data.Origin.ConceptNoun} never met in training, {results.Episodes.Ways}-way; k labelled samples a class",
                ["Method, and what it read of " + target, .. shots.Select(k => (object)$"k = {k}")],
                methods.Select(method => (IEnumerable<object>)
                [
                    new object[] { MethodNames.Title(method), Markup.Block("span", "reads", Reads(results.Results.First(r => r.Method == method), target)) },
                    .. shots.Select(k => results.Results.FirstOrDefault(r => r.Method == method && r.Shots == k) is { } row ? Cell(row, best.Contains(row)) : "–"),
                ])),
            Markup.Block("p", "note", $"{interval}. Bold: the best of those that read no labels of {target} in training. All rows met the same episodes (plan {results.Episodes.Sha256[..Math.Min(12, results.Episodes.Sha256.Length)]}…); guessing gets {chance:0.#} %."),
            new XElement("figure",
                Markup.Panels(shots.Select(k => Chart(data, methods, k, best, chance))),
                new XElement("figcaption", $"The table as a picture: dot = mean{(repeats[^1] > 1 ? ", line = 95 % confidence interval" : "")}, dashed = guessing.")));
    }

    /// <summary>The best row at each k; a method that read target labels is compared with others only where all did.</summary>
    private static HashSet<ResultRow> Best(IReadOnlyList<ResultRow> rows) =>
    [
        .. rows.GroupBy(r => r.Shots).SelectMany(atShots =>
        {
            var fair = atShots.Any(r => r.TargetLabels == 0) ? atShots.Where(r => r.TargetLabels == 0) : atShots;
            var top = fair.Max(r => r.Mean);
            return fair.Where(r => r.Mean == top);
        }),
    ];

    private static string Reads(ResultRow row, string target) => row.TargetSamples == 0
        ? $"no {target} in training"
        : $"{row.TargetSamples:N0} samples, {(row.TargetLabels == 0 ? "no labels" : row.TargetLabels == row.TargetSamples ? "all labelled" : $"{row.TargetLabels:N0} labelled")}";

    private static string Text(ResultRow row) => HalfWidth(row) is { } half ? $"{row.Mean:0.0} ± {half:0.0}" : $"{row.Mean:0.0}";

    private static double? HalfWidth(ResultRow row) => row.Ci95 is [var low, var high] ? (high - low) / 2 : null;

    private static object Cell(ResultRow row, bool best) => best ? new XElement("strong", Text(row)) : Text(row);

    private static XElement Chart(ReportData data, string[] methods, int shots, HashSet<ResultRow> best, double chance)
    {
        var all = data.Results.Results;
        var ends = all.SelectMany(r => r.Ci95 ?? [r.Mean]).Append(chance).ToList();
        var rows = all.Where(r => r.Shots == shots).OrderBy(r => Array.IndexOf(methods, r.Method)).ToList();
        return new IntervalChart
        {
            Title = $"k = {shots}",
            Label = $"Accuracy in per cent with k = {shots}: " + string.Join("; ", rows.Select(r => $"{MethodNames.Title(r.Method)} {Text(r)}")),
            Rows = [.. rows.Select(r => new Interval(MethodNames.Title(r.Method), Array.IndexOf(methods, r.Method), r.Mean, r.Ci95?[0] ?? r.Mean, r.Ci95?[1] ?? r.Mean, Text(r), best.Contains(r)))],
            Range = (ends.Min(), Math.Min(ends.Max(), 100)),
            Reference = (chance, "guessing"),
        }.Draw();
    }
}
