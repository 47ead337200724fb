namespace Croma.Theory;

/// <summary>A number estimated from data.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its 95 % interval (bootstrap, percentiles).</param>
/// <param name="High">Its upper end.</param>
public sealed record Estimate(double Value, double Low, double High)
{
    internal static Estimate Of(double value, IEnumerable<double> resampled)
    {
        double[] ordered = [.. resampled.Order()];
        return new Estimate(value, ordered[(int)(0.025 * (ordered.Length - 1))], ordered[(int)Math.Ceiling(0.975 * (ordered.Length - 1))]);
    }
}

/// <summary>The task that is asked about, and how carefully.</summary>
public sealed record CaseOptions
{
    /// <summary>Classes of a task. Default 5.</summary>
    public int Ways { get; init; } = 5;

    /// <summary>Labelled target samples of each. Default 5.</summary>
    public int Shots { get; init; } = 5;

    /// <summary>n_source, where it is not to be counted: labelled source samples of the task.</summary>
    public double? SourceSamples { get; init; }

    /// <summary>n_target, where it is not ways times shots.</summary>
    public double? TargetSamples { get; init; }

    /// <summary>n_align, where it is not to be counted.</summary>
    public double? Pairs { get; init; }

    /// <summary>Resamples of the bootstrap. Default 400.</summary>
    public int Resamples { get; init; } = 400;

    /// <summary>Draws tasks and resamples. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A case as it was estimated from a data set.</summary>
/// <param name="Case">Its numbers.</param>
/// <param name="Dimension">d, and how sure.</param>
/// <param name="LabelNoise">sigma in the target modality.</param>
/// <param name="SourceLabelNoise">sigma in the source modality.</param>
/// <param name="PairNoise">sigma_W.</param>
/// <param name="Label">The label route's squared error.</param>
/// <param name="Aligned">The alignment route's.</param>
/// <param name="AlignmentPreferred">The share of resamples in which the rule prefers alignment.</param>
/// <param name="Components">Principal components that it was estimated in.</param>
/// <param name="TargetTasks">Tasks that sigma comes from.</param>
/// <param name="SourceTasks">The same of the source's.</param>
/// <param name="PairsSeen">Pairs (weak: source samples in sets) that sigma_W comes from.</param>
public sealed record CaseEstimate(SupervisionCase Case, Estimate Dimension, Estimate LabelNoise, Estimate SourceLabelNoise, Estimate PairNoise, Estimate Label, Estimate Aligned,
    double AlignmentPreferred, int Components, int TargetTasks, int SourceTasks, int PairsSeen);
