using System.Text.Json.Serialization;

namespace Croma.Classification;

/// <summary>How often a classifier is right, estimated on samples that it had not seen.</summary>
/// <param name="Right">Samples it got right.</param>
/// <param name="Samples">Samples.</param>
public sealed record AccuracyEstimate(int Right, int Samples)
{
    // of the standard normal
    private const double Quantile975 = 1.959963984540054;

    /// <summary>The share that was right.</summary>
    [JsonIgnore]
    public double Accuracy => (double)Right / Samples;

    /// <summary>
    /// Wilson's 95 % interval (1927). It covers the luck of these samples; samples of one cross-validation are not
    /// independent of each other, so it is somewhat narrow.
    /// </summary>
    [JsonIgnore]
    public (double Low, double High) Interval
    {
        get
        {
            var (n, p, z2) = (Samples, Accuracy, Quantile975 * Quantile975);
            var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
            var half = Quantile975 / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
            return (Math.Max(0, centre - half), Math.Min(1, centre + half));
        }
    }
}
