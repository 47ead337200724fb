using System.Text.Json;
using System.Text.RegularExpressions;
using Croma.Configuration;
using Croma.Method;
using Croma.Monitoring;
using Croma.Tests.Onnx;
using Croma.Tests.Reliability;

namespace Croma.Tests.Slurm;

/// <summary>--executor slurm on a real Slurm: the same files as on one machine, whatever happens on the way.</summary>
public sealed partial class SlurmStudyTests(SlurmCluster cluster, SlurmStudyTests.Studies studies) : IClassFixture<SlurmCluster>, IClassFixture<SlurmStudyTests.Studies>
{
    private static readonly string[] s_slurm = ["--executor", "slurm"];

    // four trainings of some seconds, each scored
    private static readonly string[] s_long = ["compare", "--data", "../data", "--scale", "small", "--repeats", "2", "--methods", "croma,align-classify", "--heads", "prototype", "--tuned", "../tuned", "--out", "out"];

    /// <summary>Data, and what the long study comes to on one machine.</summary>
    public sealed class Studies : IDisposable
    {
        private Task<SortedDictionary<string, string>>? _long;

        public Studies()
        {
            TinyDataset.Write(Folder["data"], samplesPerPart: 20, trainConcepts: 20);
            Directory.CreateDirectory(Folder["tuned"]);
            var slow = TinyConfiguration.Value with
            {
                Training = TinyConfiguration.Value.Training with { Iterations = 10_000, MetaOptimizer = MetaOptimizer.Sgd }, Selection = TinyConfiguration.Value.Selection with { Every = 250 },
            };
            foreach (var method in (string[])["croma", "align-classify"]) File.WriteAllText(Folder[$"tuned/{method}.json"], ConfigurationFile.ToJson(slow));
            File.WriteAllText(Folder["tiny.json"], ConfigurationFile.ToJson(TinyConfiguration.Value));
        }

        internal TemporaryFolder Folder { get; } = new();

        /// <summary>A folder for one run, from which the data are "../data".</summary>
        public string New() => Directory.CreateDirectory(Folder[Guid.NewGuid().ToString("N")]).FullName;

        /// <summary>The long study's files on one machine.</summary>
        public Task<SortedDictionary<string, string>> Long() => _long ??= Make();

        public void Dispose() => Folder.Dispose();

        private async Task<SortedDictionary<string, string>> Make()
        {
            var here = New();
            var result = await CliProcess.Run(here, [.. s_long, "--quiet"]);
            Assert.Equal((0, ""), (result.Code, result.Error));
            return Files(here);
        }
    }

    [Fact]
    public async Task A_table_of_the_paper_has_the_same_files()
    {
        SlurmCluster.Require();
        var (here, there) = await Both(["reproduce", "table4", "--scale", "smoke", "--data", "../data", "--out", "out"]);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(here, "out/table4-smoke.html"), Token), await File.ReadAllBytesAsync(Path.Combine(there, "out/table4-smoke.html"), Token));
        var pages = ((string[])[here, there]).Select(f => Machine().Replace(File.ReadAllText(Path.Combine(f, "out/table4-smoke.md")), "")).ToList();
        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public async Task A_search_has_the_same_files_though_each_three_trials_wait_for_those_before()
    {
        SlurmCluster.Require();
        await Both(["tune", "--data", "../data", "--config", "../tiny.json", "--budget", "4", "--out", "out"]);
    }

    [Fact]
    public async Task An_encoding_has_the_same_files()
    {
        SlurmCluster.Require();
        OnnxLibrary.Require();
        TextFiles.Model(studies.Folder.Path);
        await File.WriteAllTextAsync(studies.Folder["vocab.txt"], TextFiles.WordPiece, Token);
        await File.WriteAllTextAsync(studies.Folder["text.pre.json"], """{"text": {"tokenizer": "vocab.txt"}}""", Token);
        await File.WriteAllTextAsync(studies.Folder["titles.csv"], "name,text\n" + string.Concat(Enumerable.Range(0, 150).Select(i => $"{i},the cat{(i % 3 == 0 ? "s" : "")}\n")), Token);
        await Both(["encode", "../titles.csv", "--model", "../text.onnx", "--preprocess", "../text.pre.json", "--out", "out.safetensors"]);
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_costs_no_result()
    {
        SlurmCluster.Require();
        var here = studies.New();
        using var front = Start(here, [.. s_long, .. s_slurm]);
        await SlurmCluster.Until(() => InTheMiddle(here), "all trainings at work in their middle");
        var node = cluster.Running().Values.First();
        await cluster.Kill(node);
        var result = await front.End();
        await cluster.Start(node);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(await studies.Long(), Files(here));
        // its training was begun twice, the second time in the middle: an event file has the iteration it begins with in its name
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(here, "out/runs"), $"{ScalarLog.EventsPrefix}*", SearchOption.AllDirectories), f => int.Parse(Path.GetFileName(f)[ScalarLog.EventsPrefix.Length..].Split('.')[0]) > 1);
    }

    [Fact]
    public async Task A_cancelled_study_goes_on_on_one_machine()
    {
        SlurmCluster.Require();
        var here = studies.New();
        using var front = Start(here, [.. s_long, .. s_slurm]);
        await SlurmCluster.Until(() => Checkpoints(here) > 0, "a training in its middle");
        var refused = await Run(here, s_long);
        Assert.StartsWith("croma: Slurm works in 'out', at 'croma compare ", refused.RequireOneLineOfError(), StringComparison.Ordinal);
        var cancel = await Run(here, ["jobs", "out", "--cancel"]);
        Assert.True(cancel.Code == 0, cancel.Error);
        var left = await front.End();
        Assert.Equal(130, left.Code);
        Assert.EndsWith("croma: its jobs were cancelled; what is done is kept, and the same command goes on from there, with either executor.\n", left.Error, StringComparison.Ordinal);
        var result = await Run(here, s_long);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(await studies.Long(), Files(here));
    }

    [Fact]
    public async Task Who_leaves_comes_back_by_jobs_and_who_cancels_a_job_by_the_same_command()
    {
        SlurmCluster.Require();
        var here = studies.New();
        using (var front = Start(here, [.. s_long, .. s_slurm]))
        {
            await SlurmCluster.Until(() => cluster.Running().Count > 0, "a job that runs");
            front.Signal("INT");
            var left = await front.End();
            Assert.Equal((130, ""), (left.Code, left.Out));
            Assert.Contains("left; Slurm goes on with it. 'croma jobs out --watch'", left.Error, StringComparison.Ordinal);
        }
        var state = JsonDocument.Parse((await Run(here, ["jobs", "--json", "-"])).Out).RootElement.GetProperty("studies")[0];
        Assert.Equal(("running", 4, 0), (state.GetProperty("state").GetString(), state.GetProperty("parts").GetInt32(), state.GetProperty("lost").GetInt32()));

        using (var back = Start(Path.Combine(here, ".."), ["jobs", here, "--watch"]))
        {
            await back.FirstError;
            cluster.CancelLast();
            var cancelled = await back.End();
            Assert.Equal(130, cancelled.Code);
            Assert.Contains("its jobs were cancelled", cancelled.Error, StringComparison.Ordinal);
        }
        var result = await Run(here, [.. s_long, .. s_slurm, "--slurm-width", "2"]);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(await studies.Long(), Files(here));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs a command on this machine and by Slurm and requires the same output and the same files but for wall times.</summary>
    private async Task<(string Here, string There)> Both(string[] command)
    {
        var (here, there) = (studies.New(), studies.New());
        string[] json = [.. command, "--quiet", "--json", "-"];
        var results = await Task.WhenAll(Run(here, json), Run(there, [.. json, .. s_slurm]));
        Assert.All(results, r => Assert.True(r.Code == 0, r.Error));
        Assert.Equal(Seconds().Replace(results[0].Out, ""), Seconds().Replace(results[1].Out, ""));
        Assert.Equal(Files(here), Files(there));
        return (here, there);
    }

    private CliProcess Start(string folder, string[] arguments) => CliProcess.Start(folder, cluster.Variables, arguments);

    private async Task<CliResult> Run(string folder, string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await process.End();
    }

    /// <summary>Files by their paths, with hashes of their contents without wall times; not those of the jobs.</summary>
    private static SortedDictionary<string, string> Files(string folder)
    {
        var files = RunBytes.Of(folder);
        foreach (var file in files.Keys.Where(f => f.StartsWith("out/slurm/", StringComparison.Ordinal)).ToList()) files.Remove(file);
        return files;
    }

    /// <summary>Whether each job that runs is at a training that has kept something.</summary>
    private bool InTheMiddle(string folder) => cluster.Running().Count is var running and > 0 && Checkpoints(folder) == running;

    /// <summary>Trainings at work that have looked at meta-validation: the log is written to the disk then.</summary>
    private static int Checkpoints(string folder) => !Directory.Exists(Path.Combine(folder, "out/runs")) ? 0
        : Directory.GetFiles(Path.Combine(folder, "out/runs"), "*.checkpoint").Count(f => new FileInfo(Path.Combine(Path.ChangeExtension(f, ".model"), ScalarLog.CsvName)) is { Exists: true, Length: > 4096 });

    [GeneratedRegex("(?m)^Scale .*$")]
    private static partial Regex Machine();

    [GeneratedRegex("\"seconds\": [-+.0-9eE]+")]
    private static partial Regex Seconds();
}
