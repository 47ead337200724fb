using Croma.Compute;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>What a row of the tables is: something that trains e_t and phi, from which every method then adapts alike.</summary>
public abstract class FewShotMethod : IDisposable
{
    private protected FewShotMethod(MetaParameters meta, MetaOptions options, TrainingData? data, ulong seed)
    {
        (Meta, Options, Seed) = (meta, options, seed);
        (TargetSamples, TargetLabels) = (data?.TargetSamples ?? 0, data?.TargetLabels ?? 0);
    }

    /// <summary>The row's name, as in the paper's tables.</summary>
    public abstract string Name { get; }

    /// <summary>What is trained. Belongs to the caller.</summary>
    public MetaParameters Meta { get; }

    public MetaOptions Options { get; }

    /// <summary>Meta-iterations this method makes; 0 for one that does not train.</summary>
    public virtual int Iterations => Options.Iterations;

    /// <summary>Whether iterations are candidates to choose among on meta-validation, each looked at, rather than steps of one training.</summary>
    public virtual bool IteratesCandidates => false;

    /// <summary>What the candidate is that an iteration made; null where iterations are none.</summary>
    /// <param name="iteration">From 1, as in the learning curve.</param>
    public virtual string? Candidate(int iteration) => null;

    /// <summary>Target samples that were handed over: the column '#Target'.</summary>
    public int TargetSamples { get; }

    /// <summary>Of these, with labels.</summary>
    public int TargetLabels { get; }

    /// <summary>Optimisers whose state outlives an iteration, with the names they have in checkpoints.</summary>
    public virtual IEnumerable<(string Name, Adam Optimizer)> Optimizers => [];

    /// <summary>Networks that serve meta-training only (a decoder, a classifier of all source concepts), with the names they have in checkpoints.</summary>
    public virtual IEnumerable<(string Name, ParameterVector Values)> TrainingParts => [];

    private protected ulong Seed { get; }

    /// <summary>One meta-iteration: a pure function of the state, the options, the seed and <paramref name="iteration"/>.</summary>
    public abstract IterationLosses Iterate(int iteration);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Initial values of a part that serves meta-training only.</summary>
    private protected ParameterVector Fresh(ParameterLayout layout, string part)
    {
        var vector = new ParameterVector(layout);
        vector.Initialize(new CounterRandom(Seed, CounterRandom.Stream("initial " + part)));
        return vector;
    }

    /// <summary>The random stream of one use in one iteration.</summary>
    private protected CounterRandom Random(string use, int iteration) => new(Seed, CounterRandom.Stream(use, iteration));
}

/// <summary>Mean losses of an iteration's inner steps; NaN where a method has no such part.</summary>
/// <param name="Alignment">The loss that learns without labels: alignment, domain confusion, reconstruction.</param>
/// <param name="Classification">The cross-entropy.</param>
public readonly record struct IterationLosses(double Alignment, double Classification);
