using Croma.Cli.Report;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

// ./croma reproduce figure7 [--scale smoke|small|full] --data data/udhr-speech
//
// Two cores: small 32 min beside other work, after table2-text-speech, whose trainings it takes over; estimated: smoke 20 s, full half a day.
// Should show: CroMA, which reads no target labels before meta-test, loses less to wrong target labels than the oracle.

/// <summary>Figure 7 and section 5.4: symmetric noise on target labels.</summary>
internal sealed class Figure7 : TrainingExperiment
{
    private const string Guessing = "Guessing";

    private static readonly string[] s_methods = [Reference, "oracle"];
    private static readonly string[] s_order = [MethodNames.Title(Reference), MethodNames.Title("oracle"), Guessing];
    private static readonly double[] s_rates = [0, 0.2, 0.4, 0.6, 0.8];

    public override string Name => "figure7";

    public override string Title => "Figure 7: noisy target labels";

    public override string Expectation => "CroMA is more robust to noise on target labels than the within-modality oracle, which meets it in meta-training too.";

    protected override Study Plan(ExperimentContext context, CrossModalDataset dataset)
    {
        double[] rates = context.Scale == Scale.Smoke ? [0, 0.8] : s_rates;
        var comparisons = rates.Select(rate => new Comparison(dataset, method => Configure(context, method), Options(context, s_methods) with { LabelNoise = rate }, RunsOf(context))).ToList();
        return new Study([.. comparisons.SelectMany(c => c.Runs)], () => Describe(rates, comparisons));
    }

    private static ExperimentOutcome Describe(double[] rates, IReadOnlyList<Comparison> comparisons)
    {
        var (cells, accuracies) = (new List<(double Rate, int Shots, ExperimentCell Cell)>(), new Dictionary<(double, int, string), double[]>());
        ResultEpisodes? episodes = null;
        foreach (var (rate, comparison) in rates.Zip(comparisons))
        {
            var records = comparison.Collect();
            episodes ??= new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries);
            foreach (var k in records[0].Results.Select(r => r.Shots))
            {
                foreach (var method in s_methods) accuracies[(rate, k, method)] = Of(records, method, k);
                foreach (var cell in Accuracies([.. records.Select(r => r with { Results = [r.Results.Single(s => s.Shots == k)] })], MethodNames.Title, _ => $"{rate:0.0}", (_, _) => null))
                    cells.Add((rate, k, cell with { X = rate, TargetSamples = null, TargetLabels = null }));
                cells.Add((rate, k, ExperimentCell.Of(Guessing, $"{rate:0.0}", Summary.Of([100.0 / comparison.Plan.Ways])) with { X = rate }));
            }
        }
        return new ExperimentOutcome
        {
            Episodes = episodes,
            Test = PairedTest,
            Notes =
            [
                "A label is wrong at the rate given, and then each other class is as likely; at 0.8 a 5-way support says nothing. Labels of meta-train are noisy where a method reads them (the oracle), those of meta-test's support for all; queries and meta-validation are clean.",
                "The paper prints curves without figures, so there are none to compare with.",
            ],
            Tables =
            [
                .. cells.GroupBy(c => c.Shots).Select(g => new ExperimentTable
                {
                    Title = $"Noisy target labels, {g.Key}-shot",
                    Columns = "rate of wrong labels",
                    Unit = "accuracy, %",
                    Cells = [.. g.Select(c => c.Cell).OrderBy(c => Array.IndexOf(s_order, c.Row))],
                }),
            ],
            Findings = [.. from k in cells.Select(c => c.Shots).Distinct() from rate in rates select AtLeast(Reference, "oracle", accuracies[(rate, k, Reference)], accuracies[(rate, k, "oracle")], $"{k}-shot with {100 * rate:0} % wrong labels")],
        };
    }
}
