using Croma.Cli.Bench;

namespace Croma.Tests;

/// <summary>croma bench scaling where what comes out can be worked out by hand.</summary>
public sealed class ClusterSimulationTests
{
    private static readonly TaskKind s_training = new() { Name = "training", Count = 12, Seconds = 100, Rounds = 10, StartSeconds = 2, StartMegabytes = 5, RoundFiles = 3, RoundMegabytes = 1 };

    // a second a megabyte; a file costs nothing
    private static readonly Cluster s_slowFolder = new(1, 1000, 1, 0);
    private static readonly Cluster s_noFolder = new(1, double.PositiveInfinity, double.PositiveInfinity, 0);

    [Theory]
    [InlineData(1, 12 * 102, 1)]
    [InlineData(4, 3 * 102, 1)]
    [InlineData(5, 3 * 102, 0.8)]
    [InlineData(12, 102, 1)]
    [InlineData(24, 102, 0.5)]
    public void Cores_share_the_tasks_where_nothing_else_limits(int cores, double seconds, double busy)
    {
        var run = ClusterSimulation.Run([s_training], s_noFolder with { Cores = cores });
        Assert.Equal(seconds, run.Seconds, 1e-9);
        Assert.Equal(busy, run.Busy, 1e-9);
    }

    [Fact]
    public void A_task_waits_for_what_it_reads_and_writes()
    {
        var run = ClusterSimulation.Run([s_training with { Count = 1 }], s_slowFolder with { SecondsPerFile = 0.1 });
        // the start: 2 s, a file and 5 MB; rounds: 10 s, 3 files and 1 MB
        Assert.Equal(2 + 0.1 + 5 + 10 * (10 + 0.3 + 1), run.Seconds, 1e-9);
        Assert.Equal((5.1 + 13) / run.Seconds, run.Folder, 1e-9);
    }

    [Fact]
    public void The_folder_serves_one_after_the_other_however_many_cores_there_are()
    {
        var kinds = new[] { s_training with { Count = 1000, Seconds = 10 } };
        var run = ClusterSimulation.Run(kinds, s_slowFolder with { Cores = 1000, StartsPerSecond = double.PositiveInfinity });
        Assert.InRange(run.Seconds, 1000 * 15, 1000 * 15 + 20);
        Assert.Equal("shared folder", ClusterSimulation.Limit(kinds, s_slowFolder with { Cores = 1000 }));
    }

    [Fact]
    public void The_scheduler_starts_no_faster_than_it_can()
    {
        var kinds = new[] { s_training with { Count = 1000, Seconds = 1, StartSeconds = 0 } };
        var cluster = s_noFolder with { Cores = 1000, StartsPerSecond = 2 };
        Assert.Equal(999 / 2.0 + 1, ClusterSimulation.Run(kinds, cluster).Seconds, 1e-9);
        Assert.Equal("scheduler", ClusterSimulation.Limit(kinds, cluster));
    }

    [Fact]
    public void A_long_task_ends_last_and_the_few_cores_of_many_tasks_limit()
    {
        TaskKind[] kinds = [s_training, s_training with { Name = "long", Count = 1, Seconds = 5000 }];
        Assert.Equal("longest task", ClusterSimulation.Limit(kinds, s_noFolder with { Cores = 16 }));
        Assert.Equal(5002, ClusterSimulation.Run(kinds, s_noFolder with { Cores = 16 }).Seconds, 1e-9);
        Assert.Equal("cores", ClusterSimulation.Limit([s_training], s_noFolder with { Cores = 4 }));
    }

    [Fact]
    public void What_is_divided_has_a_task_a_core_and_no_more_than_rounds()
    {
        TaskKind[] encoding = [s_training with { Count = 1, Rounds = 10, IsDivided = true }];
        Assert.Equal((4, 2 + 3 * 10.0), Divide(4));
        Assert.Equal((10, 2 + 10.0), Divide(64));

        (int, double) Divide(int cores) => ClusterSimulation.Run(encoding, s_noFolder with { Cores = cores }) is var run ? (run.Tasks, run.Seconds) : default;
    }
}
