using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Cli.Bench;

/// <summary>One workload's figures: medians over rounds.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Microseconds">A step of Croma's.</param>
/// <param name="PeerMicroseconds">A step of the counterpart's; null where there is none.</param>
/// <param name="Ratio">The median over rounds of Croma's time over the counterpart's: below 1, Croma is faster.</param>
/// <param name="Gflops">Floating-point operations a second of the matrix products, in billions.</param>
/// <param name="PercentOfPeak">These as a share of what the threads in use could do at most, measured in the same round.</param>
/// <param name="Loss">After the comparison's last step; null for a product.</param>
/// <param name="PeerLoss">The counterpart's.</param>
internal sealed record StepFigures(string Name, double Microseconds, double? PeerMicroseconds, double? Ratio, double Gflops, double PercentOfPeak, double? Loss, double? PeerLoss);

/// <summary>How a measurement is made.</summary>
/// <param name="Names">Workloads.</param>
/// <param name="Threads">1 or 2.</param>
/// <param name="Rounds">Rounds, in each of which all workloads and both sides take turns.</param>
/// <param name="Seconds">A workload's time in a round, each side.</param>
internal sealed record StepBenchmarkOptions(IReadOnlyList<string> Names, int Threads, int Rounds, double Seconds);

/// <summary>Times workloads in turn with a counterpart, after their losses were found to agree.</summary>
internal static class StepBenchmark
{
    private const int LossSteps = 20;

    /// <summary>Relative difference of losses: before any step but for rounding; after 20 rounding has grown.</summary>
    private const double FirstTolerance = 1e-4, LastTolerance = 1e-2;

    /// <summary>Measures.</summary>
    /// <exception cref="CromaException">The two sides do not compute the same.</exception>
    public static IReadOnlyList<StepFigures> Run(StepBenchmarkOptions options, Peer? peer, Action<double, string> report, CancellationToken cancellation)
    {
        var losses = new List<(double? Mine, double? Theirs)>();
        foreach (var name in options.Names)
        {
            report(0, "losses of " + name);
            losses.Add(CompareLosses(name, options.Threads, peer, cancellation));
        }
        var timers = new List<StepTimer>();
        try
        {
            foreach (var name in options.Names)
            {
                timers.Add(new StepTimer(name, options.Threads));
                timers[^1].WarmUp(cancellation);
            }
            var (times, peerTimes) = (timers.Select(_ => new List<StepTime>()).ToArray(), timers.Select(_ => new List<double>()).ToArray());
            for (var round = 0; round < options.Rounds; round++)
                for (var i = 0; i < timers.Count; i++)
                {
                    report((round * timers.Count + i) / (double)(options.Rounds * timers.Count), options.Names[i]);
                    if (peer != null) peerTimes[i].Add(peer.Time(PeerName(options.Names[i]), options.Seconds));
                    times[i].Add(timers[i].Measure(options.Seconds, cancellation));
                }
            return [.. timers.Select((timer, i) => Figures(options.Names[i], timer.Operations, times[i], peerTimes[i], losses[i]))];
        }
        finally
        {
            foreach (var timer in timers) timer.Dispose();
        }
    }

    /// <summary>The machine, for results.</summary>
    public static string Machine
    {
        get
        {
            var model = File.Exists("/proc/cpuinfo")
                ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
                : null;
            return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} processors, {Simd.Active}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        }
    }

    private static StepFigures Figures(string name, double operations, List<StepTime> times, List<double> peerTimes, (double? Mine, double? Theirs) loss) => new(
        name,
        1e6 * Median.Of(times.Select(t => t.Seconds)),
        peerTimes.Count == 0 ? null : 1e6 * Median.Of(peerTimes),
        peerTimes.Count == 0 ? null : Median.Of(times.Zip(peerTimes, (mine, theirs) => mine.Seconds / theirs)),
        1e-9 * Median.Of(times.Select(t => operations / t.Seconds)),
        100 * Median.Of(times.Select(t => operations / t.Seconds / t.Peak)),
        loss.Mine, loss.Theirs);

    private static (double?, double?) CompareLosses(string name, int threads, Peer? peer, CancellationToken cancellation)
    {
        if (name.StartsWith("gemm", StringComparison.Ordinal)) return default;
        using var workload = Workload.Create(name, timed: false, threads);
        var mine = new double[LossSteps];
        for (var i = 0; i < LossSteps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            mine[i] = workload.Step();
        }
        if (peer == null) return (mine[^1], null);
        var theirs = peer.Losses(PeerName(name), LossSteps);
        foreach (var (a, b, tolerance) in new[] { (mine[0], theirs[0], FirstTolerance), (mine[1], theirs[1], FirstTolerance), (mine[^1], theirs[2], LastTolerance) })
            if (!(Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(b), 1e-3)))
                throw new CromaException($"'{name}' is not the same on both sides: losses {mine[0]:g7} {mine[1]:g7} {mine[^1]:g7} here and {string.Join(' ', theirs.Select(l => l.ToString("g7")))} there.");
        return (mine[^1], theirs[2]);
    }

    /// <summary>The counterpart wants to be told how to multiply.</summary>
    private static string PeerName(string name) => name.StartsWith("gemm", StringComparison.Ordinal) && name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 4 ? name + " mm" : name;
}
