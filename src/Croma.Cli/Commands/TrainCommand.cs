using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;

namespace Croma.Cli.Commands;

/// <summary>What `croma train --json` writes; accuracies in per cent.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Dataset">What it was trained on.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Profile">The profile its configuration started from.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Model">The folder of the model.</param>
/// <param name="Iterations">Meta-iterations made.</param>
/// <param name="BestIteration">The one that was best on meta-validation, which is the model; 0 is the untrained start.</param>
/// <param name="ValidationAccuracy">Its accuracy on meta-validation; null for a method that does not train.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Curve">The learning curve.</param>
internal sealed record TrainResult(string Version, ResultDataset Dataset, string Method, string Profile, ulong Seed, string Model,
    int Iterations, int BestIteration, double? ValidationAccuracy, double Seconds, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>What the best iteration's candidate is; left out where iterations are steps of one training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Candidate { get; init; }

    /// <summary>How often its numbers went wrong, so that it went back to the checkpoint and on with half the rates; left out where they never did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Rollbacks { get; init; }

    /// <summary>How `auto` chose; left out elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AutoResult? Auto { get; init; }
}

/// <summary>croma train.</summary>
internal sealed class TrainCommand : CromaCommand
{
    private const string Stop = "stop", Rollback = "rollback";
    private const int MostRollbacks = 8;

    private readonly Option<string> _data = new("--data") { Description = "The data set's folder.", HelpName = "DIR", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder for model, learning curve and checkpoint.", HelpName = "DIR", Required = true };

    private readonly Option<string> _method = new("--method")
    {
        Description = $"What to train: {string.Join(", ", Methods.Names)}; or auto, which tries a few of them with heads and keeps the best on meta-validation.", HelpName = "NAME", DefaultValueFactory = _ => "croma",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = $"Sizes and hyperparameters: {string.Join(", ", Profiles.Names)}; paper unless --config says otherwise (auto: what fits the data).", HelpName = "NAME",
    };

    private readonly Option<string?> _config = new("--config") { Description = "A JSON file with settings that are laid over a profile (its key 'profile').", HelpName = "FILE" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Goes on from the checkpoint (auto: the candidates) in the folder." };

    private readonly Option<string> _onNan = new("--on-nan")
    {
        Description = $"What numbers that are not finite do: {Stop} the training, or {Rollback} to the last checkpoint and go on with half the rates, {MostRollbacks} times at most.", HelpName = "NAME", DefaultValueFactory = _ => Stop,
    };

    public TrainCommand(CommonOptions common) : base("train", "Trains a method on a data set; keeps what was best on meta-validation.", common)
    {
        foreach (var option in new Option[] { _data, _out, _method, _profile, _config, _resume, _onNan }) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command with --resume goes on from the checkpoint.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (name, folder) = (parsed.GetValue(_method)!, new TrainingFolder(parsed.GetValue(_out)!));
        var (profile, file, resume) = (parsed.GetValue(_profile), parsed.GetValue(_config), parsed.GetValue(_resume));
        var onNan = parsed.GetValue(_onNan)!;
        if (onNan is not (Stop or Rollback)) throw new CromaException($"--on-nan cannot be '{onNan}'{Closest.Hint(onNan, [Stop, Rollback])}");
        if (name == AutoTraining.Name)
        {
            if (onNan == Rollback) throw new CromaException($"--on-nan {Rollback} goes with one method: {AutoTraining.Name} leaves out what cannot be trained.");
            using var takenForAuto = RunLock.Take(folder.Path);
            // what is wrong with a profile or a file is told before anything is made
            if (profile != null || file != null) Configure(profile, file, Methods.Names[0]);
            folder.PrepareForAuto(resume);
            using var data = CrossModalDataset.Open(parsed.GetValue(_data)!);
            AutoTraining.Run(data, method => Configure(file == null ? profile ?? AutoTraining.ProfileFor(data) : profile, file, method), folder, context);
            return ExitCode.Success;
        }
        var configuration = Configure(profile, file, name);
        using var taken = RunLock.Take(folder.Path);
        folder.Prepare(resume);
        using var dataset = CrossModalDataset.Open(parsed.GetValue(_data)!);
        var options = new TrainingOptions { Method = name, Configuration = configuration, Seed = context.Seed, Threads = context.Threads, CheckpointFile = folder.Checkpoint, LogFolder = folder.Path, Rollbacks = onNan == Rollback ? MostRollbacks : 0 };
        using var model = context.Progress.Run($"Training {name}", report => TrainedModel.Train(dataset, options,
            new Reporter<TrainingProgress>(p => report(new Step((double)p.Iteration / p.Iterations, Note(p.Latest)))), context.Cancellation));
        folder.Save(model);

        var (seconds, curve) = model.Training!;
        var result = new TrainResult(CromaVersion.Text, new ResultDataset(dataset.Name, dataset.Sha256), name, configuration.Profile, context.Seed, folder.Path,
            curve is [.., var last] ? last.Iteration : 0, model.Info.Iteration, model.Info.ValidationAccuracy, seconds, curve)
        {
            Candidate = model.Training.Candidate,
            Rollbacks = model.Training.Halvings,
        };
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.TrainResult), Describe(result));
        return ExitCode.Success;
    }

    private static TrainingConfiguration Configure(string? profile, string? file, string method)
    {
        if (file == null) return Profiles.Get(profile ?? "paper", method);
        if (profile != null) throw new CromaException("--profile and --config were both given: name the profile in the configuration file, under \"profile\".");
        return ConfigurationFile.Read(file, method);
    }

    private static string Note(CurvePoint? point) => point == null ? "" : $"{point.ValidationAccuracy:0.0} % at iteration {point.Iteration}";

    private static string WentBack(TrainResult result) => result.Rollbacks switch
    {
        0 => "",
        1 => "\nits numbers went wrong once: it went back to the checkpoint and on with half the rates",
        var times => $"\nits numbers went wrong {times} times: each time it went back to the checkpoint and on with half the rates",
    };

    private static string Describe(TrainResult result) => result.ValidationAccuracy is { } accuracy
        ? $"{result.Method} ({result.Profile}, seed {result.Seed}): best at iteration {result.BestIteration} of {result.Iterations}{(result.Candidate is { } candidate ? $" ({candidate})" : "")}, {accuracy:0.0} % on meta-validation{WentBack(result)}\nmodel: {result.Model}\n"
        : $"{result.Method} ({result.Profile}, seed {result.Seed}): nothing to train, the model is the start\nmodel: {result.Model}\n";
}
