namespace Croma.Cli.Experiments;

/// <summary>A place of a table in words: our figure, and beneath it what it is compared with.</summary>
internal static class CellText
{
    // a p-value below this says no more than that it is small
    private const double SmallP = 0.001;

    /// <summary>"60.1 ± 2.8 [58.0, 62.1]".</summary>
    public static string Figure(ExperimentCell cell, string format)
    {
        var mean = cell.Mean.ToString(format);
        if (cell.Std is { } std) mean += $" ± {std.ToString(format)}";
        return cell.Ci95 is { } interval ? $"{mean} [{interval[0].ToString(format)}, {interval[1].ToString(format)}]" : mean;
    }

    /// <summary>"paper 67.9 ± 6.6", "predicted 1.05", "p = 0.03": each where there is one.</summary>
    public static IEnumerable<string> Beside(ExperimentCell cell, string format)
    {
        if (cell.Predicted is { } predicted) yield return $"predicted {predicted.ToString(format)}";
        if (cell.Paper is { } paper) yield return $"paper {paper.Mean.ToString(format)}" + (paper.Std is { } std ? $" ± {std.ToString(format)}" : "");
        if (cell.HolmP is { } p) yield return p < SmallP ? $"p < {SmallP}" : $"p = {p:0.000}";
    }
}
