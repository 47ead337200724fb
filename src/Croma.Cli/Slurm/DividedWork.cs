using Croma.Evaluation;

namespace Croma.Cli.Slurm;

/// <summary>A command's work in parts, each of which a process of its own can make: the same command with the part's number.</summary>
internal sealed record DividedWork
{
    /// <summary>More are no array of a Slurm with its usual MaxArraySize.</summary>
    public const int MostParts = 1000;

    /// <summary>What it is, for progress.</summary>
    public required string Title { get; init; }

    /// <summary>The folder that the parts fill; the state of their jobs is kept in it.</summary>
    public required string Folder { get; init; }

    /// <summary>Parts, numbered from 1.</summary>
    public required int Count { get; init; }

    /// <summary>Whether all that a part makes is there.</summary>
    public required Func<int, bool> IsDone { get; init; }

    /// <summary>A part's stage: it needs what all parts of earlier stages make.</summary>
    public Func<int, int> StageOf { get; init; } = _ => 0;

    /// <summary>A study's runs: a training and all that needs it are in one part, so that no two processes make the same.</summary>
    public static DividedWork Of(string title, string folder, IReadOnlyList<StudyRun[]> groups)
    {
        if (groups.Count > MostParts) throw new CromaException($"This is {groups.Count} trainings, and Slurm's arrays have at most {MostParts} tasks here: take fewer --repeats first, and more then.");
        return new DividedWork
        {
            Title = title, Folder = folder, Count = groups.Count,
            IsDone = part => Array.TrueForAll(groups[part - 1], run => run.IsDone()),
            StageOf = part => groups[part - 1][0].Stage,
        };
    }
}
