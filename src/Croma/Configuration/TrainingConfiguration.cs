using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Configuration;

/// <summary>When and on what the best iteration is chosen: always meta-validation concepts, never meta-test.</summary>
public sealed record SelectionOptions
{
    /// <summary>Iterations between two looks at meta-validation. Default 50.</summary>
    public int Every { get; init; } = 50;

    /// <summary>Tasks a look. Default 8.</summary>
    public int Tasks { get; init; } = 8;

    /// <summary>Shots a class. Default 5.</summary>
    public int Shots { get; init; } = 5;

    /// <summary>Queries a class. Default 10.</summary>
    public int Queries { get; init; } = 10;
}

/// <summary>Everything that determines a training run besides data, method and seed: one JSON file.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>The profile it started from.</summary>
    public string Profile { get; init; } = "paper";

    public EncoderOptions Encoders { get; init; } = new();

    public InputOptions Input { get; init; } = new();

    public MetaOptions Training { get; init; } = new();

    public AdaptationOptions Adaptation { get; init; } = new();

    public SelectionOptions Selection { get; init; } = new();
}
