using Croma.Compute;

namespace Croma.Encoders;

/// <summary>A network from the shared space back to the samples of one modality. Like an encoder it holds no numbers.</summary>
public abstract class Decoder
{
    /// <summary>Names and shapes of its parameters.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>The mean squared error between a batch and what is reconstructed of it, 1 x 1.</summary>
    /// <param name="tape">Where it is recorded.</param>
    /// <param name="parameters">A vector of <see cref="Layout"/>.</param>
    /// <param name="embeddings">What the encoder made of the batch [batch, dimension].</param>
    /// <param name="batch">The samples.</param>
    /// <param name="random">Decides where a sequence's decoder is forced.</param>
    public abstract Tensor Loss(Tape tape, ParameterVector parameters, Tensor embeddings, InputBatch batch, CounterRandom random);
}
