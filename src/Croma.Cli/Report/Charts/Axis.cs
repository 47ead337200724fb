namespace Croma.Cli.Report.Charts;

/// <summary>A linear axis with round ticks.</summary>
internal sealed class Axis
{
    private readonly double _from, _to;

    /// <summary>An axis over <paramref name="low"/> ... <paramref name="high"/>, widened to whole ticks.</summary>
    /// <param name="low">The least value shown.</param>
    /// <param name="high">The greatest.</param>
    /// <param name="from">Where the least lies in the drawing.</param>
    /// <param name="to">Where the greatest lies.</param>
    /// <param name="ticks">About how many intervals.</param>
    /// <param name="widen">Whether the ends are ticks; otherwise the ends are the values themselves.</param>
    public Axis(double low, double high, double from, double to, int ticks = 5, bool widen = true)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high)) throw new ArgumentException($"An axis from {low} to {high} cannot be drawn.", nameof(low));
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high))) (low, high) = (low - 0.5, high + 0.5);
        (_from, _to) = (from, to);
        var step = RoundStep((high - low) / ticks);
        (Low, High) = widen ? (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step) : (low, high);
        var first = (int)Math.Ceiling(Low / step - 1e-9);
        var last = (int)Math.Floor(High / step + 1e-9);
        Ticks = [.. Enumerable.Range(first, last - first + 1).Select(i => i * step)];
        _format = step >= 1 ? "0" : "0." + new string('0', (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
    }

    private readonly string _format;

    /// <summary>The least value.</summary>
    public double Low { get; }

    /// <summary>The greatest value.</summary>
    public double High { get; }

    /// <summary>Where numbers are written, in rising order.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A value's place in the drawing.</summary>
    public double this[double value] => _from + (value - Low) / (High - Low) * (_to - _from);

    /// <summary>A tick's number with as many digits as the ticks need.</summary>
    public string Format(double tick) => tick.ToString(_format);

    /// <summary>1, 2 or 5 times a power of ten, at least <paramref name="step"/>.</summary>
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 };
    }
}
