namespace Croma.Cli.Report.Charts;

/// <summary>A linear or logarithmic axis with round ticks.</summary>
internal sealed class Axis
{
    private readonly double _from, _to;
    private readonly bool _logarithmic;
    private readonly string? _format;

    /// <summary>An axis over <paramref name="low"/> ... <paramref name="high"/>, widened to whole ticks.</summary>
    /// <param name="low">The least value shown.</param>
    /// <param name="high">The greatest.</param>
    /// <param name="from">Where the least lies in the drawing.</param>
    /// <param name="to">Where the greatest lies.</param>
    /// <param name="ticks">About how many intervals.</param>
    /// <param name="widen">Whether the ends are ticks; otherwise the ends are the values themselves.</param>
    /// <param name="logarithmic">Equal ratios take equal lengths; the values are above 0.</param>
    public Axis(double low, double high, double from, double to, int ticks = 5, bool widen = true, bool logarithmic = false)
    {
        (_from, _to, _logarithmic) = (from, to, logarithmic);
        if (!double.IsFinite(low) || !double.IsFinite(high)) throw new ArgumentException($"An axis from {low} to {high} cannot be drawn.", nameof(low));
        if (logarithmic)
        {
            if (low <= 0) throw new ArgumentException($"A logarithmic axis from {low} cannot be drawn.", nameof(low));
            if (high - low < 1e-9 * high) (low, high) = (low / 2, high * 2);
            // decades, or 1, 2 and 5 of each where there are few
            double[] digits = high / low > 1000 ? [1] : [1, 2, 5];
            var all = Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2).SelectMany(power => digits.Select(d => d * Math.Pow(10, power))).ToList();
            (Low, High) = widen ? (all.Last(t => t <= low * (1 + 1e-9)), all.First(t => t >= high * (1 - 1e-9))) : (low, high);
            Ticks = [.. all.Where(t => t >= Low * (1 - 1e-9) && t <= High * (1 + 1e-9))];
            return;
        }
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high))) (low, high) = (low - 0.5, high + 0.5);
        var step = RoundStep((high - low) / ticks);
        (Low, High) = widen ? (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step) : (low, high);
        var first = (int)Math.Ceiling(Low / step - 1e-9);
        var last = (int)Math.Floor(High / step + 1e-9);
        Ticks = [.. Enumerable.Range(first, last - first + 1).Select(i => i * step)];
        _format = step >= 1 ? "0" : "0." + new string('0', (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
    }

    /// <summary>The least value.</summary>
    public double Low { get; }

    /// <summary>The greatest value.</summary>
    public double High { get; }

    /// <summary>Where numbers are written, in rising order.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A value's place in the drawing.</summary>
    public double this[double value] => _from + (_logarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low)) * (_to - _from);

    /// <summary>A tick's number with as many digits as the ticks need.</summary>
    public string Format(double tick) => tick.ToString(_format ?? "0.######");

    /// <summary>1, 2 or 5 times a power of ten, at least <paramref name="step"/>.</summary>
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 };
    }
}
