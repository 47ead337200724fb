using System.Text.RegularExpressions;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
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
        WriteGestures(folder);
        var ran = 0;
        foreach (var line in Blocks("sh").SelectMany(b => b.Split('\n')).Where(l => l.StartsWith("./croma ", StringComparison.Ordinal)).Except(RunElsewhere))
        {
            var result = await CliProcess.Run(folder.Path, line.Split(' ')[1..]);
            Assert.True(result.Code == 0, $"{line}: {result.Error}");
            Assert.NotEqual("", result.Out);
            ran++;
        }
        Assert.True(ran >= 10);
    }

    [Fact]
    public void The_configuration_is_one()
    {
        var configuration = ConfigurationFile.Parse(Assert.Single(Blocks("json")), "README.md");
        Assert.Equal(("info-nce", 400), (configuration.Training.AlignmentLoss, configuration.Training.Iterations));
    }

    [Fact]
    public void The_library_s_example_does_what_it_says()
    {
        using var folder = WithData();
#pragma warning disable xUnit1051 // as it stands in the README
        using var dataset = CrossModalDataset.Open(folder["data/udhr-speech"]);
        var options = new TrainingOptions { Configuration = Profiles.Get("small"), Threads = 2 };
        using var model = TrainedModel.Train(dataset, options);
        model.Save(folder["runs/model"]);

        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 8, ways: 5, maxShots: 10, queries: 10, seed: 1);
        var result = model.Evaluate(dataset, plan, shots: 5, threads: 2);
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

    private static TemporaryFolder WithData()
    {
        var folder = new TemporaryFolder();
        TinyDataset.Write(folder["data/udhr-speech"], sequences: true, samplesPerPart: 24, trainConcepts: 20);
        return folder;
    }

    /// <summary>The files of the README's example of one's own data: texts and vectors by class, and what is new.</summary>
    private static void WriteGestures(TemporaryFolder folder)
    {
        const int Classes = 20, Samples = 45, New = 3, Width = 8;
        var random = new CounterRandom(1, 1);
        for (var c = 0; c < Classes + New; c++)
        {
            double[] centre = [.. Enumerable.Range(0, Width).Select(_ => 2 * random.NextNormal())];
            var isNew = c >= Classes;
            for (var i = 0; i < (isNew ? 8 : Samples); i++)
            {
                float[] vector = [.. centre.Select(v => (float)(v + 0.3 * random.NextNormal()))];
                WriteNpy(folder[isNew && i >= 5 ? $"unlabelled/{c}-{i}.npy" : $"{(isNew ? "new" : "gestures")}/class{c}/{i}.npy"], vector);
                if (isNew) continue;
                Directory.CreateDirectory(folder[$"words/class{c}"]);
                File.WriteAllText(folder[$"words/class{c}/{i}.txt"], $"{(char)('a' + c)}{(char)('a' + c * 7 % 26)} {random.Next(1_000_000)}");
            }
        }
    }

    private static void WriteNpy(string path, float[] vector)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({vector.Length},), }}".PadRight(117) + "\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector)]);
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
