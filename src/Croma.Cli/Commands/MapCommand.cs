using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Classification;
using Croma.Cli.Report;
using Croma.Cli.Report.Sections;
using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Cli.Commands;

/// <summary>The shared space in `croma map --json`, measured in all its dimensions.</summary>
/// <param name="PairCosine">Mean cosine of true pairs.</param>
/// <param name="OtherCosine">Mean cosine of source and target samples of different concepts.</param>
/// <param name="Gap">Distance between the means of the two modalities.</param>
/// <param name="Recall">Share of source samples whose nearest centre of target samples is their own concept's.</param>
internal sealed record MapFigures(double PairCosine, double OtherCosine, double Gap, double Recall);

/// <summary>What `croma map --json` writes; meta-test concepts, before and after training, or adapting.</summary>
internal sealed record MapResult(string Version, string Model, string Map, double Chance, MapFigures Before, MapFigures After);

/// <summary>croma map.</summary>
internal sealed class MapCommand : CromaCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A trained model's folder.", HelpName = "DIR", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "The folder of the data set it was trained on, with strong pairs.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _classifier = new("--classifier") { Description = "A file of `croma adapt` made of the model: draws the space before and after adapting instead.", HelpName = "FILE" };
    private readonly Option<string> _out = new("--out") { Description = "The page to write.", HelpName = "FILE", DefaultValueFactory = _ => "map.html" };

    public MapCommand(CommonOptions common) : base("map", "Draws the shared space of a trained model, before and after training, and measures its alignment.", common)
    {
        foreach (var option in new Option[] { _model, _data, _classifier, _out }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (folder, path) = (parsed.GetValue(_model)!, parsed.GetValue(_out)!);
        using var dataset = CrossModalDataset.Open(parsed.GetValue(_data)!);
        if (ModelFolder.ReadInfo(folder).DatasetSha256 != dataset.Sha256) throw new CromaException($"'{folder}' was not trained on '{dataset.Folder}': give the data set it was trained on.");
        using var model = TrainedModel.Load(folder, dataset);
        var (info, trained, adapted) = (model.Info, model.Best, parsed.GetValue(_classifier));
        using var start = adapted == null ? SharedSpaceMap.StartOf(info, dataset) : trained.Clone();
        if (adapted != null)
        {
            using var classifier = FewShotClassifier.Load(adapted);
            classifier.CopyEncoderTo(trained);
        }
        var (first, second) = SharedSpaceMap.Compute(dataset, info.Configuration, start, trained);
        var (_, known) = SharedSpaceMap.Compute(dataset, info.Configuration, start, trained, split: ConceptSplit.MetaTrain);
        var names = new MapNames(dataset.Source.Name, dataset.Target.Name, "concepts");
        if (adapted != null) names = names with { Before = "After training", After = $"After adapting ({Path.GetFileName(adapted)})" };
        var page = HtmlPage.Render($"{dataset.Name}: the shared space", MapSection.Draw(names, first, second, known));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page));
        var result = new MapResult(CromaVersion.Text, folder, path, second.Chance, Figures(first), Figures(second));
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.MapResult), Describe(result));
        return ExitCode.Success;
    }

    private static MapFigures Figures(SpaceMap map) => new(map.PairCosine, map.OtherCosine, map.Gap, map.Recall);

    private static string Describe(MapResult r) => string.Create(CultureInfo.InvariantCulture,
        $"""
        concepts that no training saw        before   after
        cosine of true pairs                 {r.Before.PairCosine,6:0.00}  {r.After.PairCosine,6:0.00}
        cosine of different concepts         {r.Before.OtherCosine,6:0.00}  {r.After.OtherCosine,6:0.00}
        gap between the modalities' means    {r.Before.Gap,6:0.00}  {r.After.Gap,6:0.00}
        nearest centre is the right one      {100 * r.Before.Recall,4:0} %  {100 * r.After.Recall,4:0} %  (guessing: {100 * r.Chance:0} %)
        map: {r.Map}

        """);
}
