using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>phi: ReLU, then one linear layer from the shared space to the classes; the same for both modalities.</summary>
public sealed class Classifier
{
    private readonly Linear _linear;

    /// <param name="dimension">Dimension of the shared space.</param>
    /// <param name="ways">Classes of a task.</param>
    public Classifier(int dimension, int ways)
    {
        _linear = new Linear(Layout, "linear", dimension, ways);
        Ways = ways;
    }

    public ParameterLayout Layout { get; } = new();

    public int Ways { get; }

    /// <summary>Embeddings [batch, dimension] to logits [batch, ways].</summary>
    public Tensor Classify(Tape tape, ParameterVector parameters, Tensor embeddings) =>
        _linear.Forward(tape, parameters, tape.Relu(embeddings));
}
