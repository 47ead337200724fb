using Croma.Compute;

namespace Croma.Method;

/// <summary>Which optimisers outlive an iteration and so belong into a checkpoint.</summary>
internal static class TrainingState
{
    public static IEnumerable<(string Name, Adam Optimizer)> Of(MetaOptions options, params (string Name, InnerLearner Inner, Reptile Meta)[] parts)
    {
        foreach (var (name, inner, meta) in parts)
        {
            if (options.CarryOptimizer) yield return (name + ".inner", inner.Optimizer);
            if (meta.Optimizer is { } optimizer) yield return (name + ".meta", optimizer);
        }
    }
}
