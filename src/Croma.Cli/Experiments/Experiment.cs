using Croma.Datasets.UdhrSpeech;

namespace Croma.Cli.Experiments;

/// <summary>How much of an experiment is run.</summary>
internal enum Scale
{
    /// <summary>Everything once, as small as it goes: whether it works, not what comes out.</summary>
    Smoke,

    /// <summary>Figures with intervals on two cores within the hour.</summary>
    Small,

    /// <summary>The paper's setting.</summary>
    Full,
}

/// <summary>A table or figure of the paper that can be run.</summary>
internal abstract class Experiment
{
    /// <summary>Those there are, the synthetic ones first.</summary>
    public static IReadOnlyList<Experiment> All { get; } = [new Figure8(), new AppendixE(), new Table2TextSpeech(), new Table2ImageAudio(), new Table2TextImage(), new Table4(), new Figure7(), new Ablations(), new BeyondThePaper()];

    /// <summary>What `croma reproduce` calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, with its place in the paper.</summary>
    public abstract string Title { get; }

    /// <summary>The data set that it takes where none is named.</summary>
    public virtual string DefaultData => Path.Combine("data", UdhrSpeechRecipe.Name);

    /// <summary>What it should show.</summary>
    public abstract string Expectation { get; }

    /// <summary>What there is to do, and what it comes to.</summary>
    public abstract Study Plan(ExperimentContext context);
}

/// <summary>What an experiment works with.</summary>
internal sealed record ExperimentContext
{
    public required Scale Scale { get; init; }

    /// <summary>Trainings of each method; null: as many as the scale says.</summary>
    public int? Repeats { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Threads of a study that is one piece of work.</summary>
    public required int Threads { get; init; }

    /// <summary>Where results and runs are kept; experiments that share it share their runs.</summary>
    public required string Folder { get; init; }

    /// <summary>The data set's folder, for experiments that need one.</summary>
    public required string Data { get; init; }

    /// <summary>The data set's name, once it is open.</summary>
    public string? Dataset { get; init; }

    /// <summary>The scale's profile, once the data set is open.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether the data set has weak pairs only.</summary>
    public bool WeakPairs { get; init; }

    /// <summary>A folder with a METHOD.json of each method that was tuned; null: none was.</summary>
    public required string? Tuned { get; init; }
}
