namespace Croma.Compute.Layers;

/// <summary>
/// Batch normalisation of images (Ioffe and Szegedy 2015), as PyTorch's BatchNorm2d in training: every channel gets
/// mean 0 and variance 1 over all pixels of all images of the batch (biased variance, epsilon 1e-5), then times gamma
/// plus beta. It always uses the batch's own statistics, so an image's result depends on its neighbours; where that
/// must not be, use <see cref="GroupNorm"/>. Gamma starts at 1, beta at 0.
/// </summary>
public sealed class BatchNorm
{
    private readonly Normalization _normalization;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="channels">Channels of x.</param>
    /// <param name="relu">Whether a ReLU follows, fused.</param>
    /// <param name="pool">Whether 2 x 2 maximum pooling with stride 2 follows that, fused.</param>
    public BatchNorm(ParameterLayout layout, string name, int channels, bool relu = false, bool pool = false) =>
        _normalization = new Normalization(layout, name, channels, 0, relu, pool);

    /// <summary>x [count, height, width, channels] to the same shape, or with pooling to half its height and width, rounded down.</summary>
    public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x) => _normalization.Forward(tape, parameters, x);
}
