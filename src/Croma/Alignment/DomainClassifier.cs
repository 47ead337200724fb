using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Alignment;

/// <summary>Tells from an embedding's direction which modality it came from: a hidden layer with ReLU, then two classes.</summary>
internal sealed class DomainClassifier
{
    private const int Source = 0, Target = 1;

    private readonly Linear _hidden, _output;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="dimension">Dimension of the shared space, and width of the hidden layer.</param>
    public DomainClassifier(ParameterLayout layout, int dimension)
    {
        _hidden = new Linear(layout, "domain.hidden", dimension, dimension, relu: true);
        _output = new Linear(layout, "domain.output", dimension, 2);
    }

    /// <summary>Cross-entropy against the true domains: what the classifier minimises.</summary>
    public Tensor Tell(Tape tape, ParameterVector parameters, Tensor source, Tensor target) =>
        tape.Add(tape.CrossEntropy(Logits(tape, parameters, source), Source), tape.CrossEntropy(Logits(tape, parameters, target), Target));

    /// <summary>Cross-entropy against the other domain: what an encoder minimises to deceive the classifier.</summary>
    public Tensor Deceive(Tape tape, ParameterVector parameters, Tensor source, Tensor target) =>
        tape.Add(tape.CrossEntropy(Logits(tape, parameters, source), Target), tape.CrossEntropy(Logits(tape, parameters, target), Source));

    /// <summary>Cross-entropy against no domain in particular: what an encoder minimises to confuse the classifier.</summary>
    public Tensor Confuse(Tape tape, ParameterVector parameters, Tensor source, Tensor target) =>
        tape.Add(tape.UniformCrossEntropy(Logits(tape, parameters, source)), tape.UniformCrossEntropy(Logits(tape, parameters, target)));

    private Tensor Logits(Tape tape, ParameterVector parameters, Tensor embeddings) =>
        _output.Forward(tape, parameters, _hidden.Forward(tape, parameters, tape.Normalize(embeddings)));
}
