using Microsoft.Extensions.Logging;

namespace Croma.Method;

/// <summary>What a training run says to a logger.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Training {Method} on {Dataset}, seed {Seed}: {Iterations} iterations")]
    public static partial void Started(ILogger logger, string method, string dataset, ulong seed, int iterations);

    [LoggerMessage(2, LogLevel.Information, "Going on from the checkpoint {File} at iteration {Iteration}")]
    public static partial void Resumed(ILogger logger, string file, int iteration);

    [LoggerMessage(3, LogLevel.Information, "Iteration {Iteration} of {Iterations}: {Accuracy:F1} % on meta-validation")]
    public static partial void Looked(ILogger logger, int iteration, int iterations, double accuracy);

    [LoggerMessage(4, LogLevel.Information, "Stopped at iteration {Iteration}")]
    public static partial void Stopped(ILogger logger, int iteration);

    [LoggerMessage(5, LogLevel.Information, "Trained: best at iteration {Iteration}, {Accuracy:F1} % on meta-validation")]
    public static partial void Ended(ILogger logger, int iteration, double accuracy);

    [LoggerMessage(6, LogLevel.Warning, "Going back to the last checkpoint with half the rates ({Halvings} times now): {Reason}")]
    public static partial void WentBack(ILogger logger, int halvings, string reason);
}
