using System.Diagnostics;
using System.Globalization;

namespace Croma.Cli.Bench;

/// <summary>
/// A counterpart that does the same steps, as a server of lines: after 'ready' it answers `time NAME | SECONDS` with the
/// median seconds a step first, and `loss NAME | STEPS` with the losses of the first, the second and the last step.
/// </summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    /// <param name="command">A shell command line.</param>
    /// <param name="threads">What it is told in THREADS, OMP_NUM_THREADS and OPENBLAS_NUM_THREADS.</param>
    public Peer(string command, int threads)
    {
        // the user's own command line, for the user's own shell
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec " + command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var variable in new[] { "THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" })
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        if (_process.StandardOutput.ReadLine() is var line and not "ready")
            throw new CromaException($"--peer: the counterpart was to say 'ready' first, but {(line == null ? "it ended" : $"said '{line}'")}.");
    }

    /// <summary>Median seconds of a step.</summary>
    public double Time(string name, double seconds) => Ask($"time {name} | {seconds.ToString(CultureInfo.InvariantCulture)}")[0];

    /// <summary>Losses of steps 1, 2 and <paramref name="steps"/>.</summary>
    public double[] Losses(string name, int steps) => Ask($"loss {name} | {steps}");

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        _process.Dispose();
    }

    private double[] Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // it has ended: there will be no answer either
        }
        var answer = _process.StandardOutput.ReadLine() ?? throw new CromaException($"--peer: the counterpart ended at '{line}'.");
        try
        {
            return [.. answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        }
        catch (FormatException)
        {
            throw new CromaException($"--peer: to '{line}' the counterpart said '{answer}', where numbers were expected.");
        }
    }
}
