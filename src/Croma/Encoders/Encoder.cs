using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// A network from one modality into the shared space: e_s or e_t. It holds no numbers: parameters are handed in, so
/// that one encoder serves meta-parameters, a task's copy and every thread.
/// </summary>
public abstract class Encoder
{
    /// <param name="layout">A layout shared with another encoder; null: its own.</param>
    private protected Encoder(ParameterLayout? layout = null) => Layout = layout ?? new ParameterLayout();

    /// <summary>Names and shapes of its parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Dimension of the shared space.</summary>
    public abstract int Dimension { get; }

    /// <summary>The share of numbers that a step of training leaves out behind each of its blocks. Default 0: it has no dropout.</summary>
    public virtual double Dropout => 0;

    /// <summary>The last layer where training starts from outputs of mean 0 and deviation 1 over samples; null: it starts as drawn.</summary>
    internal virtual Linear? ScaledAtStart => null;

    /// <summary>A batch to its embeddings [batch, Dimension].</summary>
    public abstract Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch);
}
