using System.CommandLine;
using System.Text;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Cli.Card;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Cli.Commands;

/// <summary>What `croma card --json` writes; accuracies in per cent.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's folder.</param>
/// <param name="Figures">What was measured, or read of others' measurements.</param>
/// <param name="Card">The card, in Markdown.</param>
internal sealed record CardResult(string Version, string Model, IReadOnlyList<CardFigure> Figures, string Card);

/// <summary>croma card.</summary>
internal sealed class CardCommand : CromaCommand
{
    private const int Queries = 10;

    private static readonly int[] s_shots = [1, 5, 10];

    private readonly Option<string> _model = new("--model") { Description = "The folder of a trained model.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _out = new("--out") { Description = "The file to write; standard output by default.", HelpName = "FILE" };
    private readonly Option<string?> _data = new("--data") { Description = "The data set it was trained on: measures the model on tasks of unseen concepts, at 1, 5 and 10 shots where there are as many samples.", HelpName = "DIR" };
    private readonly Option<int> _tasks = new("--tasks") { Description = "Tasks to measure on.", HelpName = "N", DefaultValueFactory = _ => 32, CustomParser = result => CommonOptions.Whole(result, 2, 10_000) };
    private readonly Option<string?> _figures = new("--figures") { Description = "The JSON of `croma evaluate` on several trainings of the method: their mean and interval.", HelpName = "FILE" };

    public CardCommand(CommonOptions common) : base("card", "Writes a model's card: data, licences, method, figures with their uncertainty, limits, and how to repeat it.", common)
    {
        foreach (var option in new Option[] { _model, _data, _tasks, _figures, _out }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (folder, file) = (parsed.GetValue(_model)!, parsed.GetValue(_out));
        var card = ModelCard.Of(folder);
        var figures = new List<CardFigure>();
        if (parsed.GetValue(_data) is { } data) figures.AddRange(Measure(folder, data, parsed.GetValue(_tasks), context));
        if (parsed.GetValue(_figures) is { } table) figures.AddRange(CardFigure.Of(ResultTable.Read(table), card.Info, table));
        card = card with { Figures = figures };
        var text = card.ToMarkdown();
        if (file != null) AtomicFile.Write(file, Encoding.UTF8.GetBytes(text));
        context.Output.Write(() => JsonSerializer.Serialize(new CardResult(CromaVersion.Text, folder, figures, text), CliJson.Default.CardResult), file == null ? text : $"card: {file}\n");
        return ExitCode.Success;
    }

    private static IEnumerable<CardFigure> Measure(string folder, string data, int tasks, CommandContext context)
    {
        using var dataset = CrossModalDataset.Open(data);
        EvaluateCommand.RequireSameData(folder, ModelFolder.ReadInfo(folder), dataset);
        using var model = TrainedModel.Load(folder, dataset);
        var room = new LabelledSamples(dataset, dataset.Target, ConceptSplit.MetaTest, Part.Target).Samples.Select(of => of.Length).DefaultIfEmpty().Min() - Queries;
        int[] all = [s_shots[0], .. s_shots.Skip(1).Where(shots => shots <= room)];
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks, model.Info.Configuration.Training.Ways, all[^1], Queries, context.Seed);
        return context.Progress.Run("Measuring", report => all.Select((shots, i) =>
        {
            report(new Step((double)i / all.Length, $"{shots}-shot"));
            return CardFigure.Of(shots, plan, model.Evaluate(dataset, plan, shots, context.Threads, context.Cancellation), context.Seed);
        }).ToList());
    }
}
