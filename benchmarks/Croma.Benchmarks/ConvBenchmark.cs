using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Benchmarks;

/// <summary>One 3 x 3 convolution from 64 to 64 channels, 16 images: the second and the fourth block of the usual network.</summary>
public class ConvBenchmark : LayerBenchmark
{
    private const int Images = 16, Channels = 64;

    private Conv2d _convolution = null!;
    private float[] _x = [];

    /// <summary>Height and width.</summary>
    [Params(16, 4)]
    public int Size { get; set; }

    private protected override void Make() =>
        (_convolution, _x) = (new Conv2d(Layout, "conv", Channels, Channels, bias: false), Values(Images * Size * Size * Channels, 2));

    private protected override Tensor Apply(Tape tape, ParameterVector parameters, bool trained)
    {
        var pixels = Images * Size * Size;
        var x = trained ? tape.Variable(pixels, Channels) : tape.Input(pixels, Channels);
        for (var r = 0; r < x.Rows; r++) _x.AsSpan(r * Channels, Channels).CopyTo(x.Row(r));
        return _convolution.Forward(tape, parameters, new ImageBatch(x, Images, Size, Size)).Tensor;
    }
}
