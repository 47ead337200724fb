namespace Croma.Classification;

/// <summary>
/// Probabilities from logits that mean what they say (Guo et al. 2017): softmax(logits / T), T chosen so that labelled
/// samples, which the classifier had not seen, are likeliest.
/// </summary>
public static class TemperatureScaling
{
    private const double Least = 0.05, Most = 20;

    /// <summary>The temperature, from 0.05 to 20.</summary>
    /// <param name="logits">One row a sample.</param>
    /// <param name="labels">Their classes.</param>
    public static double Fit(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels)
    {
        if (logits.Count == 0 || logits.Count != labels.Count) throw new ArgumentException("Temperature scaling needs one or more rows of logits, each with a label.", nameof(labels));
        // the negative log-likelihood is convex in 1 / T: golden sections on its logarithm find the one minimum
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Least), Math.Log(Most));
        while (high - low > 1e-4)
        {
            var (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
            if (Loss(logits, labels, Math.Exp(left)) <= Loss(logits, labels, Math.Exp(right))) high = right;
            else low = left;
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>softmax(logits / T).</summary>
    public static void Apply(ReadOnlySpan<float> logits, double temperature, Span<double> probabilities)
    {
        var (most, total) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits) most = Math.Max(most, logit);
        for (var i = 0; i < logits.Length; i++) total += probabilities[i] = Math.Exp((logits[i] - most) / temperature);
        for (var i = 0; i < logits.Length; i++) probabilities[i] /= total;
    }

    private static double Loss(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels, double temperature)
    {
        var loss = 0.0;
        for (var i = 0; i < logits.Count; i++)
        {
            var most = logits[i].Max();
            loss += Math.Log(logits[i].Sum(l => Math.Exp((l - most) / temperature))) - (logits[i][labels[i]] - most) / temperature;
        }
        return loss;
    }
}
