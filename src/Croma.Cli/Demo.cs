using System.Diagnostics;
using Croma.Checkpoints;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.UdhrSpeech;
using Croma.Evaluation;

namespace Croma.Cli;

/// <summary>The main job from nothing: data, several trainings of several methods, the table, the model.</summary>
internal sealed class Demo(CommandContext context)
{
    private const string Profile = "small";
    private const int Repeats = 3;

    // the same data whatever the seed of the trainings
    private const ulong DataSeed = 1;

    private static readonly string[] Rows = ["croma", "unimodal-pretraining", "align-meta-classify", "oracle"];
    private static readonly string Data = Path.Combine("data", UdhrSpeechRecipe.Name), Folder = Path.Combine("runs", "demo");

    /// <summary>How the profile differs from the paper's, in words.</summary>
    public static string Difference
    {
        get
        {
            var (small, paper) = (Profiles.Get(Profile), Profiles.Get("paper"));
            return $"{small.Encoders.Hidden} hidden units instead of {paper.Encoders.Hidden}, a shared space of {small.Encoders.Dimension} instead of {paper.Encoders.Dimension}, "
                + $"{small.Training.Iterations} iterations instead of {paper.Training.Iterations}, {small.Input.FrameStacking} frames a step instead of {paper.Input.FrameStacking}, "
                + "one training for all numbers of shots";
        }
    }

    public CrossModalDataset OpenData()
    {
        if (!Recipes.IsMade(UdhrSpeechRecipe.Name, Data, DataSeed)) Recipes.Make(UdhrSpeechRecipe.Name, Data, DataSeed, new RecipeInputs(), install: true, context);
        return CrossModalDataset.Open(Data);
    }

    /// <summary>Trains and scores everything that is not there yet, and keeps CroMA's first model.</summary>
    public ResultTable Run(CrossModalDataset dataset)
    {
        using var taken = RunLock.Take(Folder);
        Output.Say($"Profile '{Profile}', narrower and shorter than the paper's: {Difference}.");
        var options = new ComparisonOptions { Methods = Rows, Repeats = Repeats, Seed = context.Seed, Threads = context.Threads };
        var clock = Stopwatch.StartNew();
        var comparison = new Comparison(dataset, method => Profiles.Get(Profile, method), options, Folder);
        var runs = context.Progress.Run("Training and scoring", report => comparison.Run(
            new Reporter<ComparisonProgress>(p => report(new Step(p.Share, p.RunsDone == p.Runs ? "" : p.Latest))), context.Cancellation));
        KeepModel(comparison.ModelFolderOf(Rows[0], repeat: 0));
        var report = Path.Combine(Folder, "report.html");
        var results = ResultTable.Of(dataset, comparison.Plan, runs, context.Seed, report);
        DemoReport.Write(report, dataset, results, runs, Path.Combine(Folder, "model"), Difference, clock.Elapsed);
        return results;
    }

    private static void KeepModel(string from)
    {
        foreach (var file in Directory.GetFiles(from)) AtomicFile.Write(Path.Combine(Folder, "model", Path.GetFileName(file)), File.ReadAllBytes(file));
    }
}
