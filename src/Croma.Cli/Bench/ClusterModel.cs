namespace Croma.Cli.Bench;

/// <summary>Tasks of one kind, with what was measured of one. A task starts, and then makes rounds: it computes, and after that reads and writes in the shared folder.</summary>
internal sealed record TaskKind
{
    public required string Name { get; init; }

    /// <summary>How many there are; of a kind that is divided, 1.</summary>
    public required int Count { get; init; }

    /// <summary>Processor time of all rounds of one, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rounds of one: checkpoints of a training, chunks of an encoding.</summary>
    public required int Rounds { get; init; }

    /// <summary>Whether its rounds are divided among as many tasks as there are cores.</summary>
    public bool IsDivided { get; init; }

    /// <summary>Processor time of starting, in seconds.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Read from the shared folder in starting, in megabytes.</summary>
    public required double StartMegabytes { get; init; }

    /// <summary>Files read and written in a round.</summary>
    public required double RoundFiles { get; init; }

    /// <summary>Megabytes read and written in a round.</summary>
    public required double RoundMegabytes { get; init; }
}

/// <summary>A study to be simulated.</summary>
/// <param name="Study">What it is.</param>
/// <param name="Measured">How its numbers were measured.</param>
/// <param name="Kinds">Its tasks.</param>
internal sealed record ScalingStudy(string Study, string Measured, IReadOnlyList<TaskKind> Kinds);

/// <summary>Machines that share a folder and a scheduler.</summary>
/// <param name="Cores">One task each.</param>
/// <param name="StartsPerSecond">Tasks that the scheduler can start.</param>
/// <param name="MegabytesPerSecond">What the folder can read and write, for all together.</param>
/// <param name="SecondsPerFile">What opening, flushing or renaming a file takes the folder, whoever asks.</param>
internal sealed record Cluster(int Cores, double StartsPerSecond, double MegabytesPerSecond, double SecondsPerFile);

/// <summary>What a study takes.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Tasks">Tasks that were started.</param>
/// <param name="Busy">The share of the cores' time in which they compute.</param>
/// <param name="Folder">The share of the time in which the folder works.</param>
internal sealed record SimulatedRun(double Seconds, int Tasks, double Busy, double Folder);
