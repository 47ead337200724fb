using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>
/// Four blocks of 3 x 3 convolution to 64 channels, batch normalisation, ReLU and 2 x 2 pooling over 32 x 32 colour
/// images, 5 classes: `conv B`, and `conv B cl`, which for a counterpart means its other order of memory.
/// </summary>
internal sealed class ConvWorkload : Workload
{
    private const int Size = 32, Colours = 3, Filters = 64, Blocks = 4;

    private readonly ParameterLayout _layout = new();
    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm[] _norms;
    private readonly Linear _head;
    private readonly InnerLearner _learner;
    private readonly Tape _tape = new();
    private readonly float[] _pixels;
    private readonly int[] _labels;

    public ConvWorkload(int batch, AdamOptions adam)
    {
        _convolutions = [.. Enumerable.Range(0, Blocks).Select(i => new Conv2d(_layout, $"conv.{i}", i == 0 ? Colours : Filters, Filters, bias: false))];
        _norms = [.. Enumerable.Range(0, Blocks).Select(i => new BatchNorm(_layout, $"norm.{i}", Filters, relu: true, pool: true))];
        _head = new Linear(_layout, "head", Filters * 4, 5);
        _learner = new InnerLearner(_layout, adam);
        _learner.Parameters.Initialize(new CounterRandom(1, 1));
        for (var i = 0; i < Blocks; i++) FillConvolution($"conv.{i}.weight", i == 0 ? Colours : Filters, 201 + 10 * i);
        PeerNumbers.Fill(_learner.Parameters, "head.weight", 251, 0.06);
        PeerNumbers.Fill(_learner.Parameters, "head.bias", 252, 0.06);
        _pixels = ChannelsLast(PeerNumbers.Draw(batch * Colours * Size * Size, 261, 1), batch);
        _labels = Labels(batch);
    }

    public override double Operations
    {
        get
        {
            var operations = Layer(_labels.Length, Filters * 4, 5);
            for (var (i, size) = (0, Size); i < Blocks; i++, size /= 2)
                operations += Layer(_labels.Length * size * size, 9 * (i == 0 ? Colours : Filters), Filters, inputGradient: i > 0);
            return operations;
        }
    }

    public override float Step()
    {
        _tape.Clear();
        var parameters = _learner.Parameters;
        var x = _tape.Images(_pixels, _labels.Length, Size, Size, Colours);
        for (var i = 0; i < Blocks; i++) x = _norms[i].Forward(_tape, parameters, _convolutions[i].Forward(_tape, parameters, x));
        var loss = _tape.CrossEntropy(_head.Forward(_tape, parameters, _tape.Flatten(x)), _labels);
        _tape.Backward(loss);
        _learner.Step();
        return loss.Scalar;
    }

    public override void Dispose()
    {
        _learner.Dispose();
        _tape.Dispose();
    }

    /// <summary>From the order [outputs, inputs, 3, 3] to rows (y, x, input) and columns output.</summary>
    private void FillConvolution(string name, int inputs, int seed)
    {
        var from = PeerNumbers.Draw(Filters * inputs * 9, seed, Math.Sqrt(2.0 / (9 * inputs)));
        var values = new float[from.Length];
        for (var o = 0; o < Filters; o++)
            for (var c = 0; c < inputs; c++)
                for (var tap = 0; tap < 9; tap++) values[(tap * inputs + c) * Filters + o] = from[(o * inputs + c) * 9 + tap];
        _learner.Parameters.Write(_layout.Blocks.Single(b => b.Name == name), values);
    }

    private static float[] ChannelsLast(float[] from, int batch)
    {
        var values = new float[from.Length];
        for (var b = 0; b < batch; b++)
            for (var c = 0; c < Colours; c++)
                for (var at = 0; at < Size * Size; at++) values[(b * Size * Size + at) * Colours + c] = from[(b * Colours + c) * Size * Size + at];
        return values;
    }
}
