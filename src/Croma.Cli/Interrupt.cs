using System.Runtime.InteropServices;

namespace Croma.Cli;

/// <summary>Ctrl-C (SIGINT), SIGTERM and a terminal that disappears (SIGHUP): the first asks the work to stop, the second ends the process at once.</summary>
internal sealed class Interrupt : IDisposable
{
    // a progress bar hides the cursor and would put it back only at its own end
    private const string ShowCursor = "\e[?25h";

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupt() => _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            if (!Console.IsErrorRedirected) Console.Error.WriteLine(ShowCursor);
            Console.Error.WriteLine("croma: ended at once; what was written before is whole.");
            Environment.Exit(ExitCode.Interrupted);
        }
        context.Cancel = true;
        _source.Cancel();
    }
}
