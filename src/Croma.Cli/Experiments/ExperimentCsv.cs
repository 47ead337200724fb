using System.Globalization;
using System.Text;

namespace Croma.Cli.Experiments;

/// <summary>All places of an experiment's tables as CSV (RFC 4180), one a line.</summary>
internal static class ExperimentCsv
{
    private const string Head = "table,row,column,x,mean,std,ci95_low,ci95_high,repeats,predicted,paper_mean,paper_std,p,p_holm,target_samples,target_labels\n";

    public static byte[] Of(ExperimentOutcome outcome)
    {
        var text = new StringBuilder(Head);
        foreach (var table in outcome.Tables)
            foreach (var cell in table.Cells)
                text.AppendJoin(',', new object?[]
                {
                    table.Title, cell.Row, cell.Column, cell.X, cell.Mean, cell.Std, cell.Ci95?[0], cell.Ci95?[1], cell.Repeats, cell.Predicted,
                    cell.Paper?.Mean, cell.Paper?.Std, cell.P, cell.HolmP, cell.TargetSamples, cell.TargetLabels,
                }.Select(Field)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A field, in quotation marks where it needs them.</summary>
    public static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(',', '"', '\n') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
