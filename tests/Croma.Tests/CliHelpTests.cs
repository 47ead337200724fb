using System.Text;

namespace Croma.Tests;

/// <summary>What the command line says of itself: a snapshot, so that a change of it is seen. `snapshots/` holds what is right.</summary>
public sealed class CliHelpTests
{
    [Fact]
    public async Task Help_of_every_command_is_as_in_the_snapshot()
    {
        string[] commands = ["", "demo", "advise", "data", "data make", "data info", "data check", "import", "doctor", "train", "evaluate", "tune", "encode", "export", "adapt", "predict", "next", "index", "retrieve", "map", "serve", "compare", "reproduce", "bench", "bench steps", "bench gemm", "bench retrieve", "bench serve", "version"];
        var results = await Task.WhenAll(commands.Select(c => CliProcess.Run(Path.GetTempPath(), [.. c.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])));
        Assert.All(results, r => Assert.Equal((0, ""), (r.Code, r.Error)));
        var all = new StringBuilder();
        foreach (var (command, result) in commands.Zip(results)) all.Append($"$ croma {command}{(command == "" ? "" : " ")}--help\n{result.Out}");
        Snapshot.Require("tests/snapshots/help.txt", all.ToString());
    }

    [Fact]
    public async Task No_arguments_show_the_help()
    {
        var (bare, help) = (await CliProcess.Run(Path.GetTempPath()), await CliProcess.Run(Path.GetTempPath(), "--help"));
        Assert.Equal(0, bare.Code);
        Assert.Equal(help.Out, bare.Out);
    }

    [Fact]
    public async Task The_version_is_the_library_s()
    {
        var (text, json) = (await CliProcess.Run(Path.GetTempPath(), "version"), await CliProcess.Run(Path.GetTempPath(), "version", "--json", "-"));
        Assert.StartsWith($"croma {CromaVersion.Text} (", text.Out, StringComparison.Ordinal);
        Assert.Equal(CromaVersion.Text, json.Json.GetProperty("version").GetString());
        Assert.Equal(CromaVersion.Text + "\n", (await CliProcess.Run(Path.GetTempPath(), "--version")).Out);
    }
}
