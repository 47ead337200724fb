using Croma.Data;
using Croma.Datasets.Emoji;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-text-image [--scale smoke|small|full] --data data/emoji
//
// Two cores: small 12 min beside other work (18 min of processor time, 8 methods, 5 trainings each); estimated: smoke 1 min, full a day.
// Should show: CroMA before align + meta classify, align + classify, unimodal pre-training, reconstruction and the oracle.

/// <summary>Table 2, text to image, with the alignments that the paper has for other tasks; encoders start at random.</summary>
internal sealed class Table2TextImage : Table2
{
    public override string Name => "table2-text-image";

    public override string Title => "Table 2: text to image";

    public override string DefaultData => Path.Combine("data", EmojiRecipe.Name);

    public override string Expectation => "CroMA is better than align + meta classify, align + classify, unimodal pre-training and reconstruction, and than the oracle that reads target labels.";

    protected override IReadOnlyList<string> Rows =>
        ["unimodal-pretraining", "unsupervised-meta-reconstruct", "align-classify", "align-classify-adversarial", "align-classify-cycle", "align-meta-classify", Reference, "oracle"];

    protected override IEnumerable<string> Rivals => ["unsupervised-meta-reconstruct", "oracle"];

    protected override string Task => "Text to image";

    protected override IReadOnlyList<string> Caveats(CrossModalDataset dataset) =>
        ["The paper's figures are on photographs of dishes with recipes (Yummly-28K) and encoders pretrained on ImageNet; here encoders start at random."];

    protected override PaperFigure? Paper(string method, int shots) => PaperTables.Image(method, shots);

    protected override void Require(CrossModalDataset dataset)
    {
        if (dataset.Target.Kind != ModalityKind.Images || dataset.StrongPairs.Count == 0)
            throw new CromaException($"'{dataset.Name}' is no data set of images as the target with strong pairs: make one by 'croma data make {EmojiRecipe.Name}' and name its folder by --data.");
    }
}
