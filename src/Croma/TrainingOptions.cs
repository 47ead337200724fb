using Croma.Configuration;
using Microsoft.Extensions.Logging;

namespace Croma;

/// <summary>What is trained, and how.</summary>
public sealed record TrainingOptions
{
    /// <summary>One of <see cref="Baselines.Methods.Names"/>. Default "croma".</summary>
    public string Method { get; init; } = "croma";

    /// <summary>Sizes and hyperparameters, as <see cref="Profiles.Get"/> has them; null (default): the profile "paper" for the method.</summary>
    public TrainingConfiguration? Configuration { get; init; }

    /// <summary>Draws everything random. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; the model does not depend on it. A training step uses up to two, looks at meta-validation all. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Rate at which target labels are made wrong, for methods that read them (section 5.4). Default 0.</summary>
    public double LabelNoise { get; init; }

    /// <summary>Where a checkpoint is written at every look at meta-validation, and taken up from if it is of this very training; null (default): none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>
    /// A folder of its own where losses and accuracies are logged as they come: log.csv, a row an iteration, and event files for
    /// TensorBoard; null (default): nowhere.
    /// </summary>
    public string? LogFolder { get; init; }

    /// <summary>
    /// How often a training whose numbers went wrong (NaN, infinity) goes back to its last checkpoint and on with half the rates, before it
    /// fails; needs <see cref="CheckpointFile"/>. Default 0.
    /// </summary>
    public int Rollbacks { get; init; }

    /// <summary>Told of start, looks at meta-validation and end; null (default): nobody.</summary>
    public ILogger? Logger { get; init; }
}
