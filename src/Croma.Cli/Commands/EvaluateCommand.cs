using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Croma.Checkpoints;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Cli.Commands;

/// <summary>croma evaluate.</summary>
internal sealed class EvaluateCommand : CromaCommand
{
    private const int Most = 10_000;

    private readonly Option<string[]> _models = new("--model")
    {
        Description = "Folders of trained models; several of one method are its repeats.", HelpName = "DIR", Required = true,
        Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _data = new("--data") { Description = "The folder of the data set they were trained on.", HelpName = "DIR", Required = true };
    private readonly Option<int[]> _shots = new("--shots") { Description = "Labelled samples a class, by default 1,5,10.", HelpName = "K,K,...", CustomParser = ParseShots };
    private readonly Option<int> _tasks = Number("--tasks", "Evaluation tasks.", 8);
    private readonly Option<int> _queries = Number("--queries", "Samples a class to recognise.", 10);
    private readonly Option<int?> _ways = new("--ways") { Description = "Classes a task; as many as the models were trained for by default.", HelpName = "N", CustomParser = result => CommonOptions.Whole(result, 2, Most) };

    public EvaluateCommand(CommonOptions common) : base("evaluate", "Scores trained models on few-shot tasks of unseen concepts, all on the same episodes.", common)
    {
        foreach (var option in new Option[] { _models, _data, _shots, _tasks, _queries, _ways }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        using var dataset = CrossModalDataset.Open(parsed.GetValue(_data)!);
        (string Folder, ModelInfo Info)[] models = [.. parsed.GetValue(_models)!.Select(folder => (folder, ModelFolder.ReadInfo(folder)))];
        foreach (var (folder, info) in models) RequireSameData(folder, info, dataset);
        RequireRepeats(models);
        var shots = parsed.GetValue(_shots) is { Length: > 0 } given ? given : [1, 5, 10];
        var ways = parsed.GetValue(_ways) ?? models[0].Info.Configuration.Training.Ways;
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, parsed.GetValue(_tasks), ways, shots.Max(), parsed.GetValue(_queries), context.Seed);
        var records = context.Progress.Run("Evaluating", report => Score(dataset, plan, shots, models, report, context));
        var table = ResultTable.Of(dataset, plan, records, context.Seed, report: null);
        context.Output.Write(table.ToJson, ResultView.Of(table, dataset));
        return ExitCode.Success;
    }

    private static RunRecord[] Score(CrossModalDataset dataset, EpisodePlan plan, int[] shots, (string Folder, ModelInfo Info)[] models, Action<Step> report, CommandContext context)
    {
        var repeats = new Dictionary<string, int>();
        var records = new RunRecord[models.Length];
        for (var m = 0; m < models.Length; m++)
        {
            var clock = Stopwatch.StartNew();
            using var model = TrainedModel.Load(models[m].Folder, dataset);
            var scores = new ShotRecord[shots.Length];
            for (var s = 0; s < shots.Length; s++)
            {
                report(new Step((m + (double)s / shots.Length) / models.Length, $"{models[m].Folder}, {shots[s]}-shot"));
                scores[s] = ShotRecord.Of(shots[s], model.Evaluate(dataset, plan, shots[s], context.Threads, context.Cancellation));
            }
            var method = model.Info.Method;
            repeats[method] = repeats.GetValueOrDefault(method, -1) + 1;
            records[m] = RunRecord.Of(method, repeats[method], model.Info.Seed, [model], clock.Elapsed.TotalSeconds, scores);
        }
        report(new Step(1, ""));
        return records;
    }

    internal static void RequireSameData(string folder, ModelInfo info, CrossModalDataset dataset)
    {
        if (info.DatasetSha256 != dataset.Sha256)
            throw new CromaException($"'{folder}' was trained on '{info.Dataset}' (SHA-256 {info.DatasetSha256[..12]}...), '{dataset.Folder}' is '{dataset.Name}' ({dataset.Sha256[..12]}...): its concepts may not be unseen; give the data set it was trained on.");
    }

    /// <summary>Repeats differ in their seed and in nothing else; otherwise mean and interval would mean nothing.</summary>
    private static void RequireRepeats((string Folder, ModelInfo Info)[] models)
    {
        foreach (var group in models.GroupBy(m => m.Info.Method))
        {
            var first = group.First();
            var seeds = new Dictionary<ulong, string>();
            foreach (var (folder, info) in group)
            {
                if (ConfigurationFile.ToJson(info.Configuration) != ConfigurationFile.ToJson(first.Info.Configuration))
                    throw new CromaException($"'{first.Folder}' and '{folder}' are both '{group.Key}' but of different configurations, so they are no repeats: evaluate them one by one.");
                if (!seeds.TryAdd(info.Seed, folder))
                    throw new CromaException($"'{seeds[info.Seed]}' and '{folder}' are both '{group.Key}' with seed {info.Seed}, so they are no repeats: give models of different seeds.");
            }
        }
    }

    private static int[] ParseShots(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split(',');
        var shots = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], out shots[i]) && shots[i] is >= 1 and <= Most && !shots.AsSpan(0, i).Contains(shots[i])) continue;
            result.AddError($"--shots takes different whole numbers from 1 to {Most} with commas between them, such as 1,5,10, not '{result.Tokens[0].Value}'");
            return [1];
        }
        return shots;
    }

    private static Option<int> Number(string name, string description, int byDefault) => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => byDefault, CustomParser = result => CommonOptions.Whole(result, 1, Most),
    };
}
