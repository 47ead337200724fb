using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// Images, or clips of sound as pictures, to the shared space: blocks of 3 x 3 convolution, normalisation, ReLU and 2 x 2
/// maximum pooling, then a linear layer. Plain it is the four-block network of few-shot learning (Vinyals et al. 2016;
/// Snell et al. 2017); as a pyramid channels double from block to block and the last ones are averaged over the image;
/// with residuals a block is followed by two more convolutions and a shortcut around them (He et al. 2016). It
/// normalises groups of channels within each image, not the batch: a query's answer must not depend on its neighbours.
/// </summary>
public sealed class ConvEncoder : Encoder
{
    private readonly PixelShape _shape;
    private readonly Block[] _blocks;
    private readonly bool _pyramid;
    private readonly Linear _projection;

    /// <param name="height">Pixels from top to bottom, at least 2 to the power of <paramref name="blocks"/>.</param>
    /// <param name="width">Pixels from left to right, likewise.</param>
    /// <param name="channels">Numbers a pixel: 3 for colour.</param>
    /// <param name="filters">Channels of every block. The network of the literature has 64.</param>
    /// <param name="blocks">Blocks, each halving height and width. The network of the literature has 4.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public ConvEncoder(int height, int width, int channels, int filters, int blocks, int dimension)
        : this(new PixelShape(height, width, channels), filters, blocks, dimension, pyramid: false, residual: false) { }

    /// <param name="shape">What it sees of a sample.</param>
    /// <param name="filters">Channels of the first block.</param>
    /// <param name="blocks">Blocks, each halving height and width.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    /// <param name="pyramid">Whether channels double from block to block and the last ones are averaged over the image.</param>
    /// <param name="residual">Whether each block has two more convolutions with a shortcut.</param>
    /// <param name="dropout">The share of numbers that training leaves out behind each block, from 0 to below 1. Default 0.</param>
    public ConvEncoder(PixelShape shape, int filters, int blocks, int dimension, bool pyramid, bool residual, double dropout = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        if (blocks > 30 || shape.Height >> blocks == 0 || shape.Width >> blocks == 0)
            throw new ArgumentOutOfRangeException(nameof(blocks), $"{blocks} blocks would halve images of {shape.Height} x {shape.Width} pixels to nothing.");
        (_shape, _pyramid, Dimension, Dropout) = (shape, pyramid, dimension, dropout);
        int Filters(int block) => pyramid ? filters << block : filters;
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new Block(Layout, i, i == 0 ? shape.Channels : Filters(i - 1), Filters(i), residual))];
        var last = Filters(blocks - 1);
        _projection = new Linear(Layout, "projection", pyramid ? last : (shape.Height >> blocks) * (shape.Width >> blocks) * last, dimension);
    }

    public override int Dimension { get; }

    public override double Dropout { get; }

    internal override Linear? ScaledAtStart => _projection;

    /// <summary>Whether a sample is a sequence of frames rather than one.</summary>
    public bool TakesClips => _shape.IsClip;

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var x = _shape.Read(tape, batch);
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(tape, parameters, x);
            // an encoder that stands still has nothing to be kept from learning by heart
            if (batch.Noise is { } noise && parameters.IsTrained)
                x = new ImageBatch(tape.Dropout(x.Tensor, Dropout, CounterRandom.Stream("dropout", (long)noise, i)), x.Count, x.Height, x.Width);
        }
        return _projection.Forward(tape, parameters, _pyramid ? tape.GlobalAveragePool(x) : tape.Flatten(x));
    }

    private sealed class Block
    {
        private readonly Conv2d _convolution;
        private readonly GroupNorm _normalization;
        private readonly (Conv2d Convolution, GroupNorm Normalization)[] _detour = [];

        public Block(ParameterLayout layout, int number, int inputs, int filters, bool residual)
        {
            (_convolution, _normalization) = (new Conv2d(layout, $"conv.{number}", inputs, filters, bias: false), ImageNorm.Create(layout, $"norm.{number}", filters, pool: true));
            if (!residual) return;
            _detour =
            [
                (new Conv2d(layout, $"residual.{number}.conv.0", filters, filters, bias: false), ImageNorm.Create(layout, $"residual.{number}.norm.0", filters)),
                (new Conv2d(layout, $"residual.{number}.conv.1", filters, filters, bias: false), ImageNorm.Create(layout, $"residual.{number}.norm.1", filters, relu: false)),
            ];
        }

        public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x)
        {
            x = _normalization.Forward(tape, parameters, _convolution.Forward(tape, parameters, x));
            if (_detour.Length == 0) return x;
            var y = x;
            foreach (var (convolution, normalization) in _detour) y = normalization.Forward(tape, parameters, convolution.Forward(tape, parameters, y));
            return new ImageBatch(tape.Relu(tape.Add(x.Tensor, y.Tensor)), x.Count, x.Height, x.Width);
        }
    }
}

/// <summary>The normalisation that convolutional encoders and decoders have.</summary>
internal static class ImageNorm
{
    /// <summary>Channels normalised together where that divides them (Wu and He 2018, Table 3).</summary>
    private const int ChannelsOfGroup = 16;

    public static GroupNorm Create(ParameterLayout layout, string name, int channels, bool relu = true, bool pool = false) =>
        new(layout, name, channels, channels % ChannelsOfGroup == 0 ? channels / ChannelsOfGroup : 1, relu, pool);
}
