namespace Croma.Cli.Experiments;

/// <summary>A place of a table in words: our figure, and beneath it what it is compared with.</summary>
internal static class CellText
{
    // a p-value below this says no more than that it is small
    private const double SmallP = 0.001;

    /// <summary>"60.1 ± 2.8 [58.0, 62.1]".</summary>
    public static string Figure(ExperimentCell cell, string format) => string.Join(' ', Parts(cell, format));

    /// <summary>The same in the parts between which a line may break: "60.1 ± 2.8", "[58.0, 62.1]".</summary>
    public static IEnumerable<string> Parts(ExperimentCell cell, string format)
    {
        yield return cell.Mean.ToString(format) + (cell.Std is { } std ? $" ± {std.ToString(format)}" : "");
        if (cell.Ci95 is { } interval) yield return $"[{interval[0].ToString(format)}, {interval[1].ToString(format)}]";
    }

    /// <summary>"paper 67.9 ± 6.6", "predicted 1.05", "p = 0.03": each where there is one.</summary>
    public static IEnumerable<string> Beside(ExperimentCell cell, string format)
    {
        if (cell.Predicted is { } predicted) yield return $"predicted {predicted.ToString(format)}";
        if (cell.Paper is { } paper) yield return $"paper {paper.Mean.ToString(format)}" + (paper.Std is { } std ? $" ± {std.ToString(format)}" : "");
        if (cell.HolmP is { } p) yield return P(p);
    }

    /// <summary>"p = 0.03", "p &lt; 0.001".</summary>
    public static string P(double p) => p < SmallP ? $"p < {SmallP}" : $"p = {p:0.000}";
}
