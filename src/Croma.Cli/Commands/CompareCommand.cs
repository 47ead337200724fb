using System.CommandLine;
using Croma.Baselines;
using Croma.Cli.Experiments;
using Croma.Cli.Slurm;
using Croma.Configuration;
using Croma.Heads;

namespace Croma.Cli.Commands;

/// <summary>croma compare.</summary>
internal sealed class CompareCommand : CromaCommand
{
    private readonly Option<string> _data = new("--data") { Description = "The data set's folder.", HelpName = "DIR", Required = true };

    private readonly Option<string?> _methods = new("--methods")
    {
        Description = "Methods, the first of which others are tested against; CroMA and its ablations by default.", HelpName = "NAME,NAME,...",
    };

    private readonly Option<string?> _heads = new("--heads")
    {
        Description = $"Heads on their encoders besides fine-tuning: {string.Join(", ", Head.All.Select(h => h.Name))}; all that the data set has everything for by default.", HelpName = "NAME,NAME,...",
    };

    private readonly Option<string> _scale = new("--scale") { Description = $"Sizes and numbers: {string.Join(", ", ExperimentRun.Scales)}.", HelpName = "NAME", DefaultValueFactory = _ => "small" };

    private readonly Option<int?> _repeats = new("--repeats")
    {
        Description = "Trainings of each method, instead of the scale's 2, 5 or 10.", HelpName = "N", CustomParser = result => CommonOptions.Whole(result, 2, 1000),
    };

    private readonly Option<int> _members = new("--members")
    {
        Description = "Fine-tuned rows also as ensembles of so many trainings, whose answers are averaged; 1: none.", HelpName = "N", DefaultValueFactory = _ => 1, CustomParser = result => CommonOptions.Whole(result, 1, 100),
    };

    private readonly Option<string?> _tuned = new("--tuned") { Description = "A folder with a METHOD.json for each tuned method, as croma tune writes it; others have the scale's profile.", HelpName = "DIR" };
    private readonly Option<string> _out = new("--out") { Description = "The folder for results and runs.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine("runs", "compare") };

    private readonly ExecutorOptions _executor;

    public CompareCommand(CommonOptions common) : base("compare", "Compares methods and heads on the same episodes, and chooses one on meta-validation; goes on where an interrupted run stopped.", common)
    {
        _executor = new ExecutorOptions(common);
        foreach (var option in (Option[])[_data, _methods, _heads, _scale, _repeats, _members, _tuned, _out, .. _executor.All]) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var methods = Names(parsed.GetValue(_methods), Methods.Names, "method");
        var heads = Names(parsed.GetValue(_heads), [.. Head.All.Select(h => h.Name)], "head");
        var setting = new ExperimentContext
        {
            Scale = ExperimentRun.ParseScale(parsed.GetValue(_scale)!),
            Repeats = parsed.GetValue(_repeats),
            Seed = context.Seed,
            Threads = context.Threads,
            Data = parsed.GetValue(_data)!,
            Tuned = ExperimentRun.RequireTuned(parsed.GetValue(_tuned)),
            Folder = parsed.GetValue(_out)!,
        };
        ExperimentRun.Do(new BeyondThePaper(methods, [.. heads.Select(name => Head.All.Single(h => h.Name == name))], parsed.GetValue(_members)), "compare", setting, context, _executor.Choose(parsed, context));
        return ExitCode.Success;
    }

    private static string[] Names(string? list, IReadOnlyList<string> known, string what)
    {
        string[] names = list == null ? [] : list.Split(',');
        foreach (var (i, name) in names.Index())
        {
            if (!known.Contains(name)) throw new CromaException($"There is no {what} '{name}'{Closest.Hint(name, known)}");
            if (Array.IndexOf(names, name) < i) throw new CromaException($"The {what} '{name}' is named twice.");
        }
        return names;
    }
}
