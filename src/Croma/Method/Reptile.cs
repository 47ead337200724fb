using Croma.Compute;

namespace Croma.Method;

/// <summary>
/// The meta-update of one network (Nichol and Schulman 2018): the meta-parameters move a part of the way to where a
/// task's inner steps led. First-order: no gradient goes through those steps.
/// </summary>
public sealed class Reptile : IDisposable
{
    private readonly Real _metaStepSize;
    private readonly InnerLearner? _adam;

    /// <param name="layout">The network's parameters.</param>
    /// <param name="options">epsilon, and which optimiser uses it.</param>
    public Reptile(ParameterLayout layout, MetaOptions options)
    {
        _metaStepSize = (Real)options.MetaStepSize;
        if (options.MetaOptimizer == MetaOptimizer.Adam)
            _adam = new InnerLearner(layout, new AdamOptions { LearningRate = options.MetaStepSize }, carryOptimizer: true);
    }

    /// <summary>The state of the meta-optimiser, if it has one.</summary>
    public Adam? Optimizer => _adam?.Optimizer;

    /// <summary>
    /// meta &lt;- meta + epsilon (adapted - meta). The task is over, so that adapted may come along: see
    /// <see cref="ParameterVector.MoveTogether"/>.
    /// </summary>
    public void Update(ParameterVector meta, ParameterVector adapted)
    {
        if (_adam == null)
        {
            meta.MoveTogether(adapted, _metaStepSize);
            return;
        }
        _adam.Parameters.CopyFrom(meta);
        for (var i = 0; i < meta.Raw.Length; i++) _adam.Parameters.RawGradients[i] = meta.Raw[i] - adapted.Raw[i];
        _adam.Optimizer.Step(_adam.Parameters);
        meta.CopyFrom(_adam.Parameters);
    }

    public void Dispose() => _adam?.Dispose();
}
