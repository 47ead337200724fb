using Croma.Algebra;

namespace Croma.Heads;

/// <summary>The nearest class mean (Snell, Swersky and Zemel 2017), here by the squared distance of embeddings of length 1.</summary>
public sealed class PrototypeHead : LinearHead
{
    public override string Name => "prototype";

    public override LinearScores Fit(LabelledEmbeddings support, LabelledEmbeddings? source)
    {
        var means = support.Means();
        // -|x - m|^2 / 2 without |x|^2, which all classes share
        return new LinearScores(means, [.. means.Select(m => -Vectors.Dot(m, m) / 2)]);
    }
}
