using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Croma.Cli.Bench;

/// <summary>
/// A counterpart that does the same steps, as a server of lines: after 'ready' it answers `time NAME | SECONDS` with the
/// median seconds a step first, and `loss NAME | STEPS` with the losses of the first, the second and the last step.
/// </summary>
internal sealed class Peer : IDisposable
{
    /// <summary>What of an answer is quoted in an error, in characters.</summary>
    private const int Quoted = 80;

    // a terminal's Ctrl-C ends the counterpart too, perhaps before this process has noticed it
    private static readonly TimeSpan s_untilInterruptIsNoticed = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan s_untilItEnds = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="command">A shell command line.</param>
    /// <param name="threads">What it is told in THREADS, OMP_NUM_THREADS and OPENBLAS_NUM_THREADS.</param>
    /// <param name="cancellation">Ends the counterpart, and with it any wait for an answer.</param>
    /// <exception cref="CromaException">It does not start, or does not say that it is ready.</exception>
    public Peer(string command, int threads, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        // the user's own command line, for the user's own shell
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var variable in new[] { "THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" })
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CromaException($"--peer: /bin/sh, which is to start the counterpart, does not start: {e.Message}.", e);
        }
        _registration = cancellation.Register(End);
        try
        {
            if (Read() is var line and not "ready")
                throw new CromaException($"--peer: the counterpart was to say 'ready' first, but {(line == null ? "it ended" : $"said '{Shortened(line)}'")}.");
        }
        catch
        {
            End();
            Dispose();
            throw;
        }
    }

    /// <summary>Median seconds of a step.</summary>
    public double Time(string name, double seconds)
    {
        var request = $"time {name} | {seconds.ToString(CultureInfo.InvariantCulture)}";
        var (numbers, answer) = Ask(request, 1);
        return numbers[0] > 0 ? numbers[0] : throw Unexpected(request, answer, "seconds of a step, above 0,");
    }

    /// <summary>Losses of steps 1, 2 and <paramref name="steps"/>.</summary>
    public double[] Losses(string name, int steps) => Ask($"loss {name} | {steps}", 3).Numbers;

    public void Dispose()
    {
        _registration.Dispose();
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended before it read the last request
        }
        if (!_process.WaitForExit(s_untilItEnds)) End();
        _process.Dispose();
    }

    private void End() => _process.Kill(entireProcessTree: true);

    private (double[] Numbers, string Answer) Ask(string request, int least)
    {
        try
        {
            _process.StandardInput.WriteLine(request);
        }
        catch (IOException)
        {
            // it has ended: there will be no answer either
        }
        var answer = Read() ?? throw new CromaException($"--peer: the counterpart ended at '{request}'.");
        var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
            if (!double.TryParse(words[i], CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) throw Unexpected(request, answer, "numbers");
        return numbers.Length >= least ? (numbers, answer) : throw Unexpected(request, answer, least == 1 ? "a number" : $"{least} numbers");
    }

    private string? Read()
    {
        var line = _process.StandardOutput.ReadLine();
        if (line == null) _cancellation.WaitHandle.WaitOne(s_untilInterruptIsNoticed);
        _cancellation.ThrowIfCancellationRequested();
        return line;
    }

    private static CromaException Unexpected(string request, string answer, string right) =>
        new($"--peer: to '{request}' the counterpart said '{Shortened(answer)}', where {right} {(right == "a number" ? "was" : "were")} expected.");

    private static string Shortened(string text) => text.Length <= Quoted ? text : text[..Quoted] + " ...";
}
