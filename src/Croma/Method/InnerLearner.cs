using Croma.Compute;

namespace Croma.Method;

/// <summary>A task's own copy of one network's parameters and the optimiser that moves it: e~ or phi~ in Algorithm 1.</summary>
public sealed class InnerLearner : IDisposable
{
    private readonly bool _carryOptimizer;

    /// <param name="layout">The network's parameters.</param>
    /// <param name="options">The inner optimiser.</param>
    /// <param name="carryOptimizer">Whether the optimiser's state outlives a task.</param>
    public InnerLearner(ParameterLayout layout, AdamOptions options, bool carryOptimizer = false)
    {
        Parameters = new ParameterVector(layout, trainable: true);
        Optimizer = new Adam(layout, options);
        Parameters.Optimizer = Optimizer;
        _carryOptimizer = carryOptimizer;
    }

    public ParameterVector Parameters { get; }

    /// <summary>The same numbers as constants, for prediction.</summary>
    public ParameterVector Frozen => Parameters.Frozen;

    public Adam Optimizer { get; }

    /// <summary>Starts a task from the meta-parameters, which stay as they are.</summary>
    public void StartFrom(ParameterVector meta)
    {
        Parameters.CopyFrom(meta);
        Parameters.ClearGradients();
        if (!_carryOptimizer) Optimizer.Reset();
    }

    /// <summary>Ends one gradient step, most of which the backward pass has taken already.</summary>
    public void Step() => Optimizer.Step(Parameters);

    public void Dispose()
    {
        Parameters.Dispose();
        Optimizer.Dispose();
    }
}
