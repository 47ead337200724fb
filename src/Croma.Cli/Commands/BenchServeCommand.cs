using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Cli.Bench;
using Croma.Cli.Terminal;

namespace Croma.Cli.Commands;

/// <summary>What `croma bench serve --json` writes.</summary>
/// <param name="Machine">Processor, instruction set, system, runtime.</param>
/// <param name="Processors">How many there are, for server and client together.</param>
/// <param name="Numbers">Numbers of a sample.</param>
/// <param name="Ways">Classes.</param>
/// <param name="Loads">One a load.</param>
internal sealed record BenchServeResult(string Machine, int Processors, int Numbers, int Ways, IReadOnlyList<ServeFigures> Loads);

/// <summary>croma bench serve.</summary>
internal sealed class BenchServeCommand : CromaCommand
{
    private readonly Option<int> _numbers = Number("--numbers", "Numbers of a sample.", 128, 4096);
    private readonly Option<int> _ways = Number("--ways", "Classes.", 5, 100);
    private readonly Option<int> _connections = Number("--connections", "Connections, each with one request at a time.", 16, 512);
    private readonly Option<int> _seconds = Number("--seconds", "Seconds of each of four loads.", 5, 60);

    public BenchServeCommand(CommonOptions common) : base("serve", "Times a server's predictions from features on loopback: as many as it gives, its times at half of that, and what it does beyond.", common)
    {
        foreach (var option in new[] { _numbers, _ways, _connections, _seconds }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (numbers, ways) = (parsed.GetValue(_numbers), parsed.GetValue(_ways));
        var benchmark = new ServeBenchmark(numbers, ways, parsed.GetValue(_connections), parsed.GetValue(_seconds), context.Threads);
        var loads = context.Progress.Run("Measuring", report => benchmark.RunAsync((share, note) => report(new Step(share, note)), context.Cancellation).GetAwaiter().GetResult());
        var result = new BenchServeResult(StepBenchmark.Machine, Environment.ProcessorCount, numbers, ways, loads);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.BenchServeResult), Describe(result));
        return ExitCode.Success;
    }

    private static string Describe(BenchServeResult result)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{result.Machine}, {result.Processors} processors for server and client\na request: one sample of {result.Numbers} numbers, {result.Ways} classes\n")
            .Append(CultureInfo.InvariantCulture, $"{"",-36} {"connections",11} {"answers/s",10} {"429/s",8} {"median ms",10} {"p99 ms",8} {"slowest",8} {"processor us",12}\n");
        foreach (var load in result.Loads) text.Append(CultureInfo.InvariantCulture, $"{load.Load,-36} {load.Connections,11} {load.AnswersPerSecond,10:0} {load.RefusedPerSecond,8:0} {load.Median,10:0.00} {load.P99,8:0.0} {load.Slowest,8:0.0} {load.ProcessorMicroseconds,12:0}\n");
        return text.ToString();
    }

    private static Option<int> Number(string name, string description, int by, int most) => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => by, CustomParser = result => CommonOptions.Whole(result, 1, most),
    };
}
