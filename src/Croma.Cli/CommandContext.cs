using System.CommandLine;
using Croma.Cli.Terminal;

namespace Croma.Cli;

/// <summary>What every command works with: its common options, where its output goes, and whether it should stop.</summary>
internal sealed class CommandContext : IDisposable
{
    private readonly Interrupt _interrupt = new();

    public CommandContext(ParseResult parsed, CommonOptions common)
    {
        Seed = parsed.GetValue(common.Seed);
        Threads = parsed.GetValue(common.Threads) ?? Environment.ProcessorCount;
        Output = new Output(parsed.GetValue(common.Json));
        Progress = new ProgressDisplay(parsed.GetValue(common.Quiet));
    }

    public ulong Seed { get; }

    public int Threads { get; }

    public Output Output { get; }

    public ProgressDisplay Progress { get; }

    public CancellationToken Cancellation => _interrupt.Token;

    public void Dispose() => _interrupt.Dispose();
}
