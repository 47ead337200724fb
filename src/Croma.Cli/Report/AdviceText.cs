using System.Globalization;
using System.Text;
using Croma.Theory;

namespace Croma.Cli.Report;

/// <summary>What `croma advise --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Folder">The data set's; null for plain numbers.</param>
/// <param name="Case">The case's numbers.</param>
/// <param name="Intervals">95 % intervals of what was estimated; null for plain numbers.</param>
/// <param name="Label">The label route's squared error, d sigma^2 / n_target.</param>
/// <param name="Aligned">The alignment route's: that of source labels and that of alignment together.</param>
/// <param name="Alignment">Alignment's part of it.</param>
/// <param name="ExpectedLabel">As exactly expected of least squares; null: infinite, with fewer than d + 2 samples.</param>
/// <param name="ExpectedAligned">The same of the alignment route.</param>
/// <param name="PrefersAlignment">What the rule of section 5.5 says.</param>
/// <param name="AlignmentPreferred">In which share of resamples it says to align; null for plain numbers.</param>
/// <param name="WorthTargets">Labelled target samples that alignment is worth.</param>
/// <param name="BreakEven">Pairs (sets, of weak ones) from which on alignment is better; null: none are enough.</param>
/// <param name="More">How many more were compared.</param>
/// <param name="Efforts">What they bring, the best first.</param>
/// <param name="WeakSets">S*.</param>
/// <param name="WeakError">The alignment route's squared error with so many sets.</param>
/// <param name="Remarks">Where the estimate itself says not to lean on it.</param>
/// <param name="Assumptions">What all this assumes.</param>
internal sealed record AdviseResult(string Version, string? Folder, SupervisionCase Case, IReadOnlyDictionary<string, double[]>? Intervals, double Label, double Aligned, double Alignment, double? ExpectedLabel, double? ExpectedAligned,
    bool PrefersAlignment, double? AlignmentPreferred, double? WorthTargets, double? BreakEven, double More, IReadOnlyList<EffortResult> Efforts, double WeakSets, double WeakError, IReadOnlyList<string> Remarks, IReadOnlyList<string> Assumptions)
{
    public static AdviseResult Of(string? folder, Advice advice, CaseEstimate? estimate) => new(CromaVersion.Text, folder, advice.Case, estimate is null ? null : new Dictionary<string, double[]>
    {
        ["dimension"] = Ends(estimate.Dimension), ["labelNoise"] = Ends(estimate.LabelNoise), ["sourceLabelNoise"] = Ends(estimate.SourceLabelNoise), ["pairNoise"] = Ends(estimate.PairNoise),
        ["label"] = Ends(estimate.Label), ["aligned"] = Ends(estimate.Aligned),
    }, advice.Errors.Label, advice.Errors.Aligned, advice.Errors.Alignment, Finite(advice.Expected.Label), Finite(advice.Expected.Aligned), advice.PrefersAlignment, estimate?.AlignmentPreferred,
        Finite(advice.WorthTargets), advice.BreakEven, advice.More, advice.Efforts, advice.Weak.Sets, advice.Weak.Error, AdviceText.Remarks(advice, estimate), AdviceText.Assumptions(advice.Case, estimate));

    private static double[] Ends(Estimate e) => [e.Low, e.High];

    private static double? Finite(double x) => double.IsFinite(x) ? x : null;
}

/// <summary>Advice in words.</summary>
internal static class AdviceText
{
    public static string Of(string? names, Advice advice, CaseEstimate? estimate)
    {
        var (c, text) = (advice.Case, new StringBuilder());
        if (names is not null) text.Append(names).Append('\n');
        Line(text, "d", c.Dimension, estimate?.Dimension, estimate is null ? "numbers of a sample" : "effective dimension of the target samples");
        Line(text, "sigma", c.LabelNoise, estimate?.LabelNoise, estimate is null ? "noise of a label" : $"noise of a target label ({estimate.TargetTasks} tasks)");
        if (estimate is not null) Line(text, "sigma_source", c.SourceLabelNoise ?? c.LabelNoise, estimate.SourceLabelNoise, $"noise of a source label ({estimate.SourceTasks} tasks)");
        Line(text, "sigma_W", c.PairNoise, estimate?.PairNoise, c.Sets is null || estimate is null ? "noise of a pair" : "spread within a set: the noise of a pair is at most that");
        text.Append(CultureInfo.InvariantCulture, $"n_target {c.TargetSamples:0.#}, n_source {c.SourceSamples:0.#}, n_align {c.Pairs:0.#}{(c.Sets is { } s ? string.Create(CultureInfo.InvariantCulture, $" in {s:0.#} sets") : "")}\n\nsquared error of the task:\n");
        Error(text, "learning from target labels", "d sigma^2 / n_target", advice.Errors.Label, estimate?.Label, advice.Expected.Label);
        Error(text, "aligning, and source labels", c.Sets is null ? "d sigma^2 / n_source + d^2 sigma_W^2 / n_align" : "d sigma^2 / n_source + c_1 / S + c_2 S / n_align", advice.Errors.Aligned, estimate?.Aligned, advice.Expected.Aligned);
        text.Append(CultureInfo.InvariantCulture, $"  (of the latter {advice.Errors.Source:0.####} for the source labels, {advice.Errors.Alignment:0.####} for the alignment)\n\n");
        Verdict(text, advice, estimate);
        foreach (var remark in Remarks(advice, estimate)) text.Append("But: ").Append(remark).Append('\n');
        var unit = c.Sets is null ? "pairs" : "sets";
        text.Append(CultureInfo.InvariantCulture, $"{advice.More:0.#} more of one kind, the error of the better way then: {string.Join(", ", advice.Efforts.Select(e => string.Create(CultureInfo.InvariantCulture, $"{Name(e.Effort, unit)} {e.Error:0.####}")))}\n");
        text.Append(Best(advice, unit));
        text.Append(CultureInfo.InvariantCulture, $"weak sets: {(c.Sets is not null && estimate is not null ? "at least" : "about")} {advice.Weak.Sets:0} of {c.Pairs:0.#} pairs would be the best number (S* = sqrt(c_1 n_align / c_2)), with an error of {advice.Weak.Error:0.####}\n\nThis assumes:\n");
        foreach (var assumption in Assumptions(c, estimate)) text.Append("- ").Append(assumption).Append('\n');
        return text.ToString();
    }

    /// <summary>What has to hold for the advice to.</summary>
    public static IReadOnlyList<string> Assumptions(SupervisionCase c, CaseEstimate? estimate)
    {
        List<string> all =
        [
            "labels are linear in the samples, y = u . x + noise, with the same answer in either modality; x_1 = W x_2; source labels are of the same classes as the task. Training that carries over from other classes gains less, and encoders that already tell the classes apart need less.",
            "errors are those of least squares without prior knowledge, many samples for each of d; with few, the exact expectation is larger (shown where it differs), and few-shot heads, which shrink, do better than either.",
            "a label, a source label and a pair cost the same.",
        ];
        if (estimate is null) all.Add("signals have variance d (labels) and 1 (each number of a sample): the noises are measured against these.");
        else
        {
            all.Add($"{estimate.Components} principal components stand for a sample, and a task's indicators for its label; sigma and sigma_W are what linear regression leaves unexplained, against what it explains. What only a deep encoder can see counts as noise.");
            all.Add("intervals are of resampled tasks, classes and samples (95 %), not of whether the theory fits; meta-test was not read.");
        }
        if (c.Sets is not null || estimate is null) all.Add("sets: their width falls as 1 / S, as of points spread over a plane; in d dimensions it falls more slowly, as S^(-2/d), and more sets are needed.");
        return all;
    }

    /// <summary>Where the estimate itself says not to lean on it.</summary>
    public static IReadOnlyList<string> Remarks(Advice advice, CaseEstimate? estimate)
    {
        const double LittleExplained = 0.02;
        var (c, all) = (advice.Case, new List<string>());
        if (Math.Min(advice.Errors.Label, advice.Errors.Aligned) >= c.Dimension)
            all.Add(string.Create(CultureInfo.InvariantCulture, $"both errors are above d = {c.Dimension:0.#}, which guessing has: by least squares neither way learns the task from this little. What learns from less (few-shot heads, encoders trained elsewhere) is outside of this theory."));
        if (estimate is null) return all;
        if (Explained(c.LabelNoise * c.LabelNoise / c.Dimension) < LittleExplained) all.Add("what stands for a target sample shows next to nothing of its label: sigma is that or more. A deep encoder may see it: try --model.");
        if (c.Sets is null && Explained(c.PairNoise * c.PairNoise) < LittleExplained) all.Add("what stands for the samples of a pair shows next to nothing of what they share: sigma_W is that or more. Deep encoders may see it: try --model.");
        return all;

        static double Explained(double ratio) => 1 / (1 + ratio);
    }

    private static void Verdict(StringBuilder text, Advice advice, CaseEstimate? estimate)
    {
        var (c, unit) = (advice.Case, advice.Case.Sets is null ? "pairs" : "sets");
        var sure = estimate is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (in {100 * (advice.PrefersAlignment ? estimate.AlignmentPreferred : 1 - estimate.AlignmentPreferred):0} % of the resamples)");
        text.Append(advice.PrefersAlignment ? $"Align{sure}" : $"Learn from the target labels you have; do not count on alignment{sure}");
        if (double.IsFinite(advice.WorthTargets)) text.Append(CultureInfo.InvariantCulture, $": aligning is worth about {advice.WorthTargets:0.#} labelled target samples, you have {c.TargetSamples:0.#}");
        text.Append(advice.BreakEven is { } even ? string.Create(CultureInfo.InvariantCulture, $". It pays from {Math.Ceiling(even):0} {unit} on.\n") : $". No number of {unit} makes it pay: the source labels teach no more than the target's.\n");
        var exact = advice.Expected.Aligned < advice.Expected.Label;
        if (double.IsFinite(Math.Min(advice.Expected.Aligned, advice.Expected.Label)) && exact != advice.PrefersAlignment)
            text.Append(CultureInfo.InvariantCulture, $"The exact expectation says otherwise ({advice.Expected.Label:0.####} by labels, {advice.Expected.Aligned:0.####} by aligning): it is a close call.\n");
    }

    private static string Best(Advice advice, string unit) =>
        advice.Efforts[0].Error < Math.Min(advice.Errors.Label, advice.Errors.Aligned) ? $"Pays best: {Name(advice.Efforts[0].Effort, unit)}.\n" : "None of them changes anything.\n";

    private static string Name(Effort effort, string unit) => effort switch
    {
        Effort.Align => unit,
        Effort.LabelTargets => "labelled target samples",
        _ => "labelled source samples",
    };

    private static void Line(StringBuilder text, string name, double value, Estimate? estimate, string meaning) =>
        text.Append(CultureInfo.InvariantCulture, $"{name,-13} {value,8:0.###}{(estimate is null ? "" : Interval(estimate)),-20}  {meaning}\n");

    private static void Error(StringBuilder text, string way, string formula, double error, Estimate? estimate, double expected) =>
        text.Append(CultureInfo.InvariantCulture, $"  {way,-28} {error,8:0.####}{(estimate is null ? "" : Interval(estimate))}  = {formula}{(expected > 1.05 * error ? $"; exactly expected: {(double.IsFinite(expected) ? expected.ToString("0.####", CultureInfo.InvariantCulture) : "infinite")}" : "")}\n");

    private static string Interval(Estimate e) => string.Create(CultureInfo.InvariantCulture, $" [{e.Low:0.###}, {e.High:0.###}]");
}
