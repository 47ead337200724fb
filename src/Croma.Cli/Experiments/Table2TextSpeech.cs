using Croma.Baselines;
using Croma.Data;
using Croma.Datasets.Voices;
using Croma.Datasets.Wilderness;

namespace Croma.Cli.Experiments;

// ./croma reproduce table2-text-speech [--scale smoke|small|full] --data data/udhr-speech
//
// Two cores: smoke 1 min (estimated), small 32 min (measured), full days (estimated).
// Should show: CroMA before align + meta classify, align + classify and unimodal pre-training; before the oracle; and
// before the domain-adaptation rows of Table 9.

/// <summary>Table 2, text to speech, with the rows of Table 9 and those that the paper has for other tasks only.</summary>
internal sealed class Table2TextSpeech : Table2
{
    public override string Name => "table2-text-speech";

    public override string Title => "Tables 2 and 9: text to speech, all methods";

    public override string Expectation => "CroMA is better than align + meta classify, align + classify and unimodal pre-training, than the oracle that reads target labels, and than the domain-adaptation rows.";

    // as classifiers, 'no align' and unimodal pre-training are the same; CroMA last but for the oracle, as in the paper
    protected override IReadOnlyList<string> Rows { get; } = [.. Methods.OfThePaper.Where(m => m is not ("no-align" or "croma" or "oracle")), Reference, "oracle"];

    protected override IEnumerable<string> Rivals => Rows.Where(r => r == "oracle" || r.StartsWith("shared", StringComparison.Ordinal));

    protected override string Task => "Text to speech";

    protected override IReadOnlyList<string> Caveats(CrossModalDataset dataset) =>
    [
        .. dataset.Name is VoicesRecipe.Name or WildernessRecipe.Name
            ? [$"The {dataset.Target.Name} of '{dataset.Name}' is recorded, each language mostly by one speaker on one channel: figures are of languages and of voices at once. Each clip's channel mean is subtracted{(dataset.Name == VoicesRecipe.Name ? ", and no word of alignment or of a task's support is among its queries" : "")}."]
            : Array.Empty<string>(),
        "The paper's figures are on recorded speech of the Wilderness corpus.",
    ];

    protected override PaperFigure? Paper(string method, int shots) => PaperTables.Speech(method, shots);
}
