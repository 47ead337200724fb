using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Cli.Slurm;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Evaluation;
using Croma.Tuning;

namespace Croma.Cli.Commands;

/// <summary>A trial in `croma tune --json`; accuracies in per cent, on meta-validation.</summary>
/// <param name="Trial">Which, from 0, which is what the search started from.</param>
/// <param name="ValidationAccuracy">Null where its training failed.</param>
/// <param name="Failure">Why; null where it did not.</param>
/// <param name="BestIteration">Iteration of the model that was scored.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Adaptations">What its model was adapted with; the best gives the trial's accuracy.</param>
internal sealed record TuneTrial(int Trial, double? ValidationAccuracy, string? Failure, int BestIteration, double Seconds, IReadOnlyList<AdaptationTrial> Adaptations);

/// <summary>What `croma tune --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Dataset">What was trained on.</param>
/// <param name="Method">The method.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Budget">Trials.</param>
/// <param name="Best">The number of the best.</param>
/// <param name="ValidationAccuracy">Its accuracy.</param>
/// <param name="Configuration">Path of its configuration, for --config, or its folder for --tuned.</param>
/// <param name="Seconds">Wall time of this command.</param>
/// <param name="Trials">By their numbers.</param>
internal sealed record TuneResult(string Version, ResultDataset Dataset, string Method, ulong Seed, int Budget, int Best, double ValidationAccuracy, string Configuration, double Seconds, IReadOnlyList<TuneTrial> Trials);

/// <summary>croma tune.</summary>
internal sealed class TuneCommand : CromaCommand
{
    private const int MostTrials = 10_000;

    private readonly Option<string> _data = new("--data") { Description = "The data set's folder.", HelpName = "DIR", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder for METHOD.json, what was best, and the trials.", HelpName = "DIR", Required = true };

    private readonly Option<string> _method = new("--method")
    {
        Description = $"What to tune: {string.Join(", ", Methods.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => "croma",
    };

    private readonly Option<int> _budget = new("--budget")
    {
        Description = "Trials; compare methods with equal budgets only.", HelpName = "N", DefaultValueFactory = _ => 20, CustomParser = result => CommonOptions.Whole(result, 1, MostTrials),
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = $"What the search starts from: {string.Join(", ", Profiles.Names)}; small unless --config is given.", HelpName = "NAME",
    };

    private readonly Option<string?> _config = new("--config") { Description = "A configuration file to start from instead.", HelpName = "FILE" };

    private readonly ExecutorOptions _executor;

    public TuneCommand(CommonOptions common) : base("tune", "Searches a method's hyperparameters at random on meta-validation; goes on where an interrupted search stopped.", common)
    {
        _executor = new ExecutorOptions(common, description: "Makes the I-th of N trials only, N being the budget; those of the threes before it come first. The command without it makes what is left and the result.");
        foreach (var option in (Option[])[_data, _out, _method, _budget, _profile, _config, .. _executor.All]) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (method, folder, budget) = (parsed.GetValue(_method)!, parsed.GetValue(_out)!, parsed.GetValue(_budget));
        if (!Methods.Names.Contains(method)) throw new CromaException($"There is no method '{method}'{Closest.Hint(method, Methods.Names)}");
        var start = Start(parsed.GetValue(_profile), parsed.GetValue(_config), method);
        using var dataset = CrossModalDataset.Open(parsed.GetValue(_data)!);
        var options = new SearchOptions { Method = method, Start = start, Budget = budget, Seed = context.Seed, Threads = context.Threads };
        var (search, executor, clock) = (new RandomSearch(dataset, options, Path.Combine(folder, "trials")), _executor.Choose(parsed, context), Stopwatch.StartNew());
        executor.Prepare(() => Divide(search, method, folder, budget), folder);
        if (executor.Part is { } part)
        {
            if (part.Count != budget) throw new CromaException($"--part {part.Number}/{part.Count}: a search of {budget} trials has {budget} parts.");
            var trial = part.Number - 1;
            var made = Executor.MakePart(folder, () => context.Progress.Run($"Tuning {method}, trial {trial}", report =>
                search.Do(trial, share => report(new Step(share, "")), context.Cancellation)));
            PartResult.Write(part, [$"trial {made.Number}"], clock.Elapsed, context.Output);
            return ExitCode.Success;
        }

        using var taken = RunLock.Take(folder);
        var trials = context.Progress.Run($"Tuning {method}", report => search.Run(new Reporter<double>(share => report(new Step(share, ""))), context.Cancellation));
        var best = RandomSearch.Best(trials);
        var path = Path.Combine(folder, method + ".json");
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(ConfigurationFile.ToJson(best.Configuration) + "\n"));

        var result = new TuneResult(CromaVersion.Text, new ResultDataset(dataset.Name, dataset.Sha256), method, context.Seed, budget, best.Number, best.ValidationAccuracy!.Value, path,
            clock.Elapsed.TotalSeconds, [.. trials.Select(t => new TuneTrial(t.Number, t.ValidationAccuracy, t.Failure, t.BestIteration, t.Seconds, t.Adaptations))]);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.TuneResult), Describe(result));
        return ExitCode.Success;
    }

    private static DividedWork Divide(RandomSearch search, string method, string folder, int budget) => new()
    {
        Title = $"Tuning {method}",
        Folder = folder,
        Count = budget <= DividedWork.MostParts ? budget : throw new CromaException($"Slurm's arrays have at most {DividedWork.MostParts} parts here: take a smaller --budget first, and a larger one then."),
        IsDone = part => search.IsDone(part - 1),
        StageOf = part => RandomSearch.RoundOf(part - 1),
    };

    private static TrainingConfiguration Start(string? profile, string? file, string method)
    {
        if (profile != null && file != null) throw new CromaException("--profile and --config were both given: name the profile in the configuration file, under \"profile\".");
        return file != null ? ConfigurationFile.Read(file, method) : Profiles.Get(profile ?? "small", method);
    }

    private static string Describe(TuneResult result)
    {
        var failed = result.Trials.Count(t => t.Failure != null);
        return $"{result.Method} (seed {result.Seed}): trial {result.Best} of {result.Budget} is best on meta-validation, {result.ValidationAccuracy:0.0} %; it started from {result.Trials[0].ValidationAccuracy:0.0} %"
            + (failed == 0 ? "" : $"; {failed} diverged") + $"\nconfiguration: {result.Configuration}\n";
    }
}
