using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

// ./croma reproduce table4 [--scale smoke|small|full] --data data/udhr-speech
//
// Two cores, estimated, not measured: smoke 10 s, small 6 min (less after table2-text-speech, whose trainings it takes over), full hours.
// Should show: after alignment on K pairs of unseen concepts CroMA finds a pair's other side more often than supervised
// alignment, and that more often than encoders which were never aligned.

/// <summary>Table 4: few-shot cross-modal retrieval.</summary>
internal sealed class Table4 : TrainingExperiment
{
    private static readonly int[] s_shots = [5, 10];

    // supervised alignment with nothing else that moves an encoder is what 'align + meta classify' has
    private static readonly (string Method, string Title, string Paper)[] s_rows =
        [("no-align", "No align", "no-align"), ("align-meta-classify", "Align", "align"), (Reference, "CroMA", "croma")];

    private static readonly (string Name, string Format, Func<RetrievalScore, double> Of)[] s_metrics =
    [
        ("R@1", "0.0", s => s.Recall1), ("R@5", "0.0", s => s.Recall5), ("R@10", "0.0", s => s.Recall10),
        ("median rank", "0.0", s => s.MedianRank), ("cosine loss", "0.000", s => s.CosineLoss),
    ];

    public override string Name => "table4";

    public override string Title => "Table 4: few-shot cross-modal retrieval";

    public override string Expectation => "CroMA retrieves better than supervised alignment, and that better than no alignment, with K = 5 and 10 pairs of each unseen concept.";

    protected override ExperimentOutcome Run(ExperimentContext context, CrossModalDataset dataset, Action<Step> report)
    {
        var comparison = new RetrievalComparison(dataset, method => Configure(context, method), [.. s_rows.Select(r => r.Method)], s_shots, Repeats(context), context.Seed, RunsOf(context));
        var records = comparison.Run(context.Threads, new Reporter<double>(share => report(new Step(share, ""))), context.Cancellation);
        var gallery = comparison.Plan.Queries.Length;
        return new ExperimentOutcome
        {
            Retrieved = RetrievalExamples.Of(dataset, comparison.Plan, records, ["no-align", Reference]),
            Test = PairedTest,
            Notes =
            [
                $"The gallery is the target side of {gallery} pairs of {comparison.Plan.Support.Length} unseen concepts; guessing has R@1 {100.0 / gallery:0.0}, R@10 {1000.0 / gallery:0.0} and a median rank of {(gallery + 1) / 2.0:0.0}. Only the pair's own target counts as found.",
                "'Align' is the supervised alignment of align + meta classify. Both it and CroMA take as many steps on the K pairs as meta-test takes on its support; 'No align' takes none.",
                "The paper's figures are for images and audio with a gallery of about 200: they are not comparable with these.",
            ],
            Tables = [.. from k in s_shots from metric in s_metrics.GroupBy(m => m.Format) select Table(records, k, [.. metric])],
            Findings = [.. s_shots.SelectMany(k => Order(records, k))],
        };
    }

    private static ExperimentTable Table(IReadOnlyList<RetrievalRecord> records, int shots, (string Name, string Format, Func<RetrievalScore, double> Of)[] metrics) => new()
    {
        Title = $"{string.Join(", ", metrics.Select(m => m.Name))}, K = {shots}",
        Columns = "method",
        Unit = metrics[0].Name == "cosine loss" ? "1 - cosine of pairs" : "recall in %; rank",
        Format = metrics[0].Format,
        Cells = [.. metrics.SelectMany(metric => Cells(records, shots, metric.Name, metric.Of))],
    };

    private static IEnumerable<ExperimentCell> Cells(IReadOnlyList<RetrievalRecord> records, int shots, string metric, Func<RetrievalScore, double> of)
    {
        var place = Array.FindIndex(s_metrics, m => m.Name == metric);
        var values = s_rows.ToDictionary(r => r.Method, r => Of(records, r.Method, shots, of));
        var tests = Test(values);
        foreach (var (method, title, paper) in s_rows)
            yield return ExperimentCell.Of(title, metric, Summary.Of(values[method])) with
            {
                Paper = PaperTables.Retrieval(paper, shots) is { } figures ? new PaperFigure(figures[place], null) : null,
                P = tests.TryGetValue(method, out var p) ? p.P : null,
                HolmP = tests.TryGetValue(method, out p) ? p.Holm : null,
            };
    }

    private static IEnumerable<Finding> Order(IReadOnlyList<RetrievalRecord> records, int shots)
    {
        yield return AtLeast(Reference, "align-meta-classify", Recall(Reference), Recall("align-meta-classify"), $"R@10, K = {shots}");
        yield return AtLeast("align-meta-classify", "no-align", Recall("align-meta-classify"), Recall("no-align"), $"R@10, K = {shots}");

        double[] Recall(string method) => Of(records, method, shots, s => s.Recall10);
    }

    private static double[] Of(IReadOnlyList<RetrievalRecord> records, string method, int shots, Func<RetrievalScore, double> of) =>
        [.. records.Where(r => r.Method == method && r.Shots == shots).Select(r => of(r.Score))];
}
