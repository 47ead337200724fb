namespace Croma.GradientChecks.Cases;

/// <summary>A named problem; the seed is its own, so that a new case disturbs no other.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Limit">How many elements of a block are checked one by one; the rest along directions.</param>
internal sealed record GradientCase(string Name, Func<Problem> Make, int Limit = 150)
{
    /// <summary>Every check there is, by name.</summary>
    public static IReadOnlyDictionary<string, GradientCase> All { get; } =
        new[] { OperationCases.All, LayerCases.All, ImageCases.All, LossCases.All, EncoderCases.All }.SelectMany(c => c).ToDictionary(c => c.Name);
}
