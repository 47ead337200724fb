namespace Croma.Cli.Terminal;

/// <summary>Progress for a file or a pipe: a line at once, then at most one every ten seconds, and one at the end.</summary>
internal sealed class ProgressLines(string title, TimeEstimate estimate, TimeProvider clock, Action<string> write)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _last;
    private bool _ended;

    public void Report(Step step)
    {
        lock (_lock)
        {
            estimate.Update(step.Share);
            var ends = step.Share >= 1;
            if (_ended || (!ends && _last is { } last && clock.GetElapsedTime(last) < Interval)) return;
            (_last, _ended) = (clock.GetTimestamp(), ends);
            string[] parts = [title, $"{Math.Floor(100 * step.Share)} %", estimate.Text, step.Note];
            write(string.Join(", ", parts.Where(p => p.Length > 0)));
        }
    }
}
