using System.Globalization;
using Croma.Cli.Bench;

namespace Croma.Tests;

/// <summary>`croma bench --peer` with shell scripts for a counterpart, good ones and bad ones.</summary>
public sealed class CliBenchPeerTests : IDisposable
{
    private const string Shell = "/bin/sh";

    /// <summary>Answers with the losses LOSSES and the times TIME, and keeps what it was asked.</summary>
    private const string Answering = """
        echo ready
        echo "$THREADS $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS" >asked
        while read -r line; do
            echo "$line" >>asked
            case $line in
                loss*) echo $LOSSES ;;
                *) echo $TIME ;;
            esac
        done
        """;

    private readonly TemporaryFolder _folder = new();

    public CliBenchPeerTests() => Assert.SkipUnless(File.Exists(Shell), $"there is no {Shell} here");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1), InlineData(2)]
    public async Task The_ratio_is_croma_s_time_over_the_counterpart_s(int threads)
    {
        Write(Answering);
        var result = await Run("mlp 4,gemm 8 64 32", $"LOSSES='{Losses()}' TIME='0.25 0.125 3' {Shell} peer", rounds: 3, threads);
        Assert.Equal((0, ""), (result.Code, result.Error));
        var steps = result.Json.GetProperty("steps");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(250_000, steps[i].GetProperty("peerMicroseconds").GetDouble(), 1e-6);
            Assert.Equal(steps[i].GetProperty("microseconds").GetDouble() / 250_000, steps[i].GetProperty("ratio").GetDouble(), 1e-12);
        }
        Assert.Equal(steps[0].GetProperty("loss").GetDouble(), steps[0].GetProperty("peerLoss").GetDouble(), 1e-5);
        string[] round = ["time mlp 4 | 0.01", "time gemm 8 64 32 mm | 0.01"];
        var asked = await File.ReadAllLinesAsync(_folder["asked"], TestContext.Current.CancellationToken);
        Assert.Equal([$"{threads} {threads} {threads}", "loss mlp 4 | 20", .. round, .. round, .. round], asked);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("echo hello", "was to say 'ready' first, but said 'hello'")]
    [InlineData("yes", "was to say 'ready' first, but said 'y'")]
    [InlineData("exit 3", "was to say 'ready' first, but it ended")]
    [InlineData("echo ready", "the counterpart ended at 'loss mlp 4 | 20'")]
    [InlineData("echo ready; read -r line; echo ERR no such thing; cat", "to 'loss mlp 4 | 20' the counterpart said 'ERR no such thing'")]
    [InlineData("echo ready; read -r line; echo; cat", "said '', where 3 numbers were expected")]
    [InlineData("echo ready; read -r line; echo 1 2; cat", "said '1 2', where 3 numbers were expected")]
    [InlineData("echo ready; read -r line; echo 1 NaN 3; cat", "said '1 NaN 3', where numbers were expected")]
    [InlineData("echo ready; read -r line; echo 1 2 3; cat", "'mlp 4' is not the same on both sides: losses")]
    [InlineData("echo ready; read -r line; echo LOSSES", "the counterpart ended at 'time mlp 4 | 0.01'")]
    [InlineData("echo ready; read -r line; echo LOSSES; read -r line; echo; cat", "said '', where a number was expected")]
    [InlineData("echo ready; read -r line; echo LOSSES; read -r line; echo 0 0 1; cat", "said '0 0 1', where seconds of a step, above 0, were expected")]
    public async Task A_counterpart_that_does_not_keep_to_the_protocol_is_one_line(string script, string message)
    {
        Write(script.Replace("LOSSES", Losses(), StringComparison.Ordinal));
        Assert.Contains(message, (await Run("mlp 4", $"{Shell} peer")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2e-4), InlineData(1, 2e-4), InlineData(2, 2e-2)]
    public async Task A_counterpart_whose_loss_differs_more_than_rounding_is_refused(int which, double relative)
    {
        Write(Answering);
        double[] losses = [.. Losses().Split(' ').Select(l => double.Parse(l, CultureInfo.InvariantCulture))];
        losses[which] *= 1 + relative;
        var result = await Run("mlp 4", $"LOSSES='{string.Join(' ', losses.Select(l => l.ToString("r", CultureInfo.InvariantCulture)))}' TIME=1 {Shell} peer");
        Assert.Contains("'mlp 4' is not the same on both sides", result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("echo started >&2; cat >/dev/null"), InlineData("echo ready; cat >/dev/null")]
    public async Task An_interrupt_does_not_wait_for_a_counterpart_that_says_nothing(string script)
    {
        Write(script);
        using var process = CliProcess.Start(_folder.Path, "bench", "steps", "--steps", "mlp 4", "--peer", $"{Shell} peer");
        await process.FirstError;
        process.Signal("INT");
        var stopped = await process.End();
        Assert.Equal((130, ""), (stopped.Code, stopped.Out));
        Assert.EndsWith("croma: interrupted.\n", stopped.Error, StringComparison.Ordinal);
    }

    /// <summary>What Croma's losses are at the steps that are compared.</summary>
    private static string Losses()
    {
        using var workload = Workload.Create("mlp 4", timed: false, threads: 1);
        float[] losses = [.. Enumerable.Range(0, 20).Select(_ => workload.Step())];
        return string.Create(CultureInfo.InvariantCulture, $"{losses[0]:g7} {losses[1]:g7} {losses[19]:g7}");
    }

    private void Write(string script) => File.WriteAllText(_folder["peer"], script.ReplaceLineEndings("\n") + "\n");

    private Task<CliResult> Run(string steps, string peer, int rounds = 1, int threads = 1) =>
        CliProcess.Run(_folder.Path, ["bench", "steps", "--steps", steps, "--peer", peer, "--rounds", $"{rounds}", "--threads", $"{threads}", "--seconds", "0.01", "--quiet", "--json", "-"]);
}
