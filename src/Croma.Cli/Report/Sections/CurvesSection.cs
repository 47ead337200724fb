using System.Xml.Linq;
using Croma.Checkpoints;
using Croma.Cli.Report.Charts;
using Croma.Evaluation;

namespace Croma.Cli.Report.Sections;

/// <summary>How the methods learnt.</summary>
internal static class CurvesSection
{
    private sealed record Learning(string Method, int Style, IReadOnlyList<RunRecord> Runs);

    public static XElement Draw(ReportData data)
    {
        string[] methods = [.. data.Results.Results.Select(r => r.Method).Distinct()];
        var all = methods.Select((m, i) => new Learning(m, i, [.. data.Runs.Where(r => r.Method == m)])).ToList();
        var learning = all.Where(l => l.Runs.Any(r => r.Curve.Count > 0)).ToList();
        var still = all.Except(learning).Select(l => MethodNames.Title(l.Method)).ToList();
        var repeats = data.Runs.Select(r => r.Repeat).Distinct().Count();
        var focus = learning.Find(l => l.Method == MethodNames.Croma);
        var noCurve = still.Count == 0 ? "" : $" No curve: {Markup.List(still)}, {(still.Count == 1 ? "which does" : "which do")} not train before meeting the {data.Origin.ConceptNoun} of the test.";
        if (learning.Count == 0) return Markup.Section("learning", "Learning curves", Markup.Paragraph($"No method here trains in iterations.{noCurve}"));

        return Markup.Section("learning", "Learning curves",
            new XElement("figure",
                Markup.Panels(
                    Chart("Accuracy on meta-validation, %", learning, p => p.ValidationAccuracy, "0.0", (100.0 / data.Results.Episodes.Ways, "guessing")),
                    focus == null ? null : Chart("CroMA’s alignment loss", [focus], p => p.AlignmentLoss, "0.000", null),
                    focus == null ? null : Chart("CroMA’s classification loss", [focus], p => p.ClassificationLoss, "0.000", null)),
                Markup.Legend(learning.Select(l => (MethodNames.Title(l.Method), Markup.CurveSample(l.Style)))),
                new XElement("figcaption",
                    $"By meta-iteration: {(repeats > 1 ? $"line = mean of {repeats} repeats, band = from the least to the greatest" : "one training")}. "
                    + $"Meta-validation has {data.Origin.ConceptNoun} of its own, neither of training nor of the test; the best iteration on it is the one that is tested.{noCurve}")),
            Markup.Numbers(Table(learning, data.Origin.ConceptNoun)));
    }

    private static XElement? Chart(string title, IReadOnlyList<Learning> learning, Func<CurvePoint, double?> value, string format, (double, string)? reference)
    {
        var curves = learning.Select(l => (l, Points: Points(l, value, format))).Where(c => c.Points.Count > 0).ToList();
        if (curves.Count == 0) return null;
        return new LineChart
        {
            Title = title,
            XTitle = "meta-iteration",
            Label = $"{title}, by meta-iteration: " + string.Join("; ", curves.Select(c => $"{MethodNames.Title(c.l.Method)} from {c.Points[0].Y.ToString(format)} to {c.Points[^1].Y.ToString(format)}")),
            // the report's own method lies on top
            Curves = [.. curves.OrderBy(c => c.l.Method == MethodNames.Croma).Select(c => new Curve(c.l.Style, c.Points))],
            Reference = reference,
        }.Draw();
    }

    private static List<CurveValue> Points(Learning learning, Func<CurvePoint, double?> value, string format) =>
    [
        .. from point in learning.Runs.SelectMany(r => r.Curve)
           let y = value(point)
           where y != null
           group y.Value by point.Iteration into values
           orderby values.Key
           let range = values.Count() > 1 ? $" ({values.Min().ToString(format)} to {values.Max().ToString(format)})" : ""
           select new CurveValue(values.Key, values.Average(), values.Min(), values.Max(),
               $"{MethodNames.Title(learning.Method)}, iteration {values.Key}: {values.Average().ToString(format)}{range}"),
    ];

    private static XElement Table(IReadOnlyList<Learning> learning, string concepts)
    {
        var columns = learning.Select(l => Points(l, p => p.ValidationAccuracy, "0.0").ToDictionary(p => p.X)).ToList();
        return Markup.Table($"Mean accuracy on meta-validation’s {concepts}, in per cent",
            ["Iteration", .. learning.Select(l => (object)MethodNames.Title(l.Method))],
            columns.SelectMany(c => c.Keys).Distinct().Order().Select(iteration => (IEnumerable<object>)
                [$"{iteration:0}", .. columns.Select(c => c.TryGetValue(iteration, out var p) ? $"{p.Y:0.0}" : "–")]));
    }
}
