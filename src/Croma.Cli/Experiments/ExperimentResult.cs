using System.Text.Json.Serialization;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>What the paper prints in a place.</summary>
/// <param name="Mean">Its figure.</param>
/// <param name="Std">The standard deviation behind its ±; null where it prints none.</param>
internal sealed record PaperFigure(double Mean, double? Std);

/// <summary>One place of a table.</summary>
internal sealed record ExperimentCell
{
    public required string Row { get; init; }

    public required string Column { get; init; }

    /// <summary>The column's place on the horizontal axis of the plot; null where columns are no numbers.</summary>
    public double? X { get; init; }

    public required double Mean { get; init; }

    /// <summary>Standard deviation over the repeats; null for one.</summary>
    public double? Std { get; init; }

    /// <summary>95 % confidence interval of the mean (Student's t); null for one repeat.</summary>
    public double[]? Ci95 { get; init; }

    public required int Repeats { get; init; }

    /// <summary>What theory expects; null where it says nothing.</summary>
    public double? Predicted { get; init; }

    /// <summary>The paper's figure; null where it has none.</summary>
    public PaperFigure? Paper { get; init; }

    /// <summary>p of the test against the reference row; null where there is none.</summary>
    public double? P { get; init; }

    /// <summary>The same after Holm's correction for the rows of the column.</summary>
    public double? HolmP { get; init; }

    /// <summary>'#Target': target samples read in meta-training; null where that has no meaning.</summary>
    public int? TargetSamples { get; init; }

    /// <summary>Of these, with labels.</summary>
    public int? TargetLabels { get; init; }

    /// <summary>A place with a summary's figures.</summary>
    public static ExperimentCell Of(string row, string column, Summary summary) => new()
    {
        Row = row,
        Column = column,
        Mean = summary.Mean,
        Std = summary.Repeats > 1 ? summary.StandardDeviation : null,
        Ci95 = summary.Repeats > 1 ? [summary.Low, summary.High] : null,
        Repeats = summary.Repeats,
    };
}

/// <summary>A table, or the points of a figure.</summary>
internal sealed record ExperimentTable
{
    public required string Title { get; init; }

    /// <summary>What the columns are, such as "shots"; the horizontal axis of a plot.</summary>
    public required string Columns { get; init; }

    /// <summary>What a cell's number is, such as "accuracy, %"; the vertical axis of a plot.</summary>
    public required string Unit { get; init; }

    /// <summary>How a cell's number is written, such as "0.0".</summary>
    public string Format { get; init; } = "0.0";

    /// <summary>Whether the plot's horizontal axis is logarithmic.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Whether the plot's vertical axis is logarithmic.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>By row, then column; a row need not have every column.</summary>
    public required IReadOnlyList<ExperimentCell> Cells { get; init; }
}

/// <summary>Something the paper claims, and whether the figures bear it out.</summary>
/// <param name="Claim">In words.</param>
/// <param name="Holds">Whether it does here.</param>
/// <param name="Evidence">The numbers.</param>
internal sealed record Finding(string Claim, bool Holds, string Evidence);

/// <summary>What an experiment came to.</summary>
internal sealed record ExperimentOutcome
{
    public ResultDataset? Dataset { get; init; }

    public ResultEpisodes? Episodes { get; init; }

    /// <summary>Which test gave the p-values, in words; null where there are none.</summary>
    public string? Test { get; init; }

    /// <summary>What a reader has to know: deviations from the paper, what was synthesised.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<ExperimentTable> Tables { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Some answers of classification; null where the experiment has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionExamples? Predictions { get; init; }

    /// <summary>Some answers of retrieval; null where the experiment has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetrievalExamples? Retrieved { get; init; }
}

/// <summary>What `croma reproduce --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Experiment">Its name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Expectation">What it should show.</param>
/// <param name="Scale">How much of it was run.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Machine">Processor, instruction set, system, runtime.</param>
/// <param name="Seconds">Wall time of this command; little where the runs were there already.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Csv">Path of the figures as CSV.</param>
/// <param name="Report">Path of the HTML report.</param>
internal sealed record ExperimentResult(string Version, string Experiment, string Title, string Expectation, string Scale, ulong Seed, string Machine, double Seconds, ExperimentOutcome Outcome, string Csv, string Report);
