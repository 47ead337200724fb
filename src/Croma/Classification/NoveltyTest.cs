namespace Croma.Classification;

/// <summary>
/// 'None of these' at a stated rate of false alarms, by conformal prediction (Vovk, Gammerman and Shafer 2005). Each known
/// sample has a score of strangeness from a classifier that had not seen it; a new sample's p-value says how many of
/// them are at least as strange.
/// </summary>
/// <remarks>
/// Guaranteed: if a new sample of one of the classes is exchangeable with the known ones, the chance that its p-value is
/// at most alpha is at most alpha, whatever the classifier; where the scores come from cross-validation, at most
/// 2 alpha in the worst case (Barber et al. 2021) and about alpha in practice. The chance is over the known samples as well as
/// the new one. Not guaranteed: how many samples of other classes are noticed, and anything for samples recorded
/// differently from the known ones.
/// </remarks>
public sealed class NoveltyTest
{
    private readonly double[] _rising;

    /// <param name="scores">Strangeness of known samples, one or more.</param>
    public NoveltyTest(IEnumerable<double> scores)
    {
        _rising = [.. scores.Order()];
        if (_rising.Length == 0 || !Array.TrueForAll(_rising, double.IsFinite)) throw new ArgumentException("The test needs finite scores of one or more known samples.", nameof(scores));
    }

    /// <summary>The scores, rising.</summary>
    public IReadOnlyList<double> Scores => _rising;

    /// <summary>The smallest alpha at which the test can say 'none of these' at all: 1 / (n + 1).</summary>
    public double SmallestAlpha => 1.0 / (_rising.Length + 1);

    /// <summary>(1 + known samples at least as strange) / (n + 1).</summary>
    public double PValue(double score)
    {
        var less = Array.BinarySearch(_rising, score);
        if (less < 0) less = ~less;
        while (less > 0 && _rising[less - 1] == score) less--;
        return (1.0 + _rising.Length - less) / (_rising.Length + 1);
    }

    /// <summary>Whether a sample is called 'none of these'.</summary>
    /// <param name="score">Its strangeness.</param>
    /// <param name="alpha">The rate of false alarms, between 0 and 1.</param>
    public bool IsNovel(double score, double alpha) => double.IsNaN(score) || PValue(score) <= alpha;
}
