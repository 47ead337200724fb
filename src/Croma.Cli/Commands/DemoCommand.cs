using System.CommandLine;
using Croma.Cli.Terminal;

namespace Croma.Cli.Commands;

/// <summary>croma demo.</summary>
internal sealed class DemoCommand(CommonOptions common)
    : CromaCommand("demo", "Makes data, trains CroMA and three others, prints the table: the whole job in some minutes.", common)
{
    protected override string WhenInterrupted => "interrupted; 'croma demo' goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var demo = new Demo(context);
        using var dataset = demo.OpenData();
        var results = demo.Run(dataset);
        context.Output.Write(results.ToJson, ResultView.Of(results, dataset));
        return ExitCode.Success;
    }
}
