namespace Croma.GradientChecks.Cases;

/// <summary>A named problem; the seed is its own, so that a new case disturbs no other.</summary>
internal sealed record GradientCase(string Name, Func<Problem> Make)
{
    /// <summary>Every check there is, by name.</summary>
    public static IReadOnlyDictionary<string, GradientCase> All { get; } =
        new[] { OperationCases.All, LayerCases.All, LossCases.All, EncoderCases.All }.SelectMany(c => c).ToDictionary(c => c.Name);
}
