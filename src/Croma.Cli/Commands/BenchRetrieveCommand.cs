using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Cli.Bench;
using Croma.Cli.Terminal;

namespace Croma.Cli.Commands;

/// <summary>What `croma bench retrieve --json` writes.</summary>
/// <param name="Machine">Processor, instruction set, system, runtime.</param>
/// <param name="Items">Rows searched.</param>
/// <param name="Dimension">Numbers of a row.</param>
/// <param name="Agreement">The share of the ten best by single precision that are among the index's ten best.</param>
/// <param name="Ways">One a way to search and number of threads.</param>
internal sealed record BenchRetrieveResult(string Machine, int Items, int Dimension, double Agreement, IReadOnlyList<RetrieveFigures> Ways);

/// <summary>croma bench retrieve.</summary>
internal sealed class BenchRetrieveCommand : CromaCommand
{
    private readonly Option<int> _items = Number("--items", "Items in the index.", 1_000_000, 20_000_000);
    private readonly Option<int> _dimension = Number("--dimension", "Numbers of an embedding.", 256, 8192);
    private readonly Option<int> _rounds = Number("--rounds", "Rounds, a query each; figures are medians over them.", 15, 10_000);

    public BenchRetrieveCommand(CommonOptions common) : base("retrieve", "Times exact search in an index, beside a search in single precision and a plain loop (memory: 6 bytes a number and more).", common)
    {
        foreach (var option in new[] { _items, _dimension, _rounds }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (items, dimension) = (parsed.GetValue(_items), parsed.GetValue(_dimension));
        var benchmark = new RetrieveBenchmark(items, dimension, context.Threads, parsed.GetValue(_rounds));
        var ways = context.Progress.Run("Measuring", report => benchmark.Run((share, note) => report(new Step(share, note)), context.Cancellation));
        var result = new BenchRetrieveResult(StepBenchmark.Machine, items, dimension, benchmark.Agreement, ways);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.BenchRetrieveResult), Describe(result));
        return ExitCode.Success;
    }

    private static string Describe(BenchRetrieveResult result)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{result.Machine}\n{result.Items} x {result.Dimension}, the {RetrieveBenchmark.Top} best\n")
            .Append(CultureInfo.InvariantCulture, $"{"",-40} {"threads",7} {"ms a query",10} {"least",8} {"processors",10} {"GB/s",6}\n");
        foreach (var way in result.Ways) text.Append(CultureInfo.InvariantCulture, $"{way.Name,-40} {way.Threads,7} {way.Milliseconds,10:0.0} {way.Least,8:0.0} {way.ProcessorMilliseconds,10:0.0} {way.GigabytesPerSecond,6:0.0}\n");
        return text.Append(CultureInfo.InvariantCulture, $"of the {RetrieveBenchmark.Top} best by single precision the index found {100 * result.Agreement:0.0} %\n").ToString();
    }

    private static Option<int> Number(string name, string description, int by, int most) => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => by, CustomParser = result => CommonOptions.Whole(result, 1, most),
    };
}
