using System.Diagnostics;
using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Cli.Bench;

/// <summary>What one round saw.</summary>
/// <param name="Seconds">Median time a step.</param>
/// <param name="Peak">What the threads together could do at most at that moment, operations a second.</param>
internal readonly record struct StepTime(double Seconds, double Peak);

/// <summary>
/// Times one workload. With two threads a step that can use both does; of others two run side by side, and the time is
/// that of both over two.
/// </summary>
internal sealed class StepTimer : IDisposable
{
    private const int WarmUpSteps = 20, Chunks = 12;

    // long enough for the processor to reach its clock, short beside a round
    private const double PeakSeconds = 0.02;

    private readonly Workload _first;
    private readonly Workload? _second;
    private readonly Duet _duet;
    private readonly Action _runFirst, _runSecond, _peakFirst, _peakSecond;
    private int _count = 1;
    private double _firstPeak, _secondPeak;

    public StepTimer(string name, int threads)
    {
        _first = Workload.Create(name, timed: true, threads);
        if (threads > 1 && !_first.UsesThreads) _second = Workload.Create(name, timed: true, threads);
        _duet = new Duet(threads);
        _runFirst = () => Steps(_first);
        _runSecond = () => Steps(_second!);
        _peakFirst = () => _firstPeak = PeakKernel.Measure(PeakSeconds);
        _peakSecond = threads > 1 ? () => _secondPeak = PeakKernel.Measure(PeakSeconds) : () => { };
    }

    /// <summary>Operations of one step.</summary>
    public double Operations => _first.Operations;

    /// <summary>Takes steps until code is compiled and memory is there.</summary>
    public void WarmUp(CancellationToken cancellation)
    {
        for (var i = 0; i < WarmUpSteps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Run();
        }
    }

    /// <summary>Measures for about so many seconds.</summary>
    public StepTime Measure(double seconds, CancellationToken cancellation)
    {
        _duet.Run(_peakFirst, _peakSecond);
        _count = 1;
        _count = (int)Math.Clamp(seconds / Chunks / Math.Max(Run(), 1e-7), 1, 100_000);
        var times = new List<double>();
        for (var clock = Stopwatch.StartNew(); times.Count < 3 || clock.Elapsed.TotalSeconds < seconds;)
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(Run() / _count);
        }
        return new StepTime(Median.Of(times), _firstPeak + _secondPeak);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second?.Dispose();
        _duet.Dispose();
    }

    /// <summary>Seconds for the steps of a chunk, shared where two run side by side.</summary>
    private double Run()
    {
        var start = Stopwatch.GetTimestamp();
        if (_second == null) _runFirst();
        else _duet.Run(_runFirst, _runSecond);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / (_second == null ? 1 : 2);
    }

    private void Steps(Workload workload)
    {
        for (var i = 0; i < _count; i++) workload.Step();
    }
}

internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
