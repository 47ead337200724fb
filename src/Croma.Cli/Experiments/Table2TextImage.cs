using Croma.Cli.Report;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Datasets.Emoji;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-text-image [--scale smoke|small|full] --data data/emoji
//
// Two cores, estimated, not measured: smoke 1 min, small 40 min (8 methods, 5 trainings each), full a day.
// Should show: CroMA before align + meta classify, align + classify, unimodal pre-training, reconstruction and the oracle.

/// <summary>Table 2, text to image, with the alignments that the paper has for other tasks; encoders start at random.</summary>
internal sealed class Table2TextImage : TrainingExperiment
{
    private static readonly string[] s_rows =
        ["unimodal-pretraining", "unsupervised-meta-reconstruct", "align-classify", "align-classify-adversarial", "align-classify-cycle", "align-meta-classify", Reference, "oracle"];

    public override string Name => "table2-text-image";

    public override string Title => "Table 2: text to image";

    public override string DefaultData => Path.Combine("data", EmojiRecipe.Name);

    public override string Expectation => "CroMA is better than align + meta classify, align + classify, unimodal pre-training and reconstruction, and than the oracle that reads target labels.";

    protected override ExperimentOutcome Run(ExperimentContext context, CrossModalDataset dataset, Action<Step> report)
    {
        if (dataset.Target.Kind != ModalityKind.Images || dataset.StrongPairs.Count == 0)
            throw new CromaException($"'{dataset.Name}' is no data set of images as the target with strong pairs: make one by 'croma data make {EmojiRecipe.Name}' and name its folder by --data.");
        var comparison = new Comparison(dataset, method => Configure(context, method), Options(context, s_rows), RunsOf(context));
        var records = comparison.Run(Part(report, 0, 1), context.Cancellation);
        int[] shots = [.. records[0].Results.Select(r => r.Shots)];
        string[] ladder = [Reference, "align-meta-classify", "align-classify", "unimodal-pretraining"];
        return new ExperimentOutcome
        {
            Episodes = new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries),
            Test = PairedTest,
            Predictions = PredictionExamples.Of(dataset, comparison.Plan, records, [Reference, "unimodal-pretraining", "oracle"]),
            Notes = ["The paper's figures are on photographs of dishes with recipes (Yummly-28K) and encoders pretrained on ImageNet; here encoders start at random."],
            Tables =
            [
                new ExperimentTable
                {
                    Title = "Text to image",
                    Columns = "method",
                    Unit = "accuracy, %",
                    Cells = Accuracies(records, MethodNames.Title, k => $"{k}-shot", PaperTables.Image),
                },
            ],
            Findings =
            [
                .. from k in shots
                   from pair in ladder.Zip(ladder.Skip(1))
                   select AtLeast(pair.First, pair.Second, Of(records, pair.First, k), Of(records, pair.Second, k), $"{k}-shot"),
                .. from k in shots
                   from other in (string[])["unsupervised-meta-reconstruct", "oracle"]
                   select AtLeast(Reference, other, Of(records, Reference, k), Of(records, other, k), $"{k}-shot"),
            ],
        };
    }
}
