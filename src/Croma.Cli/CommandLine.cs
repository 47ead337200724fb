using System.CommandLine;
using System.CommandLine.Parsing;
using Croma.Cli.Commands;
using Croma.Configuration;

namespace Croma.Cli;

/// <summary>The `croma` command line: all commands, and what becomes of arguments that fit none of them.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command; returns the process's exit code (<see cref="ExitCode"/>).</summary>
    public static int Run(string[] args)
    {
        var root = Create();
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return Failure.Guard(() =>
        {
            if (parsed.Errors.Count > 0) throw new CromaException(Explain(parsed));
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        });
    }

    /// <summary>All commands and options, for parsing and for what describes them.</summary>
    internal static RootCommand Create()
    {
        var common = new CommonOptions();
        var root = new RootCommand("Cross-modal few-shot learning: learn from a rich modality, recognise new concepts in a poor one from a few labelled samples.")
        {
            new DemoCommand(common),
            new ImportCommand(common),
            new DoctorCommand(common),
            new AdviseCommand(common),
            new DataCommand(common),
            new TrainCommand(common),
            new EvaluateCommand(common),
            new CardCommand(common),
            new TuneCommand(common),
            new EncodeCommand(common),
            new ExportCommand(common),
            new AdaptCommand(common),
            new PredictCommand(common),
            new NextCommand(common),
            new IndexCommand(common),
            new RetrieveCommand(common),
            new MapCommand(common),
            new ServeCommand(common),
            new CompareCommand(common),
            new ReproduceCommand(common),
            new JobsCommand(common),
            new BenchCommand(common),
            new VersionCommand(common),
        };
        root.HelpName = "croma";
        foreach (var option in common.All) root.Add(option);
        return root;
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = string.Join(' ', Path(parsed.CommandResult));
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var isOption = unknown.StartsWith('-');
            string[] known = isOption
                ? [.. Options(parsed.CommandResult).Where(o => !o.Hidden).Select(o => o.Name)]
                : [.. command.Subcommands.Select(c => c.Name)];
            if (known.Length == 0) return $"'{name}' does not take '{unknown}': see '{name} --help'.";
            return $"'{name}' has no {(isOption ? "option" : "command")} '{unknown}'{Closest.Hint(unknown, known)}";
        }
        if (command.Subcommands.Count > 0) return $"'{name}' needs one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";
        return $"{parsed.Errors[0].Message.TrimEnd('.')}: see '{name} --help'.";
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : ["croma"];

    private static IEnumerable<Option> Options(CommandResult result) => result.Parent is CommandResult parent
        ? result.Command.Options.Concat(Options(parent).Where(o => o.Recursive))
        : result.Command.Options;
}
