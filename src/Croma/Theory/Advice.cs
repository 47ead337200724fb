namespace Croma.Theory;

/// <summary>What more of could be had.</summary>
public enum Effort
{
    /// <summary>Labels of target samples.</summary>
    LabelTargets,

    /// <summary>Pairs to align on, or sets of them where only those are known.</summary>
    Align,

    /// <summary>Labels of source samples.</summary>
    LabelSources,
}

/// <summary>The error of the better route after some more of one kind.</summary>
/// <param name="Effort">Which.</param>
/// <param name="Error">The squared error then.</param>
public sealed record EffortResult(Effort Effort, double Error);

/// <summary>Weak alignment with the best number of sets (Appendix E).</summary>
/// <param name="Sets">S*, from 1 to half as many as there are pairs.</param>
/// <param name="Error">The squared error of the task then: the source's, the sets' width and the noise of their centres.</param>
public sealed record WeakAdvice(double Sets, double Error);

/// <summary>What section 5.5 and Appendix E say of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Errors">Squared errors in the paper's form.</param>
/// <param name="Expected">The same as exactly expected of least squares; infinite with too few samples.</param>
/// <param name="PrefersAlignment">Whether the rule prefers alignment to the labels there are.</param>
/// <param name="WorthTargets">Labelled target samples that would be as good as alignment.</param>
/// <param name="BreakEven">Pairs (sets, where only those are known; the noise of their centres left out) from which on alignment is better; null where no number is enough, since the source has no more to teach than the target's labels.</param>
/// <param name="More">So many more of one kind are compared.</param>
/// <param name="Efforts">What each kind brings, the best first.</param>
/// <param name="Weak">If of the pairs only sets were known.</param>
public sealed record Advice(SupervisionCase Case, RouteErrors Errors, RouteErrors Expected, bool PrefersAlignment, double WorthTargets, double? BreakEven, double More, IReadOnlyList<EffortResult> Efforts, WeakAdvice Weak)
{
    /// <summary>Advises.</summary>
    /// <param name="given">The case.</param>
    /// <param name="more">How many more samples or pairs to compare; null: as many as there are labelled target samples.</param>
    /// <exception cref="CromaException">A number is not above 0.</exception>
    public static Advice Of(SupervisionCase given, double? more = null)
    {
        foreach (var (name, value) in new[] { ("d", given.Dimension), ("n_source", given.SourceSamples), ("n_target", given.TargetSamples), ("n_align", given.Pairs) })
            if (!(value > 0 && double.IsFinite(value))) throw new CromaException($"{name} must be above 0, not {value}.");
        foreach (var (name, value) in new[] { ("sigma", given.LabelNoise), ("the source's sigma", given.SourceLabelNoise ?? given.LabelNoise), ("sigma_W", given.PairNoise) })
            if (!(value >= 0 && double.IsFinite(value))) throw new CromaException($"{name} must be 0 or more, not {value}.");
        if (given.Sets is { } known && !(known >= 1 && known <= given.Pairs)) throw new CromaException($"The number of sets must be from 1 to the number of pairs, not {known}.");
        var (errors, m) = (SupervisionTheory.Limit(given), more ?? given.TargetSamples);
        // what labels leave to be desired over what aligned ones leave at least, for each of d
        var gain = given.Variance / given.TargetSamples - given.SourceVariance / given.SourceSamples;
        return new Advice(given, errors, SupervisionTheory.Expected(given), SupervisionTheory.PrefersAlignment(given), given.Dimension * given.Variance / errors.Aligned,
            gain > 0 ? (given.Sets is null ? given.Dimension * given.PairVariance : given.SetWidth) / gain : null, m,
            [.. Enum.GetValues<Effort>().Select(e => new EffortResult(e, Best(With(given, e, m)))).OrderBy(e => e.Error)], Weakly(given, errors));
    }

    private static SupervisionCase With(SupervisionCase given, Effort effort, double more) => effort switch
    {
        Effort.LabelTargets => given with { TargetSamples = given.TargetSamples + more },
        Effort.LabelSources => given with { SourceSamples = given.SourceSamples + more },
        _ => given.Sets is { } sets ? given with { Sets = sets + more } : given with { Pairs = given.Pairs + more },
    };

    private static double Best(SupervisionCase given)
    {
        var errors = SupervisionTheory.Limit(given);
        return Math.Min(errors.Label, errors.Aligned);
    }

    private static WeakAdvice Weakly(SupervisionCase given, RouteErrors errors)
    {
        var sets = Math.Clamp(SupervisionTheory.BestSets(given.SetWidth, given.PairVariance, given.Pairs), 1, Math.Max(1, given.Pairs / 2));
        return new WeakAdvice(sets, errors.Source + SupervisionTheory.WeakAlignment(given, sets));
    }
}
