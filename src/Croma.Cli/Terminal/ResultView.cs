using Croma.Data;
using Croma.Evaluation;
using Spectre.Console;

namespace Croma.Cli.Terminal;

/// <summary>A <see cref="ResultTable"/> as people read it: a row a method, a column a number of shots.</summary>
internal static class ResultView
{
    public static Rows Of(ResultTable results, CrossModalDataset dataset) => new(new Text(Title(results)), Body(results), new Text(PlainText.Of(Caption(dataset))));

    private static Table Body(ResultTable results)
    {
        int[] shots = [.. results.Results.Select(r => r.Shots).Distinct()];
        var table = new Table().RoundedBorder().AddColumn("method");
        foreach (var k in shots) table.AddColumn(new TableColumn($"{k}-shot").RightAligned());
        table.AddColumn(new TableColumn("#target (labelled)").RightAligned());
        foreach (var method in results.Results.GroupBy(r => r.Method))
        {
            var row = method.First();
            table.AddRow([new Text(method.Key), .. shots.Select(k => new Text(Cell(method.Single(r => r.Shots == k)))), new Text($"{row.TargetSamples} ({row.TargetLabels})")]);
        }
        return table;
    }

    private static string Title(ResultTable results)
    {
        var (episodes, repeats) = (results.Episodes, results.Results.Max(r => r.Repeats));
        var spread = repeats > 1 ? $", mean and 95 % confidence interval of {repeats} trainings" : ", one training";
        return $"Accuracy in %, {episodes.Ways}-way{spread}, {episodes.Tasks} tasks of {episodes.Queries} queries a class";
    }

    private static string Caption(CrossModalDataset dataset)
    {
        var synthetic = dataset.Manifest.Synthetic;
        return $"{dataset.Name}: {dataset.Source.Name} to {dataset.Target.Name}" + (synthetic.Count == 0 ? "" : $"; the {string.Join(" and the ", synthetic)} is SYNTHESISED by a program, not recorded from people");
    }

    private static string Cell(ResultRow row) => row.Ci95 is { } interval ? $"{row.Mean:0.0} [{interval[0]:0.0}, {interval[1]:0.0}]" : $"{row.Mean:0.0}";
}
