using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// The shared space to images or clips: a pyramid of <see cref="ConvEncoder"/> the other way round. A linear layer, then
/// blocks that enlarge the picture to the size the encoder had there (nearest pixel) and convolve it: that leaves no
/// checkerboard, as transposed convolutions do (Odena, Dumoulin and Olah 2016).
/// </summary>
public sealed class ConvDecoder : Decoder
{
    private const int PanelWidth = 16;

    private readonly PixelShape _shape;
    private readonly int _filters, _blocks;
    private readonly Linear _linear;
    private readonly (Conv2d Convolution, GroupNorm? Normalization)[] _steps;

    /// <param name="dimension">Dimension of the shared space.</param>
    /// <param name="shape">What the encoder sees of a sample.</param>
    /// <param name="filters">Channels of the encoder's first block, a multiple of 16.</param>
    /// <param name="blocks">The encoder's blocks.</param>
    public ConvDecoder(int dimension, PixelShape shape, int filters, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        if (filters < 1 || filters % PanelWidth != 0) throw new ArgumentOutOfRangeException(nameof(filters), $"The filters of a convolutional decoder are a multiple of {PanelWidth}, not {filters}.");
        (_shape, _filters, _blocks) = (shape, filters, blocks);
        _linear = new Linear(Layout, "linear", dimension, (shape.Height >> blocks) * (shape.Width >> blocks) * (filters << (blocks - 1)));
        _steps = [.. Enumerable.Range(0, blocks).Reverse().Select(i => (
            new Conv2d(Layout, $"conv.{i}", filters << i, i == 0 ? shape.Channels : filters << (i - 1), bias: i == 0),
            i == 0 ? null : ImageNorm.Create(Layout, $"norm.{i}", filters << (i - 1))))];
    }

    public override Tensor Loss(Tape tape, ParameterVector parameters, Tensor embeddings, InputBatch batch, CounterRandom random)
    {
        var truth = _shape.Read(tape, batch);
        var (height, width, channels) = (_shape.Height >> _blocks, _shape.Width >> _blocks, _filters << (_blocks - 1));
        var start = tape.Relu(_linear.Forward(tape, parameters, embeddings));
        var x = new ImageBatch(start.Reshape(batch.Count * height * width, channels), batch.Count, height, width);
        for (var i = 0; i < _blocks; i++)
        {
            var (convolution, normalization) = _steps[i];
            var halvings = _blocks - 1 - i;
            x = convolution.Forward(tape, parameters, tape.Resize(x, _shape.Height >> halvings, _shape.Width >> halvings));
            if (normalization != null) x = normalization.Forward(tape, parameters, x);
        }
        return tape.MeanSquaredError(x.Tensor, truth.Tensor);
    }
}
