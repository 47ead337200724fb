using System.Reflection;
using System.Runtime.InteropServices;
using Croma.Cli.Report;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli;

/// <summary>Fills the demo's report: what was run where, the figures, and the shared space before and after training.</summary>
internal static class DemoReport
{
    public static void Write(string path, CrossModalDataset dataset, ResultTable results, IReadOnlyList<RunRecord> runs, string model, string difference, TimeSpan took)
    {
        using var trained = TrainedModel.Load(model, dataset);
        var info = trained.Info;
        using var untrained = SharedSpaceMap.StartOf(info, dataset);
        var (mapBefore, mapAfter) = SharedSpaceMap.Compute(dataset, info.Configuration, untrained, trained.Best);
        var (_, known) = SharedSpaceMap.Compute(dataset, info.Configuration, untrained, trained.Best, split: ConceptSplit.MetaTrain);
        HtmlReport.Write(path, new ReportData
        {
            Title = "Croma: learning from text, recognising new spoken languages",
            Origin = new RunOrigin
            {
                Source = dataset.Source.Name,
                Target = dataset.Target.Name,
                Synthetic = dataset.Manifest.Synthetic,
                ConceptNoun = "languages",
                TrainingConcepts = Count(dataset, ConceptSplit.MetaTrain),
                TestConcepts = Count(dataset, ConceptSplit.MetaTest),
                Profile = info.Configuration.Profile,
                ProfileDifference = difference,
                Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.OSDescription}",
                Finished = DateTimeOffset.Now,
                Took = took,
                Commit = Commit(),
                Command = results.Seed == 1 ? "./croma demo" : $"./croma demo --seed {results.Seed}",
            },
            Results = results,
            Runs = runs,
            Concepts = [.. dataset.Concepts.Select(c => c.Name)],
            Before = mapBefore,
            After = mapAfter,
            Known = known,
        });
    }

    private static int Count(CrossModalDataset dataset, ConceptSplit split) => dataset.Concepts.Count(c => c.Split == split);

    /// <summary>The SDK writes the commit behind the version: "0.1.0+abc...".</summary>
    private static string? Commit() =>
        typeof(CromaVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit[..Math.Min(10, commit.Length)] : null;
}
