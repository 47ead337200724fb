using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Croma.Configuration;

namespace Croma.Tests;

/// <summary>What a run of the command line left behind.</summary>
internal sealed record CliResult(int Code, string Out, string Error)
{
    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Requires exit code 2, nothing on standard output and one line, without a stack trace, on standard error.</summary>
    public string RequireOneLineOfError()
    {
        Assert.Equal((2, ""), (Code, Out));
        var line = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("croma: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        return line;
    }
}

/// <summary>The built croma-cli as a process, as a user starts it.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _out = new(), _error = new();
    private readonly TaskCompletionSource<string> _firstError = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CliProcess(string folder, IEnumerable<string> arguments, string[]? variables = null)
    {
        // a shell that starts tests in the background would have them, and so croma, ignore SIGINT
        string[] line = ["--default-signal=INT", .. variables ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "croma-cli.dll"), .. arguments];
        _process = new Process { StartInfo = new ProcessStartInfo("env", line) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        _process.OutputDataReceived += (_, e) => Append(_out, e.Data);
        _process.ErrorDataReceived += (_, e) =>
        {
            Append(_error, e.Data);
            if (e.Data != null) _firstError.TrySetResult(e.Data);
        };
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Completes with the first line on standard error.</summary>
    public Task<string> FirstError => _firstError.Task;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it in a folder.</summary>
    public static CliProcess Start(string folder, params IEnumerable<string> arguments) => new(folder, arguments);

    /// <summary>Starts it in a folder, with variables such as "NAME=VALUE".</summary>
    public static CliProcess Start(string folder, IEnumerable<string> environment, IEnumerable<string> arguments) => new(folder, arguments, [.. environment]);

    /// <summary>Runs it to its end.</summary>
    public static async Task<CliResult> Run(string folder, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        return await process.End();
    }

    /// <summary>The same with a variable NAME=VALUE of the environment.</summary>
    public static async Task<CliResult> RunWith(string variable, string folder, params IEnumerable<string> arguments)
    {
        using var process = new CliProcess(folder, arguments, [variable]);
        return await process.End();
    }

    /// <summary>Ends it as `kill -9` does.</summary>
    public void Kill() => _process.Kill();

    public int Id => _process.Id;

    /// <summary>Sends a signal, such as "INT" or "TERM".</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async Task<CliResult> End()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(_process.ExitCode, _out.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static void Append(StringBuilder to, string? line)
    {
        lock (to)
            if (line != null) to.Append(line).Append('\n');
    }
}

/// <summary>A folder with a small data set `data`, one of sequences `sequences` and a configuration `tiny.json`.</summary>
internal sealed class CliFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CliFolder()
    {
        TinyDataset.Write(_folder["data"]);
        TinyDataset.Write(_folder["sequences"], sequences: true);
        Configure("tiny.json", TinyConfiguration.Value);
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public void Configure(string file, TrainingConfiguration configuration) => File.WriteAllText(_folder[file], ConfigurationFile.ToJson(configuration));

    public Task<CliResult> Run(params IEnumerable<string> arguments) => CliProcess.Run(Path, arguments);

    /// <summary>Trains into a folder and requires that it went well.</summary>
    public async Task Train(string to, string data = "data", params IEnumerable<string> more)
    {
        var result = await Run(["train", "--data", data, "--config", "tiny.json", "--out", to, "--quiet", .. more]);
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    public void Dispose() => _folder.Dispose();
}
