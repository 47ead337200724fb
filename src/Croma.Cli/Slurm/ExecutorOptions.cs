using System.CommandLine;
using System.CommandLine.Parsing;
using Croma.Configuration;
using Croma.Onnx.Features;

namespace Croma.Cli.Slurm;

/// <summary>The options that say where a command's work is done: here, by Slurm, or a part of it here beside others.</summary>
internal sealed class ExecutorOptions
{
    public const string Partition = "--slurm-partition", Time = "--slurm-time", Cpus = "--slurm-cpus", Memory = "--slurm-memory", Width = "--slurm-width";

    private const string Local = "local", Slurm = "slurm";
    private const int MostTasks = 100_000;

    private readonly CommonOptions _common;

    private readonly Option<string> _executor = new("--executor")
    {
        Description = $"Where the work is done: {Local}, or by {Slurm}, as an array of jobs over a shared folder; the files are the same.", HelpName = "NAME", DefaultValueFactory = _ => Local,
    };

    private readonly Option<string?> _partition = new(Partition) { Description = "The partition of the jobs.", HelpName = "NAME" };
    private readonly Option<string?> _time = new(Time) { Description = "A job's time, as sbatch takes it; what is stopped by it goes on from its checkpoint.", HelpName = "TIME" };
    private readonly Option<int> _cpus = new(Cpus) { Description = "A job's processors and threads.", HelpName = "N", DefaultValueFactory = _ => 1, CustomParser = result => CommonOptions.Whole(result, 1, 1024) };
    private readonly Option<string?> _memory = new(Memory) { Description = "A job's memory, as sbatch takes it, such as 4G.", HelpName = "SIZE" };
    private readonly Option<int?> _width = new(Width) { Description = "Jobs at once, at most.", HelpName = "N", CustomParser = result => CommonOptions.Whole(result, 1, MostTasks) };
    private readonly Option<Shard?> _part;

    /// <param name="common">The common options, some of which are the front's own.</param>
    /// <param name="part">The name of the option that takes a part's number.</param>
    /// <param name="description">What a run with it does.</param>
    public ExecutorOptions(CommonOptions common, string part = "--part", string description = "Makes the I-th of N parts of the work only, and no result; the command without it makes what is left and the result.")
    {
        _common = common;
        _part = new(part) { Description = description, HelpName = "I/N", CustomParser = ParsePart };
    }

    public IEnumerable<Option> All => [_part, _executor, .. OfSlurm];

    /// <summary>The options that give a command to Slurm.</summary>
    public static IEnumerable<string> ForSlurm(SlurmResources resources) => [$"--executor={Slurm}", .. resources.Options()];

    private Option[] OfSlurm => [_partition, _time, _cpus, _memory, _width];

    /// <summary>What was asked for.</summary>
    public Executor Choose(ParseResult parsed, CommandContext context)
    {
        var (name, part) = (parsed.GetValue(_executor)!, parsed.GetValue(_part));
        if (name is not (Local or Slurm)) throw new CromaException($"There is no executor '{name}'{Closest.Hint(name, [Local, Slurm])}");
        if (name == Local && OfSlurm.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } lost) throw new CromaException($"{lost.Name} is for {_executor.Name} {Slurm}.");
        if (name == Slurm && part != null) throw new CromaException($"{_part.Name} and {_executor.Name} {Slurm} were both given: Slurm's jobs are the parts.");
        var resources = name == Local ? null : new SlurmResources(parsed.GetValue(_partition), parsed.GetValue(_time), parsed.GetValue(_cpus), parsed.GetValue(_memory), parsed.GetValue(_width));
        Option[] own = [.. All, _common.Json, _common.Quiet, _common.Threads];
        return new Executor(part, resources, new StudyCommand(CommandWords.Of(parsed, _common.All, own), _part.Name, Environment.CurrentDirectory), context);
    }

    private static Shard? ParsePart(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.Split('/') is [var i, var n] && int.TryParse(i, out var number) && int.TryParse(n, out var count) && number >= 1 && number <= count && count <= MostTasks) return new Shard(number, count);
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes I/N, from 1/N to N/N with N at most {MostTasks}, such as 1/4, not '{text}'");
        return null;
    }
}
