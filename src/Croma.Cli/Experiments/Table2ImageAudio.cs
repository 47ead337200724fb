using Croma.Data;
using Croma.Datasets.CifarEsc50;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-image-audio [--scale smoke|small|full] --data data/cifar-esc50
//
// Two settings by the data set: encoders from scratch (data/cifar-esc50), and frozen pretrained features with a trained
// projection (data/cifar-esc50-features, which 'croma data make cifar-esc50 --image-model --audio-model' makes).
// Two cores: small from scratch 43 min beside much other work (55 min of processor time on its two threads; 7 methods, 5 trainings each), with
// pretrained features 5 min (ten trainings); estimated: smoke 1 min, full days.
// Should show: CroMA from weak pairs before align + meta classify, align + classify and unimodal pre-training, and before
// unsupervised meta-learning; on par with the oracle.

/// <summary>Table 2, image to audio, with the rows of Table 8: all pairs are weak.</summary>
internal sealed class Table2ImageAudio : Table2
{
    public override string Name => "table2-image-audio";

    public override string Title => "Tables 2 and 8: image to audio, weak pairs";

    public override string DefaultData => Path.Combine("data", CifarEsc50Recipe.Name);

    public override string Expectation => "With weak pairs only, CroMA is better than align + meta classify, align + classify, unimodal pre-training and unsupervised meta-learning, and near the oracle that reads target labels.";

    protected override string Croma => "croma-weak";

    protected override IReadOnlyList<string> Rows =>
        ["unimodal-pretraining", "unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels", "align-classify", "align-meta-classify", Croma, "oracle"];

    protected override IEnumerable<string> Rivals => ["unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels", "oracle"];

    protected override string Task => "Image to audio";

    protected override IReadOnlyList<string> Caveats(CrossModalDataset dataset) =>
    [
        dataset.Source.Kind == ModalityKind.Images
            ? "Encoders start at random; the paper's are pretrained (ImageNet, AudioSet), and its clusters and splits are others: figures are not comparable one by one."
            : "The sounds' encoder was trained on AudioSet, which has most of ESC-50's classes: its concepts are not new to it. The paper's clusters and splits are others: figures are not comparable one by one.",
        "Alignment has weak pairs in all rows: samples of a cluster, many to many. The clips of the oracle's training and those for alignment are different halves of a class.",
    ];

    protected override PaperFigure? Paper(string method, int shots) => PaperTables.Audio(method, shots);

    protected override void Require(CrossModalDataset dataset)
    {
        if (dataset.Source.Kind is not (ModalityKind.Images or ModalityKind.Features) || dataset.StrongPairs.Count > 0)
            throw new CromaException($"'{dataset.Name}' is no data set of images with weak pairs: make one by 'croma data make {CifarEsc50Recipe.Name}' and name its folder by --data.");
    }
}
