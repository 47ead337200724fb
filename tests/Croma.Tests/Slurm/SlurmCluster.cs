using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Croma.Tests.Slurm;

/// <summary>A Slurm of three nodes on this machine, by cluster.sh, which ends with this process.</summary>
public sealed class SlurmCluster : IAsyncLifetime
{
    private const int Nodes = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private Process? _script;

    /// <summary>What is missing for tests with a real Slurm; null: nothing.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "Slurm is for Linux" : Environment.UserName != "root" ? "slurmd is started by root"
        : ((string[])["sbatch", "slurmctld", "slurmd", "munged", "pgrep"]).FirstOrDefault(program => !IsInstalled(program)) is { } absent ? $"{absent} is not installed here (Debian: slurm-wlm, munge)" : null;

    /// <summary>What a program needs to find it.</summary>
    public string[] Variables => [$"SLURM_CONF={_folder["slurm.conf"]}"];

    public static void Require() => Assert.SkipWhen(Missing != null, Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (Missing != null) return;
        _script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "Slurm", "cluster.sh"), _folder.Path, .. Ports(1 + Nodes).Select(p => $"{p}")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await Answer());
    }

    /// <summary>Ends a node's daemon and all that runs on it, as a loss of power does.</summary>
    public Task Kill(string node) => Tell($"kill {node}");

    /// <summary>Switches it on again.</summary>
    public Task Start(string node) => Tell($"start {node}");

    /// <summary>The nodes that work now, by the parts they make.</summary>
    public IReadOnlyDictionary<int, string> Running() =>
        Squeue("RUNNING", "%K|%N").Select(line => line.Split('|')).DistinctBy(f => f[0]).ToDictionary(f => int.Parse(f[0]), f => f[1]);

    /// <summary>Cancels the last of a study's jobs, as its user may do.</summary>
    public void CancelLast() => Run("scancel", [Squeue("RUNNING,PENDING", "%K|%F_%K").Select(line => line.Split('|')).MaxBy(f => int.Parse(f[0]))![1]]);

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < s_patience, $"waited in vain for {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_script != null)
        {
            _script.StandardInput.Close();
            using var limit = new CancellationTokenSource(s_patience);
            await _script.WaitForExitAsync(limit.Token);
            _script.Dispose();
        }
        _folder.Dispose();
    }

    private string[] Squeue(string state, string format) =>
        Run("squeue", ["--noheader", "--array", $"--states={state}", $"--format={format}"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("env", [.. Variables, program, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private async Task Tell(string line)
    {
        await _script!.StandardInput.WriteLineAsync(line);
        await _script.StandardInput.FlushAsync();
        Assert.Equal("done", await Answer());
    }

    private async Task<string?> Answer() => await _script!.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience);

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static List<int> Ports(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToList();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
