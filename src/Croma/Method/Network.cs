using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;

namespace Croma.Method;

/// <summary>
/// The shapes of everything that is trained: two encoders into one shared space, a classifier, a loss. Two encoders of
/// one layout are one encoder with two ways in.
/// </summary>
/// <param name="SourceEncoder">e_s.</param>
/// <param name="TargetEncoder">e_t.</param>
/// <param name="Classifier">phi.</param>
/// <param name="AlignmentLoss">What pulls pairs together; may have a parameter of its own.</param>
public sealed record Network(Encoder SourceEncoder, Encoder TargetEncoder, Classifier Classifier, AlignmentLoss AlignmentLoss)
{
    /// <summary>Whether the modalities share one encoder.</summary>
    public bool IsShared => ReferenceEquals(SourceEncoder.Layout, TargetEncoder.Layout);
}

/// <summary>The meta-parameters: e_s, e_t and phi. They have no gradients, so only a meta-update can change them.</summary>
public sealed class MetaParameters : IDisposable
{
    /// <summary>Fresh initial values, a function of the seed alone.</summary>
    public MetaParameters(Network network, ulong seed)
    {
        Network = network;
        SourceEncoder = Fresh(network.SourceEncoder.Layout, seed, "source");
        TargetEncoder = network.IsShared ? SourceEncoder : Fresh(network.TargetEncoder.Layout, seed, "target");
        Classifier = Fresh(network.Classifier.Layout, seed, "classifier");
        AlignmentLoss = Fresh(network.AlignmentLoss.Layout, seed, "alignment");
    }

    private MetaParameters(MetaParameters other)
    {
        Network = other.Network;
        SourceEncoder = other.SourceEncoder.Clone();
        TargetEncoder = Network.IsShared ? SourceEncoder : other.TargetEncoder.Clone();
        (Classifier, AlignmentLoss) = (other.Classifier.Clone(), other.AlignmentLoss.Clone());
    }

    public Network Network { get; }

    /// <summary>e_s.</summary>
    public ParameterVector SourceEncoder { get; }

    /// <summary>e_t; the very same vector as e_s where the encoder is shared.</summary>
    public ParameterVector TargetEncoder { get; }

    /// <summary>phi.</summary>
    public ParameterVector Classifier { get; }

    /// <summary>The alignment loss's own parameters.</summary>
    public ParameterVector AlignmentLoss { get; }

    /// <summary>All of them with the names they have in checkpoints.</summary>
    public IEnumerable<(string Name, ParameterVector Values)> Parts => Network.IsShared
        ? [("shared_encoder", SourceEncoder), ("classifier", Classifier), ("alignment_loss", AlignmentLoss)]
        : [("source_encoder", SourceEncoder), ("target_encoder", TargetEncoder), ("classifier", Classifier), ("alignment_loss", AlignmentLoss)];

    public MetaParameters Clone() => new(this);

    public void CopyFrom(MetaParameters other)
    {
        foreach (var (mine, theirs) in Parts.Zip(other.Parts)) mine.Values.CopyFrom(theirs.Values);
    }

    public void Dispose()
    {
        foreach (var (_, values) in Parts) values.Dispose();
    }

    private static ParameterVector Fresh(ParameterLayout layout, ulong seed, string part)
    {
        var vector = new ParameterVector(layout);
        vector.Initialize(new CounterRandom(seed, CounterRandom.Stream("initial " + part)));
        return vector;
    }
}
