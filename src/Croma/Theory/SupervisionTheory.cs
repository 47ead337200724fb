namespace Croma.Theory;

/// <summary>A choice between alignment and labels (section 5.5), in numbers.</summary>
public sealed record SupervisionCase
{
    /// <summary>d: numbers of a sample in either modality.</summary>
    public required double Dimension { get; init; }

    /// <summary>n_1 (n_source): labelled source samples of the task.</summary>
    public required double SourceSamples { get; init; }

    /// <summary>n_2 (n_target): labelled target samples of the task.</summary>
    public required double TargetSamples { get; init; }

    /// <summary>n_align: pairs.</summary>
    public required double Pairs { get; init; }

    /// <summary>sigma: standard deviation of a label's noise, where a label's signal has the variance d.</summary>
    public required double LabelNoise { get; init; }

    /// <summary>The same in the source modality; null (the theory's case): as in the target.</summary>
    public double? SourceLabelNoise { get; init; }

    /// <summary>sigma_W: standard deviation of a pair's noise in each number of x_1, where the signal's is 1.</summary>
    public required double PairNoise { get; init; }

    /// <summary>S: sets, where of the pairs only their sets are known (weak pairs); null: pairs are strong.</summary>
    public double? Sets { get; init; }

    /// <summary>c_1 / d: S sets leave this over S of the variance of x_1. Default 1, one set's; estimated from data where there are some.</summary>
    public double SetWidth { get; init; } = 1;

    internal double Variance => LabelNoise * LabelNoise;

    internal double SourceVariance => SourceLabelNoise is { } noise ? noise * noise : Variance;

    internal double PairVariance => PairNoise * PairNoise;
}

/// <summary>The squared errors of the two routes to a target task.</summary>
/// <param name="Label">Of learning from labelled target samples.</param>
/// <param name="Source">Of learning from labelled source samples, which alignment carries over.</param>
/// <param name="Alignment">Of carrying over.</param>
public sealed record RouteErrors(double Label, double Source, double Alignment)
{
    /// <summary>Of the alignment route.</summary>
    public double Aligned => Source + Alignment;
}

/// <summary>The formulas of section 5.5 and Appendix E, which <see cref="SupervisionStudy"/> and <see cref="WeakSetStudy"/> measure.</summary>
public static class SupervisionTheory
{
    /// <summary>The paper's form, to which errors tend with many samples: d sigma^2 / n_2, and d sigma^2 / n_1 + d^2 sigma_W^2 / n_align, for sets c_1 / S + c_2 S / n_align in its place.</summary>
    public static RouteErrors Limit(SupervisionCase c) => new(
        Supervised(c.Dimension, c.Variance, c.TargetSamples), Supervised(c.Dimension, c.SourceVariance, c.SourceSamples),
        c.Sets is { } sets ? WeakAlignment(c, sets) : Alignment(c.Dimension, c.PairVariance, c.Pairs));

    /// <summary>
    /// What least squares are expected to have at any number of samples, for normal inputs and a W that stretches nothing; infinite where
    /// there are fewer than d + 2 samples.
    /// </summary>
    public static RouteErrors Expected(SupervisionCase c) => new(
        ExpectedSupervised(c.Dimension, c.Variance, c.TargetSamples), ExpectedSupervised(c.Dimension, c.SourceVariance, c.SourceSamples),
        c.Sets is { } sets ? WeakAlignment(c, sets) : ExpectedAlignment(c.Dimension, c.SourceVariance, c.SourceSamples, c.PairVariance, c.Pairs, c.Dimension));

    /// <summary>The rule of section 5.5, d sigma_W^2 / n_align + sigma^2 / n_1 &lt; sigma^2 / n_2, and its like for sets.</summary>
    public static bool PrefersAlignment(SupervisionCase c) =>
        (c.Sets is { } sets ? WeakAlignment(c, sets) / c.Dimension : c.Dimension * c.PairVariance / c.Pairs) + c.SourceVariance / c.SourceSamples < c.Variance / c.TargetSamples;

    /// <summary>c_1 / S + c_2 S / N (Appendix E): the sets' width, and the noise of a centre that is the mean of N / S pairs.</summary>
    public static double WeakAlignment(SupervisionCase c, double sets) => c.Dimension * (c.SetWidth / sets + c.PairVariance * sets / c.Pairs);

    /// <summary>The number of sets at which c_1 / S + c_2 S / N is least (Eq. 8).</summary>
    public static double BestSets(double c1, double c2, double points) => Math.Sqrt(c1 * points / c2);

    internal static double Supervised(double d, double variance, double samples) => d * variance / samples;

    internal static double Alignment(double d, double pairVariance, double pairs) => d * d * pairVariance / pairs;

    /// <summary>E tr (X^T X)^-1 = d / (n - d - 1) for standard normal X.</summary>
    internal static double ExpectedSupervised(double d, double variance, double samples) => samples > d + 1 ? d * variance / (samples - d - 1) : double.PositiveInfinity;

    /// <summary>The map's error meets w_1 = u_1 + delta, where E |u_1|^2 = d and E |delta|^2 = sigma^2 / (n_1 - d - 1) tr (W W^T)^-1.</summary>
    internal static double ExpectedAlignment(double d, double variance, double sourceSamples, double pairVariance, double pairs, double inverseStretches)
    {
        if (sourceSamples <= d + 1 || pairs <= d + 1) return double.PositiveInfinity;
        var length = d + variance / (sourceSamples - d - 1) * inverseStretches;
        return length * d * pairVariance / (pairs - d - 1);
    }
}
