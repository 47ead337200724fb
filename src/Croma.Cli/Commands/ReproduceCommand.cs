using System.CommandLine;
using Croma.Cli.Experiments;
using Croma.Cli.Slurm;
using Croma.Configuration;

namespace Croma.Cli.Commands;

/// <summary>croma reproduce.</summary>
internal sealed class ReproduceCommand : CromaCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = $"Which: {string.Join(", ", Experiment.All.Select(e => e.Name))}." };

    private readonly Option<string> _scale = new("--scale")
    {
        Description = $"How much of it: {string.Join(", ", ExperimentRun.Scales)} (the paper's setting).", HelpName = "NAME", DefaultValueFactory = _ => "small",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder for results and runs; experiments that share it share their runs.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine("runs", "reproduce"),
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The data set's folder, by default data/udhr-speech (table2-image-audio: data/cifar-esc50, table2-text-image: data/emoji); the synthetic studies need none.", HelpName = "DIR",
    };

    private readonly Option<string?> _tuned = new("--tuned") { Description = "A folder with a METHOD.json for each tuned method, as croma tune writes it; others have the scale's profile.", HelpName = "DIR" };

    private readonly Option<int?> _repeats = new("--repeats")
    {
        Description = "Trainings of each method, instead of the scale's 2, 5 or 10; those that are there are used.", HelpName = "N", CustomParser = result => CommonOptions.Whole(result, 2, 1000),
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Only goes on with what was begun in --out: an error where nothing was. Without it runs that are there are taken over too." };

    private readonly ExecutorOptions _executor;

    public ReproduceCommand(CommonOptions common) : base("reproduce", "Runs a table or figure of the paper; goes on where an interrupted run stopped.", common)
    {
        Add(_name);
        _executor = new ExecutorOptions(common);
        foreach (var option in (Option[])[_scale, _repeats, _data, _tuned, _out, _resume, .. _executor.All]) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var name = parsed.GetValue(_name)!;
        var experiment = Experiment.All.FirstOrDefault(e => e.Name == name)
            ?? throw new CromaException($"There is no experiment '{name}'{Closest.Hint(name, [.. Experiment.All.Select(e => e.Name)])}");
        var folder = parsed.GetValue(_out)!;
        if (parsed.GetValue(_resume) && !Directory.Exists(Path.Combine(folder, "runs"))) throw new CromaException($"'{folder}' holds no runs to go on with: leave --resume out to begin, or name the folder by --out.");
        var setting = new ExperimentContext
        {
            Scale = ExperimentRun.ParseScale(parsed.GetValue(_scale)!),
            Repeats = parsed.GetValue(_repeats),
            Seed = context.Seed,
            Threads = context.Threads,
            Data = parsed.GetValue(_data) ?? experiment.DefaultData,
            Tuned = ExperimentRun.RequireTuned(parsed.GetValue(_tuned)),
            Folder = folder,
        };
        ExperimentRun.Do(experiment, name, setting, context, _executor.Choose(parsed, context));
        return ExitCode.Success;
    }
}
