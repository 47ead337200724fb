using System.Diagnostics;
using System.Text.RegularExpressions;
using Croma.Configuration;

namespace Croma.Tests.Reliability;

/// <summary>What goes wrong around a training, as a user meets it: one line, a clear exit code, and the last checkpoint.</summary>
public sealed class CliReliabilityTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static TrainingConfiguration Long { get; } = TinyConfiguration.Value with
    {
        Training = TinyConfiguration.Value.Training with { Iterations = 1000 }, Selection = TinyConfiguration.Value.Selection with { Every = 250 },
    };

    [Theory]
    [InlineData("train --data data --config endless.json --out run", "train --data data --config tiny.json --out run")]
    [InlineData("train --data data --config endless.json --out run", "compare --data larger --methods croma,no-align --heads ridge --scale smoke --out run")]
    [InlineData("train --data data --config endless.json --out run", "reproduce figure8 --scale smoke --out run")]
    [InlineData("train --data data --config endless.json --out run", "tune --data data --config tiny.json --budget 1 --out run")]
    [InlineData("train --data data --config endless.json --out out.index.partial", "index --model model data --modality target --out out.index")]
    public async Task The_second_process_in_a_folder_is_told_who_has_it_and_a_killed_owner_does_not_count(string first, string second)
    {
        await _folder.Train("model");
        TinyDataset.Write(_folder["larger"], samplesPerPart: 20);
        // its look at meta-validation before the first iteration would take hours
        _folder.Configure("endless.json", TinyConfiguration.Value with { Selection = TinyConfiguration.Value.Selection with { Tasks = 1_000_000 } });
        var folder = first.Split(' ')[^1];
        using (var owner = CliProcess.Start(_folder.Path, first.Split(' ')))
        {
            while (!File.Exists(_folder[$"{folder}/.owner-{owner.Id}-{Environment.MachineName}"]))
            {
                Assert.False(owner.HasExited, "it ended before it had the folder");
                await Task.Delay(10, Token);
            }
            var refused = (await _folder.Run(second.Split(' '))).RequireOneLineOfError();
            Assert.Equal($"croma: '{folder}' is in use by process {owner.Id}: wait until it has ended, or choose another folder.", refused);
            owner.Kill();
            await owner.End();
        }
        Assert.NotEmpty(RunBytes.Passing(_folder[folder]));
        var taken = await _folder.Run([.. second.Split(' '), "--quiet"]);
        Assert.Equal((0, ""), (taken.Code, taken.Error));
        if (Directory.Exists(_folder[folder])) Assert.Empty(RunBytes.Passing(_folder[folder]));
    }

    [Fact]
    public async Task A_second_interrupt_says_that_it_ended_at_once()
    {
        _folder.Configure("endless.json", TinyConfiguration.Value with { Selection = TinyConfiguration.Value.Selection with { Tasks = 1_000_000 } });
        using var process = CliProcess.Start(_folder.Path, "train", "--data", "data", "--config", "endless.json", "--out", "run", "--quiet");
        while (!Directory.Exists(_folder["run"])) await Task.Delay(10, Token);
        while (!process.HasExited)
        {
            process.Signal("INT");
            await Task.Delay(50, Token);
        }
        var ended = await process.End();
        Assert.Equal((130, "croma: ended at once; what was written before is whole.\n"), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task A_terminal_that_disappears_ends_a_training_with_a_checkpoint()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "there is no program 'script' here, which makes a terminal");
        _folder.Configure("long.json", Long);
        string[] train = ["train", "--data", "data", "--config", "long.json"];
        var croma = $"exec dotnet {Path.Combine(AppContext.BaseDirectory, "croma-cli.dll")} {string.Join(' ', train)} --out run";
        using (var terminal = Process.Start(new ProcessStartInfo("script", ["-qc", croma, "/dev/null"]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardInput = true })!)
        {
            _ = terminal.StandardOutput.ReadToEndAsync(Token);
            while (!File.Exists(_folder["run/checkpoint.safetensors"])) await Task.Delay(10, Token);
            terminal.Kill();
            await terminal.WaitForExitAsync(Token);
        }
        // the lock goes last
        while (Directory.GetFiles(_folder["run"], ".owner-*").Length > 0) await Task.Delay(10, Token);
        Assert.False(File.Exists(_folder["run/model.json"]));
        await Same(train);
    }

    [Fact]
    public async Task Data_and_folder_that_vanish_in_the_middle_do_not_harm_the_training()
    {
        _folder.Configure("long.json", Long);
        string[] train = ["train", "--data", "data", "--config", "long.json", "--quiet"];
        await _folder.Run([.. train, "--out", "whole"]);
        using var process = CliProcess.Start(_folder.Path, [.. train, "--out", "run"]);
        while (!File.Exists(_folder["run/checkpoint.safetensors"])) await Task.Delay(5, Token);
        // what is mapped into memory stays, and a folder that is gone is made again
        Directory.Delete(_folder["data"], recursive: true);
        Directory.Move(_folder["run"], _folder["gone"]);
        var ended = await process.End();
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole/model.safetensors"], Token), await File.ReadAllBytesAsync(_folder["run/model.safetensors"], Token));
    }

    [Fact]
    public async Task Numbers_that_go_wrong_stop_the_command_or_send_it_back()
    {
        _folder.Configure("wild.json", TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { AlignmentLearningRate = 1e30 } });
        string[] train = ["train", "--data", "data", "--config", "wild.json", "--out", "run", "--quiet"];
        Assert.Contains("the last good checkpoint, of iteration 0, is 'run/checkpoint.safetensors'", (await _folder.Run(train)).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("did you mean 'rollback'", (await _folder.Run([.. train, "--resume", "--on-nan", "rolback"])).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("goes with one method", (await _folder.Run([.. train, "--method", "auto", "--on-nan", "rollback"])).RequireOneLineOfError(), StringComparison.Ordinal);
        // also an eighth of an eighth of it is too much
        Assert.Contains("went wrong at iteration 1:", (await _folder.Run([.. train, "--resume", "--on-nan", "rollback"])).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    /// <summary>Logic that asks what time it is would go wrong when the clock is set; only what is shown to people may.</summary>
    [Fact]
    public void Nothing_but_the_words_of_reports_depends_on_the_clock()
    {
        var source = new DirectoryInfo(AppContext.BaseDirectory);
        while (source != null && !File.Exists(Path.Combine(source.FullName, "Croma.slnx"))) source = source.Parent;
        string[] shown = ["SampleEmbeddingGenerator.cs", "DemoReport.cs", "EventFile.cs", "ClassifierRegistry.cs"];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source!.FullName, "src"), "*.cs", SearchOption.AllDirectories))
            if (!shown.Contains(Path.GetFileName(file)) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                Assert.False(Regex.IsMatch(File.ReadAllText(file), @"DateTime(Offset)?\.(Utc)?(Now|Today)|GetUtcNow|GetLocalNow"), file);
    }

    private async Task Same(string[] train)
    {
        Assert.Equal(0, (await _folder.Run([.. train, "--out", "run", "--quiet", "--resume"])).Code);
        Assert.Equal(0, (await _folder.Run([.. train, "--out", "whole", "--quiet"])).Code);
        Assert.Equal(RunBytes.Of(_folder["whole"])["model.safetensors"], RunBytes.Of(_folder["run"])["model.safetensors"]);
    }
}
