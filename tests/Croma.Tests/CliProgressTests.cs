using Croma.Cli.Terminal;

namespace Croma.Tests;

/// <summary>Progress where standard error is no terminal, and the time left.</summary>
public sealed class CliProgressTests
{
    private readonly Clock _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Lines_come_at_once_then_every_ten_seconds_and_once_at_the_end()
    {
        var lines = new ProgressLines("Work", new TimeEstimate(_clock), _clock, _lines.Add);
        for (var second = 0; second <= 25; second++)
        {
            lines.Report(new Step(second / 25.0, second < 25 ? "on it" : ""));
            if (second < 25) _clock.Seconds++;
        }
        lines.Report(new Step(1, ""));
        Assert.Equal(["Work, 0 %, on it", "Work, 40 %, 0:15 left, on it", "Work, 80 %, 0:05 left, on it", "Work, 100 %, 0:25 in all"], _lines);
    }

    [Fact]
    public void Time_left_counts_from_where_work_was_taken_up()
    {
        var estimate = new TimeEstimate(_clock);
        estimate.Update(0.5);
        Assert.Equal("", estimate.Text);
        _clock.Seconds = 60;
        estimate.Update(0.6);
        Assert.Equal("4:00 left", estimate.Text);
    }

    [Fact]
    public void Too_little_done_gives_no_estimate_at_all()
    {
        var estimate = new TimeEstimate(_clock);
        _clock.Seconds = 10;
        estimate.Update(0.0004);
        Assert.Equal("", estimate.Text);
    }

    [Fact]
    public void Hours_are_written_as_hours()
    {
        var estimate = new TimeEstimate(_clock);
        _clock.Seconds = 3600;
        estimate.Update(0.05);
        Assert.Equal("19:00:00 left", estimate.Text);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
