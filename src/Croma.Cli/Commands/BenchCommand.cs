using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Croma.Cli.Bench;
using Croma.Cli.Terminal;
using Spectre.Console;

namespace Croma.Cli.Commands;

/// <summary>What `croma bench --json` writes.</summary>
/// <param name="Machine">Processor, instruction set, system, runtime.</param>
/// <param name="Threads">1 or 2.</param>
/// <param name="Steps">One a workload.</param>
internal sealed record BenchResult(string Machine, int Threads, IReadOnlyList<StepFigures> Steps);

/// <summary>croma bench.</summary>
internal sealed class BenchCommand : Command
{
    public BenchCommand(CommonOptions common) : base("bench", "Times the compute engine, the search and the server; simulates studies on a cluster.")
    {
        Add(new BenchStepsCommand(common));
        Add(new BenchGemmCommand(common));
        Add(new BenchRetrieveCommand(common));
        Add(new BenchServeCommand(common));
        Add(new BenchScalingCommand(common));
    }
}

/// <summary>Options and output of both kinds of measurement.</summary>
internal abstract class BenchRun : CromaCommand
{
    private readonly CommonOptions _common;

    private readonly Option<string?> _peer = new("--peer")
    {
        Description = "A counterpart to take turns with: a command that answers lines (see docs/command-line.md).", HelpName = "COMMAND",
    };

    private readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Rounds; figures are medians over them.", HelpName = "N", DefaultValueFactory = _ => 7, CustomParser = r => CommonOptions.Whole(r, 1, 10_000),
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "Seconds of a workload in a round.", HelpName = "S", DefaultValueFactory = _ => 0.5,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600) return seconds;
            result.AddError($"--seconds takes a number above 0, at most 3600, not '{text}'");
            return default;
        },
    };

    protected BenchRun(string name, string description, CommonOptions common) : base(name, description, common)
    {
        _common = common;
        foreach (var option in new Option[] { _peer, _rounds, _seconds }) Add(option);
    }

    protected abstract IReadOnlyList<string> Names(ParseResult parsed);

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var threads = parsed.GetValue(_common.Threads) ?? 1;
        if (threads > 2) throw new CromaException($"croma bench takes --threads 1 or 2, not {threads}: two is what a step uses at most.");
        var names = Names(parsed);
        foreach (var name in names) Workload.Require(name);
        using var peer = parsed.GetValue(_peer) is { } command ? new Peer(command, threads, context.Cancellation) : null;
        var options = new StepBenchmarkOptions(names, threads, parsed.GetValue(_rounds), parsed.GetValue(_seconds));
        var steps = context.Progress.Run("Measuring", report => StepBenchmark.Run(options, peer, (share, note) => report(new Step(share, note)), context.Cancellation));
        var result = new BenchResult(StepBenchmark.Machine, threads, steps);
        var title = new Text($"{result.Machine}; {threads} {(threads == 1 ? "thread" : "threads")}");
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.BenchResult), new Rows(title, ToTable(steps, peer != null)));
        return ExitCode.Success;
    }

    private static Table ToTable(IReadOnlyList<StepFigures> steps, bool compared)
    {
        var table = new Table { Border = TableBorder.Simple };
        string[] columns = ["workload", "us a step", "GFLOP/s", "% of peak", "loss", .. compared ? ["peer us", "ratio", "peer loss"] : Array.Empty<string>()];
        foreach (var column in columns) table.AddColumn(column, c => c.Alignment = column == columns[0] ? Justify.Left : Justify.Right);
        foreach (var s in steps)
            table.AddRow([s.Name, Number(s.Microseconds, "0.0"), Number(s.Gflops, "0.0"), Number(s.PercentOfPeak, "0.0"), Number(s.Loss, "g6"),
                .. compared ? [Number(s.PeerMicroseconds, "0.0"), Number(s.Ratio, "0.000"), Number(s.PeerLoss, "g6")] : Array.Empty<string>()]);
        return table;
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>croma bench steps.</summary>
internal sealed class BenchStepsCommand : BenchRun
{
    private const string All =
        "mlp 4,mlp 8,mlp 16,align 4,align 8,align 16,meta 8,speech 100 4,speech 100 8,speech 100 16,text 100 4,text 100 8,text 100 16,"
        + "conv 16,conv 16 cl,gemm 1024 1024 1024,gemm 4 1024 256,gemm 8 1024 256,gemm 16 1024 256";

    private readonly Option<string> _steps = new("--steps")
    {
        Description = $"Workloads, separated by commas: {Workload.Grammar}. B is the batch, T time steps.", HelpName = "LIST", DefaultValueFactory = _ => All,
    };

    public BenchStepsCommand(CommonOptions common)
        : base("steps", "Times whole training steps, alone or in turns with a counterpart; with two threads, independent steps run side by side.", common) => Add(_steps);

    protected override IReadOnlyList<string> Names(ParseResult parsed)
    {
        string[] names = parsed.GetValue(_steps)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new CromaException($"--steps names no workload: it takes some of {Workload.Grammar}, separated by commas.");
    }
}

/// <summary>croma bench gemm.</summary>
internal sealed class BenchGemmCommand : BenchRun
{
    private readonly Argument<int> _m = Size("M", "Rows of A and of C."), _n = Size("N", "Columns of W and of C."), _k = Size("K", "Columns of A, rows of W.");

    public BenchGemmCommand(CommonOptions common) : base("gemm", "Times a matrix product C[M, N] = A[M, K] W[K, N].", common)
    {
        foreach (var size in new[] { _m, _n, _k }) Add(size);
    }

    protected override IReadOnlyList<string> Names(ParseResult parsed) => [$"gemm {parsed.GetValue(_m)} {parsed.GetValue(_n)} {parsed.GetValue(_k)}"];

    private static Argument<int> Size(string name, string description) =>
        new(name) { Description = description, CustomParser = result => CommonOptions.Whole(result, 1, Workload.MostSize) };
}
