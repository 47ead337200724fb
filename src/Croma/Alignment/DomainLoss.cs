using Croma.Compute;

namespace Croma.Alignment;

/// <summary>
/// Two losses at once: a domain classifier learns to tell the modalities apart, the encoders learn that it cannot. The
/// classifier sees the embeddings as constants and the encoders see the classifier as one, so a step on the sum is a
/// step of each on its own. Pairs are not looked at.
/// </summary>
public abstract class DomainLoss : AlignmentLoss
{
    private protected DomainLoss(int dimension) => Classifier = new DomainClassifier(Layout, dimension);

    internal DomainClassifier Classifier { get; }

    public sealed override Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups) =>
        tape.Add(Classifier.Tell(tape, parameters, source.Detached, target.Detached), ForEncoders(tape, parameters.Frozen, source, target));

    private protected abstract Tensor ForEncoders(Tape tape, ParameterVector frozen, Tensor source, Tensor target);
}

/// <summary>The encoders exchange the domains (Tzeng et al., Adversarial discriminative domain adaptation, 2017).</summary>
/// <param name="dimension">Dimension of the shared space.</param>
public sealed class AdversarialLoss(int dimension) : DomainLoss(dimension)
{
    public override string Name => "adversarial";

    private protected override Tensor ForEncoders(Tape tape, ParameterVector frozen, Tensor source, Tensor target) => Classifier.Deceive(tape, frozen, source, target);
}

/// <summary>The encoders drive the classifier to the uniform distribution (Tzeng et al., Simultaneous deep transfer, 2015).</summary>
/// <param name="dimension">Dimension of the shared space.</param>
public sealed class DomainConfusionLoss(int dimension) : DomainLoss(dimension)
{
    public override string Name => "domain-confusion";

    private protected override Tensor ForEncoders(Tape tape, ParameterVector frozen, Tensor source, Tensor target) => Classifier.Confuse(tape, frozen, source, target);
}
