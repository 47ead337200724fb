using Spectre.Console;

namespace Croma.Cli.Terminal;

/// <summary>How far a command is.</summary>
/// <param name="Share">0 ... 1.</param>
/// <param name="Note">What it is at; may be empty.</param>
internal readonly record struct Step(double Share, string Note);

/// <summary>Shows how far long work is: a bar on a terminal, a line now and then in a file, nothing where that was asked for.</summary>
internal sealed class ProgressDisplay(bool quiet)
{
    /// <summary>Does the work, which reports its steps (from any thread).</summary>
    public T Run<T>(string title, Func<Action<Step>, T> work)
    {
        if (quiet) return work(_ => { });
        var estimate = new TimeEstimate(TimeProvider.System);
        var console = Output.Messages();
        if (console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi) return OnTerminal(console, title, estimate, work);
        var lines = new ProgressLines(title, estimate, TimeProvider.System, Console.Error.WriteLine);
        return work(lines.Report);
    }

    private static T OnTerminal<T>(IAnsiConsole console, string title, TimeEstimate estimate, Func<Action<Step>, T> work) => console.Progress()
        .Columns(new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new TimeLeftColumn(estimate), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            var task = context.AddTask(Markup.Escape(title), maxValue: 1);
            return work(step =>
            {
                estimate.Update(step.Share);
                task.Value = step.Share;
                task.Description = Markup.Escape(step.Note.Length == 0 ? title : $"{title}: {step.Note}");
            });
        });
}
