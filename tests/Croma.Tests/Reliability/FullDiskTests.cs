using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Croma.Tests.Reliability;

/// <summary>File systems that are full or read-only, each one of its own that is gone with the shell that mounts it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int CannotMount = 77;

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Command { get; } = $"dotnet {Path.Combine(AppContext.BaseDirectory, "croma-cli.dll")}";

    [Fact]
    public async Task A_full_disk_is_told_in_one_line_and_the_training_goes_on_once_there_is_room()
    {
        _folder.Configure("long.json", TinyConfiguration.Value with
        {
            Training = TinyConfiguration.Value.Training with { Iterations = 1000 }, Selection = TinyConfiguration.Value.Selection with { Every = 250 },
        });
        await _folder.Run("train", "--data", "data", "--config", "long.json", "--out", "whole", "--quiet");
        var checkpoint = new FileInfo(_folder["whole/checkpoint.safetensors"]).Length;
        // the first checkpoint fits and the log until then, in whole pages; not a second checkpoint beside it
        var log = Directory.GetFiles(_folder["whole"], "*").Where(f => Path.GetFileName(f).StartsWith("log.", StringComparison.Ordinal) || Path.GetFileName(f).StartsWith("events.", StringComparison.Ordinal)).Sum(f => new FileInfo(f).Length);
        var train = $"{Command} train --data data --config long.json --out full/run --quiet";
        var (output, error, _) = await Shell($"""
            mkdir full && mount -t tmpfs -o size={(checkpoint * 3 / 2 + log / 4) / 4096 * 4096 + 16384} none full || exit {CannotMount}
            {train}; echo "code $?"; ls -A full/run
            mount -o remount,size=100m full
            {train} --resume && cp -r full/run run
            """);
        // the log may be what finds no room
        Assert.True(Regex.IsMatch(error, "^croma: full/run(/checkpoint.safetensors: |: the training's log )cannot be written: the disk is full; what was there before is unchanged\n$"), error);
        Assert.StartsWith("code 2\ncheckpoint.safetensors\n", output, StringComparison.Ordinal);
        Assert.Equal(RunBytes.Of(_folder["whole"])["model.safetensors"], RunBytes.Of(_folder["run"])["model.safetensors"]);
        Assert.Equal(RunBytes.Of(_folder["whole"])["checkpoint.safetensors"], RunBytes.Of(_folder["run"])["checkpoint.safetensors"]);
        Assert.Equal(RunBytes.Of(_folder["whole"])["log.csv"], RunBytes.Of(_folder["run"])["log.csv"]);
    }

    [Fact]
    public async Task A_full_disk_is_told_in_one_line_and_the_index_goes_on_once_there_is_room()
    {
        await _folder.Train("model");
        var index = $"{Command} index --model model data --modality target --quiet --out";
        var (output, error, _) = await Shell($"""
            mkdir full && mount -t tmpfs -o size=24k none full || exit {CannotMount}
            {index} whole.index; {index} full/out.index; echo "code $?"
            mount -o remount,size=100m full
            {index} full/out.index && cp full/out.index out.index
            """);
        Assert.Equal("croma: 'full/out.index.partial' cannot be written: the disk is full; what was there before is unchanged\n", error);
        Assert.Contains("code 2\n", output, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.index"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["out.index"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_read_only_folder_is_told_in_one_line()
    {
        var (_, error, code) = await Shell($"mkdir locked && mount -t tmpfs none locked && mount -o remount,ro locked || exit {CannotMount}; exec {Command} train --data data --config tiny.json --out locked/run");
        Assert.Equal((2, "croma: 'locked/run' cannot be written: the file system is read-only; what was there before is unchanged\n"), (code, error));
    }

    /// <summary>Runs a script that may mount; skips the test where it may not.</summary>
    private async Task<(string Output, string Error, int Code)> Shell(string script)
    {
        // 1: unshare itself failed, and the script has not begun
        using var shell = Process.Start(new ProcessStartInfo("unshare", ["-rm", "sh", "-c", "echo begun; " + script]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(shell.ExitCode == CannotMount || !output.StartsWith("begun\n", StringComparison.Ordinal), "no file system can be mounted here");
        return (output["begun\n".Length..], await error, shell.ExitCode);
    }
}
