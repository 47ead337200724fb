namespace Croma.Tests.Docs;

/// <summary>The tables of docs/scaling.md are what its commands write.</summary>
public sealed class ScalingPageTests
{
    [Fact]
    public async Task Tables_are_what_the_commands_write()
    {
        var page = DocPage.Named("docs/scaling.md");
        var lines = page.ShellLines.Where(l => l.StartsWith("./croma bench scaling ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var result = await CliProcess.Run(ReadmeTests.Root, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
            Assert.Equal((0, ""), (result.Code, result.Error));
            // the first line names the study and the cluster
            Assert.All(result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), row => Assert.Contains(row.TrimEnd(), page.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_study_is_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["study.json"], """{"study": "a", "measured": "b", "kinds": [{"name": "x", "count": 1, "seconds": -1, "rounds": 1, "startSeconds": 0, "startMegabytes": 0, "roundFiles": 0, "roundMegabytes": 0}]}""", TestContext.Current.CancellationToken);
        Assert.Contains("no number below 0", (await CliProcess.Run(folder.Path, "bench", "scaling", "study.json")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("--cores takes whole numbers", (await CliProcess.Run(folder.Path, "bench", "scaling", "study.json", "--cores", "1,x")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("--starts-per-second takes a number above 0", (await CliProcess.Run(folder.Path, "bench", "scaling", "study.json", "--starts-per-second", "0")).RequireOneLineOfError(), StringComparison.Ordinal);
    }
}
