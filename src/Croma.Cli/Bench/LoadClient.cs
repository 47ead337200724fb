using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Croma.Cli.Bench;

/// <summary>What one kind of load saw.</summary>
/// <param name="Load">What it was.</param>
/// <param name="Connections">Connections, each with one request at a time.</param>
/// <param name="AnswersPerSecond">Answers with predictions.</param>
/// <param name="RefusedPerSecond">Answers with status 429.</param>
/// <param name="Median">Milliseconds from when a request was due to its answer.</param>
/// <param name="P99">The same at the 99th of 100.</param>
/// <param name="Slowest">And of the slowest.</param>
/// <param name="ProcessorMicroseconds">Of this process, server and client together, an answer: what the machine's other work does not change much.</param>
internal sealed record ServeFigures(string Load, int Connections, double AnswersPerSecond, double RefusedPerSecond, double Median, double P99, double Slowest, double ProcessorMicroseconds);

/// <summary>Sends one request again and again over connections to this machine that stay open, and times the answers.</summary>
/// <param name="server">Where the server is: loopback.</param>
/// <param name="path">What is posted to.</param>
/// <param name="body">JSON.</param>
internal sealed class LoadClient(Uri server, string path, byte[] body)
{
    private readonly byte[] _request = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")), .. body];

    /// <summary>Sends for a while.</summary>
    /// <param name="load">What it is called.</param>
    /// <param name="connections">Connections side by side.</param>
    /// <param name="seconds">For so long.</param>
    /// <param name="perSecond">
    /// Requests a second of all together. Each is timed from when it was due, so that a server that stops for a while is seen to have kept
    /// all waiting that were due in it. Null: each connection sends as soon as it has its answer.
    /// </param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ServeFigures> RunAsync(string load, int connections, double seconds, double? perSecond, CancellationToken cancellation)
    {
        var (start, end, used) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(seconds), Environment.CpuUsage.TotalTime);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(c => Task.Run(() => SendAsync(start, end, perSecond is { } rate ? TimeSpan.FromSeconds(connections / rate) : null, (double)c / connections, cancellation), cancellation))).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] times = [.. all.SelectMany(a => a.Times).Order()];
        if (times.Length == 0) throw new CromaException("The server answered no request with a prediction.");
        return new ServeFigures(load, connections, times.Length / elapsed, all.Sum(a => a.Refused) / elapsed, times[times.Length / 2], times[(int)(0.99 * times.Length)], times[^1],
            (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / (times.Length + all.Sum(a => a.Refused)));
    }

    private async Task<(List<double> Times, int Refused)> SendAsync(long start, TimeSpan end, TimeSpan? every, double offset, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellation).ConfigureAwait(false);
        var (times, refused, buffer) = (new List<double>(), 0, new byte[1 << 16]);
        for (var sent = 0; ; sent++)
        {
            var now = Stopwatch.GetElapsedTime(start);
            var due = every is { } pace ? pace * (sent + offset) : now;
            if (due >= end || now >= end + end) return (times, refused);
            if (due > now) await Task.Delay(due - now, cancellation).ConfigureAwait(false);
            await socket.SendAsync(_request, cancellation).ConfigureAwait(false);
            var status = await ReadAsync(socket, buffer, cancellation).ConfigureAwait(false);
            if (status == (int)HttpStatusCode.OK) times.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
            else if (status == (int)HttpStatusCode.TooManyRequests) refused++;
            else throw new CromaException($"The server answered with status {status}.");
        }
    }

    /// <summary>Reads one answer; its status.</summary>
    private static async ValueTask<int> ReadAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var (read, whole) = (0, int.MaxValue);
        while (read < whole)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), cancellation).ConfigureAwait(false);
            if (more == 0) throw new CromaException("The server closed the connection.");
            read += more;
            if (whole == int.MaxValue && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var head) whole = head + 4 + LengthIn(buffer.AsSpan(0, head));
        }
        return int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var value = head[(head.IndexOf(name) + name.Length)..];
        return int.Parse(value[..(value.IndexOf((byte)'\r') is >= 0 and var end ? end : value.Length)], CultureInfo.InvariantCulture);
    }
}
