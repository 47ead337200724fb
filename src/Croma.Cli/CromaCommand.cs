using System.CommandLine;

namespace Croma.Cli;

/// <summary>A command that does something (rather than hold others).</summary>
internal abstract class CromaCommand : Command
{
    protected CromaCommand(string name, string description, CommonOptions common) : base(name, description) => SetAction(parsed =>
    {
        using var context = new CommandContext(parsed, common);
        try
        {
            return Run(parsed, context);
        }
        catch (Exception e) when (IsStop(e))
        {
            throw new InterruptedException(WhenInterrupted, e);
        }
    });

    /// <summary>What a user who stops the command is told.</summary>
    protected virtual string WhenInterrupted => "interrupted.";

    /// <summary>Does it; returns the exit code.</summary>
    protected abstract int Run(ParseResult parsed, CommandContext context);

    private static bool IsStop(Exception exception) =>
        exception is OperationCanceledException || (exception is AggregateException several && several.Flatten().InnerExceptions.All(IsStop));
}
