using Croma.Baselines;
using Croma.Cli.Report;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-text-speech [--scale smoke|small|full] --data data/udhr-speech
//
// Two cores: small 48 min (14 methods, 5 trainings each; 60 of 70 took 41 min on a busy machine); estimated: smoke 1 min, full a day.
// Should show: CroMA before align + meta classify, align + classify and unimodal pre-training; before the oracle; and
// before the domain-adaptation rows of Table 9.

/// <summary>Table 2, text to speech, with the rows of Table 9 and those that the paper has for other tasks only.</summary>
internal sealed class Table2TextSpeech : TrainingExperiment
{
    // as classifiers, 'no align' and unimodal pre-training are the same; CroMA last but for the oracle, as in the paper
    private static readonly string[] s_rows = [.. Methods.Names.Where(m => m is not ("no-align" or "croma" or "oracle")), Reference, "oracle"];

    public override string Name => "table2-text-speech";

    public override string Title => "Tables 2 and 9: text to speech, all methods";

    public override string Expectation => "CroMA is better than align + meta classify, align + classify and unimodal pre-training, than the oracle that reads target labels, and than the domain-adaptation rows.";

    protected override ExperimentOutcome Run(ExperimentContext context, CrossModalDataset dataset, Action<Step> report)
    {
        var rows = Runnable(dataset, s_rows);
        var comparison = new Comparison(dataset, method => Configure(context, method), Options(context, rows), RunsOf(context));
        var records = comparison.Run(Part(report, 0, 1), context.Cancellation);
        int[] shots = [.. records[0].Results.Select(r => r.Shots)];
        string[] ladder = [Reference, "align-meta-classify", "align-classify", "unimodal-pretraining"];
        return new ExperimentOutcome
        {
            Predictions = PredictionExamples.Of(dataset, comparison.Plan, records, [Reference, "unimodal-pretraining", "oracle"]),
            Episodes = new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries),
            Test = PairedTest,
            Notes = [.. Missing(s_rows, rows), "The paper's figures are on recorded speech of the Wilderness corpus."],
            Tables =
            [
                new ExperimentTable
                {
                    Title = "Text to speech",
                    Columns = "method",
                    Unit = "accuracy, %",
                    Cells = Accuracies(records, MethodNames.Title, k => $"{k}-shot", PaperTables.Speech),
                },
            ],
            Findings =
            [
                .. from k in shots
                   from pair in ladder.Zip(ladder.Skip(1))
                   select AtLeast(pair.First, pair.Second, Of(records, pair.First, k), Of(records, pair.Second, k), $"{k}-shot"),
                .. from k in shots
                   from other in s_rows.Where(r => r == "oracle" || r.StartsWith("shared", StringComparison.Ordinal))
                   select AtLeast(Reference, other, Of(records, Reference, k), Of(records, other, k), $"{k}-shot"),
            ],
        };
    }
}
