using Croma.Configuration;

namespace Croma.Cli.Report;

/// <summary>What the rows' names mean to a reader.</summary>
public static class MethodNames
{
    /// <summary>The method the report is about.</summary>
    internal const string Croma = "croma";

    private static readonly Dictionary<string, string> s_titles = new(StringComparer.Ordinal)
    {
        [Croma] = "CroMA",
        ["croma-weak"] = "CroMA, weak pairs",
        ["unsupervised-meta-reconstruct"] = "Unsupervised meta-learning, reconstruct",
        ["unsupervised-meta-weak-labels"] = "Unsupervised meta-learning, weak labels",
        ["shared"] = "Domain adaptation: Shared",
        ["shared-align"] = "Shared + Align",
        ["shared-domain-confusion"] = "Shared + Domain confusion",
        ["shared-target-labels"] = "Shared + Target labels",
        ["align-classify"] = "Align + Classify",
        ["align-classify-adversarial"] = "Align + Classify (adversarial)",
        ["align-classify-cycle"] = "Align + Classify (cycle)",
        ["no-align"] = "No align",
        ["unimodal-pretraining"] = "Unimodal fine-tuning",
        ["untrained-wide"] = $"Untrained projection to {Profiles.WideProjection} numbers",
        ["align-meta-classify"] = "Align + Meta Classify",
        ["oracle"] = "Oracle (within modality)",
        ["align-procrustes"] = "Align by rotation (Procrustes)",
        ["align-regression"] = "Align by low-rank ridge regression",
        ["align-correlation"] = "Align by canonical correlation",
    };

    /// <summary>As the paper calls the method; its own name where there is no other.</summary>
    public static string Title(string method) => s_titles.GetValueOrDefault(method, method);
}
