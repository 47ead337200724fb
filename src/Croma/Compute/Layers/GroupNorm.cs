namespace Croma.Compute.Layers;

/// <summary>
/// Group normalisation of images (Wu and He 2018), as PyTorch's GroupNorm: in every image each group of neighbouring
/// channels gets mean 0 and variance 1 over its pixels (biased variance, epsilon 1e-5), then each channel times gamma
/// plus beta. An image's result does not depend on its neighbours in the batch. Gamma starts at 1, beta at 0.
/// </summary>
public sealed class GroupNorm
{
    private readonly Normalization _normalization;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="channels">Channels of x.</param>
    /// <param name="groups">Groups of channels; divides the channels.</param>
    /// <param name="relu">Whether a ReLU follows, fused.</param>
    /// <param name="pool">Whether 2 x 2 maximum pooling with stride 2 follows that, fused.</param>
    public GroupNorm(ParameterLayout layout, string name, int channels, int groups, bool relu = false, bool pool = false)
    {
        if (groups < 1 || channels % groups != 0) throw new ArgumentOutOfRangeException(nameof(groups), $"The {channels} channels of '{name}' cannot be divided into {groups} equal groups.");
        _normalization = new Normalization(layout, name, channels, groups, relu, pool);
    }

    /// <summary>x [count, height, width, channels] to the same shape, or with pooling to half its height and width, rounded down.</summary>
    public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x) => _normalization.Forward(tape, parameters, x);
}
