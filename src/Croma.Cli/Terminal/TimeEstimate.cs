namespace Croma.Cli.Terminal;

/// <summary>
/// Estimates the time left from the share done since the first report, so that work which is taken up again in its
/// middle is not thought to be fast.
/// </summary>
internal sealed class TimeEstimate(TimeProvider clock)
{
    private static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(2);

    // less than this says nothing about the rest: the first estimate of an hour's work was once a day
    private const double TooLittle = 0.005;

    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private double _first = double.NaN, _share;
    private long _firstAt;

    /// <summary>Tells how much is done.</summary>
    public void Update(double share)
    {
        lock (_lock)
        {
            if (double.IsNaN(_first)) (_first, _firstAt) = share < 0.1 ? (0, _start) : (share, clock.GetTimestamp());
            _share = share;
        }
    }

    /// <summary>"2:05 left", "5:00 in all" at the end, or "" where nothing is known yet.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                if (_share >= 1) return Format(clock.GetElapsedTime(_start)) + " in all";
                var elapsed = clock.GetElapsedTime(_firstAt);
                return _share - _first >= TooLittle && elapsed >= TooEarly ? Format(elapsed * ((1 - _share) / (_share - _first))) + " left" : "";
            }
        }
    }

    private static string Format(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds < 3600 ? $"{seconds / 60}:{seconds % 60:00}" : $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}";
    }
}
