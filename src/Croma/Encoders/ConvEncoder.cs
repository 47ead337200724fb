using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Encoders;

/// <summary>
/// Images to the shared space: blocks of 3 x 3 convolution, normalisation, ReLU and 2 x 2 maximum pooling, as in the
/// four-block network of few-shot learning (Vinyals et al. 2016; Snell et al. 2017), then a linear layer. It
/// normalises groups of channels within each image, not the batch: a query's answer must not depend on its neighbours.
/// A sample of the batch is one frame of height * width * channels numbers, channels last.
/// </summary>
public sealed class ConvEncoder : Encoder
{
    /// <summary>Channels normalised together where that divides them (Wu and He 2018, Table 3).</summary>
    private const int ChannelsOfGroup = 16;

    private readonly int _height, _width, _channels;
    private readonly Conv2d[] _convolutions;
    private readonly GroupNorm[] _normalizations;
    private readonly Linear _projection;

    /// <param name="height">Pixels from top to bottom, at least 2 to the power of <paramref name="blocks"/>.</param>
    /// <param name="width">Pixels from left to right, likewise.</param>
    /// <param name="channels">Numbers a pixel: 3 for colour.</param>
    /// <param name="filters">Channels of every block. The network of the literature has 64.</param>
    /// <param name="blocks">Blocks, each halving height and width. The network of the literature has 4.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public ConvEncoder(int height, int width, int channels, int filters, int blocks, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        if (blocks > 30 || height >> blocks == 0 || width >> blocks == 0)
            throw new ArgumentOutOfRangeException(nameof(blocks), $"{blocks} blocks would halve images of {height} x {width} pixels to nothing.");
        (_height, _width, _channels) = (height, width, channels);
        _convolutions = [.. Enumerable.Range(0, blocks).Select(i => new Conv2d(Layout, $"conv.{i}", i == 0 ? channels : filters, filters, bias: false))];
        var groups = filters % ChannelsOfGroup == 0 ? filters / ChannelsOfGroup : 1;
        _normalizations = [.. Enumerable.Range(0, blocks).Select(i => new GroupNorm(Layout, $"norm.{i}", filters, groups, relu: true, pool: true))];
        _projection = new Linear(Layout, "projection", (height >> blocks) * (width >> blocks) * filters, dimension);
        Dimension = dimension;
    }

    public override int Dimension { get; }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        if (batch.Steps != 1 || batch.Width != _height * _width * _channels)
            throw new ArgumentException($"This encoder takes images of {_height} x {_width} x {_channels} numbers in one frame, not {batch.Steps} frames of {batch.Width}.", nameof(batch));
        var x = tape.Images(batch.Values, batch.Count, _height, _width, _channels);
        for (var i = 0; i < _convolutions.Length; i++)
            x = _normalizations[i].Forward(tape, parameters, _convolutions[i].Forward(tape, parameters, x));
        return _projection.Forward(tape, parameters, tape.Flatten(x));
    }
}
