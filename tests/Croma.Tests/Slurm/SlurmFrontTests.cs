using System.Text.Json;
using Croma.Cli.Slurm;

namespace Croma.Tests.Slurm;

/// <summary>--executor slurm with programs that only look like Slurm's: what goes wrong is told, repeated, and not for ever.</summary>
public sealed class SlurmFrontTests : IDisposable
{
    // no data, one part, a second
    private static readonly string[] s_figure8 = ["reproduce", "figure8", "--scale", "smoke"];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeSlurm _slurm;

    public SlurmFrontTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the programs are scripts of bash");
        _slurm = new FakeSlurm(_folder);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_come_through_sbatch_and_the_script_as_they_are()
    {
        const string Hostile = "it's \"a\" $HOME `x` \\ %A {1..3} ; #\u00fc*";
        var result = await Slurm("--out", Hostile, "--slurm-partition", "p q", "--slurm-time", "1:00", "--slurm-cpus", "3", "--slurm-memory", "4G", "--slurm-width", "7");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.True(File.Exists(_folder[$"{Hostile}/figure8-smoke.csv"]));
        var submission = _slurm.Submission(1);
        string[] wanted = ["--array=1%7", $"--chdir={_folder.Path}", "--partition=p q", "--time=1:00", "--cpus-per-task=3", "--mem=4G", "--requeue", "--threads=3", "--scale=smoke", $"--out={Hostile}", "figure8"];
        Assert.Empty(wanted.Except(submission));
        // what the front writes for itself no part is told
        Assert.DoesNotContain(submission, word => word.StartsWith("--json", StringComparison.Ordinal) || word.StartsWith("--executor", StringComparison.Ordinal) || word.StartsWith("--slurm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_task_cannot_do_is_one_line_and_is_not_repeated()
    {
        _slurm.Behave("refuse");
        var refused = await Slurm("--out", "out");
        Assert.Equal("croma: the disk of the node is full (part 1 of 1, made by Slurm; what it said is in 'out/slurm/log/1.txt')", refused.RequireOneLineOfError());
        Assert.Equal(1, _slurm.Submissions);
        var jobs = JsonDocument.Parse((await _slurm.Run(_folder.Path, "jobs", "out", "--json", "-")).Out).RootElement.GetProperty("studies")[0];
        Assert.Equal(("stopped", 0, "croma: the disk of the node is full"), (jobs.GetProperty("state").GetString(), jobs.GetProperty("done").GetInt32(), jobs.GetProperty("failed")[0].GetProperty("reason").GetString()));
        // the same command is a new try
        Assert.Equal(0, (await Slurm("--out", "out")).Code);
    }

    [Fact]
    public async Task A_lost_task_is_given_again_and_then_later_and_not_for_ever()
    {
        _slurm.Behave("lose", "");
        Assert.Equal(0, (await Slurm("--out", "once")).Code);
        Assert.Equal(2, _slurm.Submissions);
        _slurm.Behave([.. Enumerable.Repeat("lose", 20)]);
        var lost = await Slurm("--out", "often");
        Assert.Equal($"croma: Part 1 of 1 was lost {SlurmWatch.MostAttempts} times. What it said is in 'often/slurm/log/1.txt'; the same command tries again.", lost.RequireOneLineOfError());
        Assert.Equal(2 + SlurmWatch.MostAttempts, _slurm.Submissions);
        Assert.DoesNotContain(_slurm.Submission(4), word => word.StartsWith("--begin", StringComparison.Ordinal));
        Assert.Contains("--begin=now+60", _slurm.Submission(5));
        Assert.Contains("--begin=now+180", _slurm.Submission(7));
    }

    [Fact]
    public async Task Without_Slurm_one_line_says_so()
    {
        Directory.CreateDirectory(_folder["none"]);
        var dotnet = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(f => Path.Combine(f, "dotnet")).First(File.Exists);
        File.CreateSymbolicLink(_folder["none/dotnet"], dotnet);
        using var process = CliProcess.Start(_folder.Path, [$"PATH={_folder["none"]}"], [.. s_figure8, "--executor", "slurm"]);
        Assert.Equal("croma: There is no 'sbatch' here: --executor slurm and croma jobs are for machines that submit jobs to Slurm.", (await process.End()).RequireOneLineOfError());
    }

    [Fact]
    public async Task A_study_under_way_keeps_others_out_until_it_is_cancelled()
    {
        _slurm.Behave("refuse");
        await Slurm("--out", "out");
        var study = SlurmFolder.In(_folder["out"]).Read()!;
        _slurm.Queue("1|1|RUNNING");
        foreach (var other in (string[][])[[.. s_figure8, "--out", "out"], [.. s_figure8, "--out", "out", "--seed", "2", "--executor", "slurm"]])
            Assert.StartsWith("croma: Slurm works in 'out', at 'croma reproduce --scale=smoke --out=out figure8': ", (await _slurm.Run(_folder.Path, other)).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Equal(0, (await _slurm.Run(_folder.Path, "jobs", "--cancel")).Code);
        Assert.Equal(["--me", $"--name={study.Name}"], _slurm.Cancelled);
        _slurm.Queue("1|1|CANCELLED");
        Assert.Contains("\"state\": \"cancelled\"", (await _slurm.Run(_folder.Path, "jobs", "--json", "-")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await _slurm.Run(_folder.Path, [.. s_figure8, "--out", "out", "--quiet"])).Code);
    }

    [Theory]
    [InlineData("reproduce figure8 --executor slrum", "There is no executor 'slrum'; did you mean 'slurm'")]
    [InlineData("reproduce figure8 --slurm-cpus 2", "--slurm-cpus is for --executor slurm.")]
    [InlineData("reproduce figure8 --executor slurm --part 1/2", "--part and --executor slurm were both given")]
    [InlineData("reproduce figure8 --part 3/2", "--part takes I/N, from 1/N to N/N")]
    [InlineData("jobs nowhere", "There is no folder 'nowhere'.")]
    [InlineData("jobs --watch", "Nothing in '.' was given to Slurm.")]
    public async Task Bad_input_is_one_line(string arguments, string message) =>
        Assert.Contains(message, (await _slurm.Run(_folder.Path, arguments.Split(' '))).RequireOneLineOfError(), StringComparison.Ordinal);

    private Task<CliResult> Slurm(params string[] more) => _slurm.Run(_folder.Path, [.. s_figure8, "--quiet", "--executor", "slurm", .. more]);
}
