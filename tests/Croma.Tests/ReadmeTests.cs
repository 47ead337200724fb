using System.Text.RegularExpressions;
using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>The README's examples, run as they stand there on a small data set in place of udhr-speech.</summary>
public sealed partial class ReadmeTests
{
    // these two have tests of their own: CliDemoTests, and those of the recipe
    private static readonly string[] RunElsewhere = ["./croma demo", "./croma data make udhr-speech"];

    [Fact]
    public async Task Every_command_runs()
    {
        using var folder = WithData();
        var ran = 0;
        foreach (var line in Blocks("sh").SelectMany(b => b.Split('\n')).Where(l => l.StartsWith("./croma ", StringComparison.Ordinal)).Except(RunElsewhere))
        {
            var result = await CliProcess.Run(folder.Path, line.Split(' ')[1..]);
            Assert.True(result.Code == 0, $"{line}: {result.Error}");
            Assert.NotEqual("", result.Out);
            ran++;
        }
        Assert.True(ran >= 5);
    }

    [Fact]
    public void The_configuration_is_one()
    {
        var configuration = ConfigurationFile.Parse(Assert.Single(Blocks("json")), "README.md");
        Assert.Equal(("info-nce", 400), (configuration.Training.AlignmentLoss, configuration.Training.Iterations));
    }

    [Fact]
    public void The_library_s_example_is_the_one_below()
    {
        var source = File.ReadAllText(Path.Combine(Root, "tests", "Croma.Tests", "ReadmeTests.cs"));
        Assert.Contains(Squeeze(Assert.Single(Blocks("csharp"))).Replace("\"data/udhr-speech\"", "data", StringComparison.Ordinal), Squeeze(source), StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_s_example_does_what_it_says()
    {
        using var folder = WithData();
        var data = folder["data/udhr-speech"];
#pragma warning disable xUnit1051 // as it stands in the README
        using var dataset = CrossModalDataset.Open(data);
        var configuration = Profiles.Get("small");
        using var duet = new Duet(threads: 2);
        using var method = Methods.Create("croma", configuration, dataset, seed: 1, duet);
        var trained = new TrainingRun(method, configuration, dataset, seed: 1, threads: 2).Run();

        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 8, ways: 5, maxShots: 10, queries: 10, seed: 1);
        var result = FewShotEvaluation.Run(trained.Best, configuration.Adaptation, dataset.Target, configuration.Input, plan, shots: 5, seed: 1, threads: 2);
        Console.WriteLine($"{result.Accuracy:F1} % of {result.Predictions.Count} clips of languages it had never heard");
#pragma warning restore xUnit1051
        Assert.InRange(result.Accuracy, 50, 100);
    }

    /// <summary>The repository's root: the first folder upwards with the solution.</summary>
    internal static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Croma.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
            return folder.FullName;
        }
    }

    private static IEnumerable<string> Blocks(string language) =>
        Fence().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    private static string Squeeze(string text) => Spaces().Replace(text, " ");

    private static TemporaryFolder WithData()
    {
        var folder = new TemporaryFolder();
        TinyDataset.Write(folder["data/udhr-speech"], sequences: true, samplesPerPart: 24, trainConcepts: 20);
        return folder;
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
