using System.CommandLine;

namespace Croma.Cli;

/// <summary>A command that does something (rather than hold others).</summary>
internal abstract class CromaCommand : Command
{
    protected CromaCommand(string name, string description, CommonOptions common) : base(name, description) => SetAction(parsed =>
    {
        using var context = new CommandContext(parsed, common);
        return Run(parsed, context);
    });

    /// <summary>Does it; returns the exit code.</summary>
    protected abstract int Run(ParseResult parsed, CommandContext context);
}
