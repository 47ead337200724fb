using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Cli.Report;
using Croma.Data;

namespace Croma.Cli.Card;

/// <summary>
/// A model's card, after Mitchell et al., "Model Cards for Model Reporting" (2019): what it is, its data and their licences, how well it
/// does and how surely, what it is not for, and how to repeat it. It says nothing that differs from one machine or moment to another.
/// </summary>
/// <param name="Info">What is known about the model.</param>
/// <param name="WeightsSha256">SHA-256 of model.safetensors.</param>
internal sealed record ModelCard(ModelInfo Info, string WeightsSha256)
{
    /// <summary>What was measured on concepts that the training did not see.</summary>
    public IReadOnlyList<CardFigure> Figures { get; init; } = [];

    /// <summary>The card of a model's folder, without figures.</summary>
    /// <exception cref="CromaException">There is no model.</exception>
    public static ModelCard Of(string folder)
    {
        var info = ModelFolder.ReadInfo(folder);
        // the card's commands name it
        if (!Methods.Names.Contains(info.Method)) throw new CromaException($"'{folder}' is of a method that this version of Croma does not have: '{Line(info.Method)}'.");
        using var weights = File.OpenRead(ModelFolder.WeightsFile(folder));
        return new ModelCard(info, Convert.ToHexStringLower(SHA256.HashData(weights)));
    }

    private string Target => Info.Target?.Name ?? "the target modality";

    private string Source => Info.Source?.Name ?? "the source modality";

    public string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # {MethodNames.Title(Info.Method)} on {Line(Info.Dataset)}

            A model of Croma {CromaVersion.Text}, method `{Info.Method}`. From 1 to 10 labelled samples of each of a few new concepts in {Line(Target)} it makes a
            classifier of them; it has learned from labels in {Line(Source)}, and from what links the two.

            | | |
            | --- | --- |
            | takes | {Samples("source", Info.Source)}; {Samples("target", Info.Target)} |
            | gives | embeddings of {Info.Configuration.Encoders.Dimension} numbers; with `croma adapt` a classifier of 2 to 100 concepts |
            | weights | `model.safetensors`, SHA-256 `{WeightsSha256}` |


            """);
        Data(page);
        Training(page);
        Accuracies(page);
        page.Append(CardLimits.Of(Info, Figures));
        page.Append(CardCommands.Of(Info, WeightsSha256));
        return page.ToString();
    }

    private void Data(StringBuilder page)
    {
        page.Append(CultureInfo.InvariantCulture, $"## Data\n\n`{Line(Info.Dataset)}`, SHA-256 of its manifest `{Info.DatasetSha256}`.");
        if (Info.Data is not { } data)
        {
            page.Append(" The model is of an earlier version of Croma, which did not keep what the data are: see the data set's own manifest for sources and licences.\n\n");
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $" {Line(data.Description)}\n\nConcepts: {string.Join(", ", data.Concepts.Select(c => $"{c.Value} {Words(c.Key)}"))}; strong pairs: {data.StrongPairs}.");
        if (data.Synthetic.Count > 0) page.Append(CultureInfo.InvariantCulture, $" **{Line(string.Join(" and ", data.Synthetic))}: synthesised by a program, not recorded from people.**");
        page.Append("\n\n");
        if (data.Provenance.Count == 0)
        {
            page.Append("The manifest names no sources and no licences.\n\n");
            return;
        }
        page.Append("| what | from | version | licence | note |\n| --- | --- | --- | --- | --- |\n");
        foreach (var p in data.Provenance) page.Append(CultureInfo.InvariantCulture, $"| {Cell(p.What)} | {Cell(p.From)} | {Cell(p.Version)} | {Cell(p.Licence)} | {Cell(p.Note)} |\n");
        page.Append('\n');
    }

    private void Training(StringBuilder page)
    {
        var (training, selection) = (Info.Configuration.Training, Info.Configuration.Selection);
        page.Append(CultureInfo.InvariantCulture, $"""
            ## Training

            | | |
            | --- | --- |
            | method | {MethodNames.Title(Info.Method)} (`{Info.Method}`), seed {Info.Seed} |
            | configuration | profile `{Info.Configuration.Profile}`{(CardCommands.Differences(Info) is null ? "" : ", with the settings under 'How to repeat it'")}; the whole in `model.json` |
            | meta-iterations | {training.Iterations} at most; kept: the best on meta-validation, {Info.Iteration}{(Info.Iteration == 0 ? " (the untrained start)" : "")} |
            | looks at meta-validation | every {selection.Every} iterations, {selection.Tasks} tasks of {training.Ways} classes, {selection.Shots} shots, {selection.Queries} queries a class |
            | {Cell(Target)} read in training | {Info.TargetSamples} samples, {Info.TargetLabels} of them with labels |

            """);
        if (Info.Halvings > 0) page.Append(CultureInfo.InvariantCulture, $"| numbers went wrong | {Info.Halvings} times: back to the checkpoint, and on with half the rates |\n");
        if (Info.Head is { } head) page.Append(CultureInfo.InvariantCulture, $"| head | `{head}`, chosen on meta-validation |\n");
        page.Append('\n');
    }

    private void Accuracies(StringBuilder page)
    {
        page.Append("## Figures\n\nAccuracy in per cent, with the 95 % confidence interval of the mean (Student's t).\n\n| concepts | shots | classes | accuracy | interval over | tasks | trainings |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        if (Info.ValidationAccuracy is { } accuracy)
        {
            var (selection, ways) = (Info.Configuration.Selection, Info.Configuration.Training.Ways);
            var validation = new CardFigure(selection.Shots, accuracy, Info.ValidationCi95, ways, selection.Tasks, 1, "tasks; too good, for the iteration was chosen on them", "");
            Row(page, "meta-validation", validation);
        }
        foreach (var figure in Figures) Row(page, "meta-test, unseen", figure);
        if (Figures.Count > 0) page.Append(CultureInfo.InvariantCulture, $"\nTasks: {string.Join(", ", Figures.Select(f => $"`{f.Episodes}`").Distinct())}. Chance is {100.0 / Figures[0].Ways:0.#} %.\n\n");
        else page.Append("\nNothing has been measured on meta-test yet: `croma card --model DIR --data DATA` measures this model, `--figures` adds several trainings.\n\n");
    }

    private static void Row(StringBuilder page, string concepts, CardFigure figure) => page.Append(CultureInfo.InvariantCulture,
        $"| {concepts} | {figure.Shots} | {figure.Ways} | {figure.Accuracy} | {figure.Over} | {figure.Tasks} | {figure.Trainings} |\n");

    private static string Samples(string role, SampleShape? shape) => shape is null ? $"{role}: see its data set" : $"{role}, {Cell(shape.Name)}: " + shape.Kind switch
    {
        ModalityKind.Bytes => "text",
        ModalityKind.Images => string.Create(CultureInfo.InvariantCulture, $"pictures of {shape.ImageHeight} x {shape.ImageWidth}"),
        ModalityKind.Frames => string.Create(CultureInfo.InvariantCulture, $"sequences of {shape.Width} numbers a step{(shape.FramesPerSecond > 0 ? $", {shape.FramesPerSecond:0.##} a second" : "")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"features of {shape.Width} numbers"),
    };

    private static string Words(ConceptSplit split) => split switch
    {
        ConceptSplit.MetaTrain => "for training",
        ConceptSplit.MetaValidation => "for meta-validation",
        _ => "for meta-test",
    };

    /// <summary>Others' words on one line, without what Markdown would make of them.</summary>
    internal static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? " " : c is '<' or '`' or '*' or '[' or ']' or '\\' ? $"\\{c}" : c.ToString())).Trim();

    private static string Cell(string text) => Line(text).Replace("|", "\\|", StringComparison.Ordinal);
}
