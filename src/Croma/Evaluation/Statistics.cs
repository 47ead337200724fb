namespace Croma.Evaluation;

/// <summary>Mean, spread and confidence of repeated measurements.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">Sample standard deviation (n - 1); NaN for one repeat.</param>
/// <param name="Low">Lower end of the 95 % confidence interval of the mean (Student's t); NaN for one repeat.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Repeats">How many measurements.</param>
public sealed record Summary(double Mean, double StandardDeviation, double Low, double High, int Repeats)
{
    /// <summary>Summarises one value a repeat.</summary>
    public static Summary Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("There is nothing to summarise.", nameof(values));
        var mean = values.Average();
        if (values.Count == 1) return new Summary(mean, double.NaN, double.NaN, double.NaN, 1);
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        var half = StudentT.Quantile(0.975, values.Count - 1) * deviation / Math.Sqrt(values.Count);
        return new Summary(mean, deviation, mean - half, mean + half, values.Count);
    }
}

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    /// <summary>P(T &lt;= t) with the given degrees of freedom.</summary>
    public static double Cumulative(double t, double degrees)
    {
        var tail = 0.5 * RegularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
        return t >= 0 ? 1 - tail : tail;
    }

    /// <summary>The t with P(T &lt;= t) = <paramref name="probability"/>, by bisection.</summary>
    public static double Quantile(double probability, double degrees)
    {
        if (probability is <= 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(probability));
        var (low, high) = (-1e4, 1e4);
        for (var i = 0; i < 200 && high - low > 1e-13 * Math.Max(1, Math.Abs(low)); i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle, degrees) < probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The two-sided p-value of a paired t-test: are a and b, measured on the same repeats, different?</summary>
    public static double PairedTest(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count || a.Count < 2) throw new ArgumentException("A paired test needs two or more values a side, equally many.", nameof(b));
        double[] differences = [.. a.Zip(b, (x, y) => x - y)];
        var summary = Summary.Of(differences);
        if (summary.StandardDeviation == 0) return summary.Mean == 0 ? 1 : 0;
        var t = summary.Mean / (summary.StandardDeviation / Math.Sqrt(a.Count));
        return 2 * (1 - Cumulative(Math.Abs(t), a.Count - 1));
    }

    /// <summary>Holm's (1979) step-down correction: the p-values of several tests, each raised so that one wrong finding among all stays as rare as said.</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var (corrected, greatest) = (new double[p.Count], 0.0);
        foreach (var (rank, i) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).Index())
            corrected[i] = greatest = Math.Max(greatest, Math.Min(1, p[i] * (p.Count - rank)));
        return corrected;
    }

    /// <summary>I_x(a, b) by Lentz's continued fraction (Press et al., Numerical Recipes, 6.4).</summary>
    private static double RegularizedBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1) return x <= 0 ? 0 : 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - RegularizedBeta(1 - x, b, a);
        var front = Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) - LogBeta(a, b)) / a;
        var (c, d) = (1.0, 1 / NotZero(1 - (a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m < 300; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            fraction *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            fraction *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15) break;
        }
        return front * fraction;
    }

    private static double NotZero(double x) => Math.Abs(x) < 1e-300 ? 1e-300 : x;

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Lanczos's approximation, g = 7, nine terms: 15 digits.</summary>
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> p =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        var sum = p[0];
        for (var i = 1; i < p.Length; i++) sum += p[i] / (x - 1 + i);
        var t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
