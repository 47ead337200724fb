using Croma.Cli.Report;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Datasets.CifarEsc50;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-image-audio [--scale smoke|small|full] --data data/cifar-esc50
//
// Two cores, estimated from single trainings, not measured: smoke 1 min, small 35 min (7 methods, 5 trainings each), full days.
// Should show: CroMA from weak pairs before align + meta classify, align + classify and unimodal pre-training, and before
// unsupervised meta-learning; on par with the oracle.

/// <summary>Table 2, image to audio, with the rows of Table 8: all pairs are weak, and encoders start at random.</summary>
internal sealed class Table2ImageAudio : TrainingExperiment
{
    private const string Weak = "croma-weak";

    private static readonly string[] s_rows =
        ["unimodal-pretraining", "unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels", "align-classify", "align-meta-classify", Weak, "oracle"];

    public override string Name => "table2-image-audio";

    public override string Title => "Tables 2 and 8: image to audio, weak pairs";

    public override string DefaultData => Path.Combine("data", CifarEsc50Recipe.Name);

    public override string Expectation => "With weak pairs only, CroMA is better than align + meta classify, align + classify, unimodal pre-training and unsupervised meta-learning, and near the oracle that reads target labels.";

    protected override ExperimentOutcome Run(ExperimentContext context, CrossModalDataset dataset, Action<Step> report)
    {
        if (dataset.Source.Kind != ModalityKind.Images || dataset.StrongPairs.Count > 0)
            throw new CromaException($"'{dataset.Name}' is no data set of images with weak pairs: make one by 'croma data make {CifarEsc50Recipe.Name}' and name its folder by --data.");
        var comparison = new Comparison(dataset, method => Configure(context, method), Options(context, s_rows), RunsOf(context));
        var records = comparison.Run(Part(report, 0, 1), context.Cancellation);
        int[] shots = [.. records[0].Results.Select(r => r.Shots)];
        string[] ladder = [Weak, "align-meta-classify", "align-classify", "unimodal-pretraining"];
        return new ExperimentOutcome
        {
            Episodes = new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries),
            Test = PairedTest,
            Predictions = PredictionExamples.Of(dataset, comparison.Plan, records, [Weak, "unimodal-pretraining", "oracle"]),
            Notes =
            [
                "Encoders start at random; the paper's are pretrained (ImageNet, AudioSet), and its clusters and splits are others: figures are not comparable one by one.",
                "Alignment has weak pairs in all rows: samples of a cluster, many to many. The clips of the oracle's training and those for alignment are different halves of a class.",
            ],
            Tables =
            [
                new ExperimentTable
                {
                    Title = "Image to audio",
                    Columns = "method",
                    Unit = "accuracy, %",
                    Cells = Accuracies(records, MethodNames.Title, k => $"{k}-shot", PaperTables.Audio, Weak),
                },
            ],
            Findings =
            [
                .. from k in shots
                   from pair in ladder.Zip(ladder.Skip(1))
                   select AtLeast(pair.First, pair.Second, Of(records, pair.First, k), Of(records, pair.Second, k), $"{k}-shot"),
                .. from k in shots
                   from other in (string[])["unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels", "oracle"]
                   select AtLeast(Weak, other, Of(records, Weak, k), Of(records, other, k), $"{k}-shot"),
            ],
        };
    }
}
