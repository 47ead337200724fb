using Croma.Checkpoints;
using Croma.Cli.Report;
using Croma.Evaluation;

namespace Croma.Tests;

/// <summary>Made-up runs of the four methods, as the demo has them.</summary>
internal static class ReportSamples
{
    public static string[] Methods { get; } = ["croma", "unimodal-pretraining", "align-meta-classify", "oracle"];

    public static string[] Concepts { get; } = ["Welsh", "Swahili", "Tagalog", "Tamil", "Māori", "Zulu <&> \"Natal\""];

    private static readonly int[] s_shots = [1, 5, 10];

    public static ReportData Data(int repeats = 3)
    {
        RunRecord[] runs = [.. Methods.SelectMany((_, m) => Enumerable.Range(0, repeats).Select(r => Run(m, r)))];
        var rows = from m in Enumerable.Range(0, Methods.Length)
                   from k in s_shots
                   let own = runs.Where(r => r.Method == Methods[m]).ToList()
                   let summary = Summary.Of([.. own.Select(r => r.Results.Single(s => s.Shots == k).Accuracy)])
                   select new ResultRow(Methods[m], k, summary.Mean, repeats > 1 ? summary.StandardDeviation : null,
                       repeats > 1 ? [summary.Low, summary.High] : null, repeats, 60, own[0].TargetSamples, own[0].TargetLabels);
        return new ReportData
        {
            Title = "A report",
            Origin = new RunOrigin
            {
                Source = "text",
                Target = "speech",
                Synthetic = ["speech"],
                ConceptNoun = "languages",
                TrainingConcepts = 75,
                TestConcepts = 6,
                Profile = "demo",
                ProfileDifference = "half the width",
                Machine = "2 cores",
                Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Took = TimeSpan.FromSeconds(400),
                Commit = "0123abc",
                Command = "./croma demo --seed 7",
            },
            Results = new ResultTable("0.1.0", new ResultDataset("udhr-speech", new string('a', 64)), new ResultEpisodes(new string('b', 64), 2, 5, 3), [.. rows], 7, null),
            Runs = runs,
            Concepts = Concepts,
            Before = Map(apart: 5, 0.1, 0.05, 0.25),
            After = Map(apart: 0.2, 0.8, 0.15, 0.75),
        };
    }

    private static RunRecord Run(int method, int repeat) => new()
    {
        Method = Methods[method],
        Repeat = repeat,
        Seed = (ulong)repeat,
        Seconds = 20,
        TargetSamples = method == 1 ? 0 : 1234,
        TargetLabels = method == 3 ? 1234 : 0,
        BestIteration = 20,
        ValidationAccuracy = method == 1 ? null : 60,
        Curve = method == 1 ? [] : [.. Enumerable.Range(0, 3).Select(i => new CurvePoint(10 * i,
            i == 0 || method == 3 ? null : 2.0 / i + 0.1 * repeat, i == 0 ? null : 1.6 - 0.2 * i, 25 + 10 * i + method + 2 * repeat))],
        Results = [.. s_shots.Select(k => new ShotRecord(k, 50 + k - 5 * method + (method == 3 ? 30 : 0) + repeat, [50, 60],
            [.. Enumerable.Range(0, 30)], [.. Enumerable.Range(0, 30).Select(i => i % 6)],
            [.. Enumerable.Range(0, 30).Select(i => k == 5 && i < 6 ? (i + 1) % 6 : i % 6)]))],
    };

    private static SpaceMap Map(double apart, double pair, double other, double recall)
    {
        var points = from c in Enumerable.Range(0, 4)
                     from i in Enumerable.Range(0, 5)
                     from modality in new[] { "text", "speech" }
                     let angle = c * Math.PI / 2 + 0.1 * i
                     select new MapPoint(Math.Cos(angle) + (modality == "text" ? 0 : apart), Math.Sin(angle) + 0.1 * i, Concepts[c], modality);
        return new SpaceMap([.. points], MapProjection.PrincipalComponents, pair, other, recall, 0.5);
    }
}
