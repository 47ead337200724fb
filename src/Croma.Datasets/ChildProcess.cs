using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Croma.Datasets;

/// <summary>What a program wrote before it ended.</summary>
/// <param name="ExitCode">Its exit code; negative where it was stopped for having written enough.</param>
/// <param name="Output">The bytes it wrote to its standard output.</param>
/// <param name="Error">The text it wrote to its standard error.</param>
internal sealed record ProcessResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>The standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The first line of what it complained about, for messages.</summary>
    public string Complaint => Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? $"it ended with code {ExitCode}";
}

/// <summary>Runs another program: arguments as a list, never through a shell; with limits of time and output.</summary>
internal static class ChildProcess
{
    public const int Stopped = -1;
    private const int MaximumErrorCharacters = 1 << 16;

    /// <summary>
    /// Runs a program to its end, or until it has written <paramref name="enough"/> bytes, when it is stopped.
    /// </summary>
    /// <returns>What it wrote, or null where there is no such program.</returns>
    /// <exception cref="CromaException">It took longer than <paramref name="timeout"/>.</exception>
    public static ProcessResult? Run(string program, IEnumerable<string> arguments, byte[] input, int enough, TimeSpan timeout, CancellationToken cancellation,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) process.StartInfo.Environment[name] = value;
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        using var watch = limit.Token.Register(() => Kill(process));

        // side by side, as a program may write before it has read everything; threads of their own, as the pool's may all be waiting here
        var error = "";
        Thread writer = new(() => Write(process, input)), complaints = new(() => error = ReadError(process.StandardError));
        writer.Start();
        complaints.Start();
        var output = Read(process.StandardOutput.BaseStream, enough, out var stopped);
        if (stopped) Kill(process);
        process.WaitForExit();
        writer.Join();
        complaints.Join();
        cancellation.ThrowIfCancellationRequested();
        // by the clock too: a timer waits for a thread where all are busy
        if (limit.IsCancellationRequested || clock.Elapsed > timeout) throw new CromaException($"{program} took longer than {timeout.TotalSeconds:0} s and was stopped");
        return new ProcessResult(stopped ? Stopped : process.ExitCode, output, error);
    }

    private static void Write(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading its input; its exit code and complaint tell why
        }
    }

    private static string ReadError(StreamReader reader)
    {
        var error = new StringBuilder();
        while (reader.ReadLine() is { } line)
            if (error.Length < MaximumErrorCharacters) error.AppendLine(line);
        return error.ToString();
    }

    private static byte[] Read(Stream stream, int enough, out bool stopped)
    {
        var buffer = new byte[Math.Min(enough, 1 << 16)];
        var length = 0;
        while (length < enough)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(enough, 2L * buffer.Length));
            var count = stream.Read(buffer, length, buffer.Length - length);
            if (count == 0) break;
            length += count;
        }
        stopped = length == enough;
        return buffer[..length];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: false);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // it has ended by itself
        }
    }
}
