using Croma.Compute;
using Croma.Compute.Kernels;
using Croma.Compute.Layers;

namespace Croma.Tests.Kernels;

[Collection(InstructionSets.Name)]
public sealed unsafe class NormTests
{
    [Theory, InlineData(1, 5), InlineData(3, 17), InlineData(31, 64), InlineData(32, 16), InlineData(33, 70), InlineData(1024, 64)]
    public void Channel_statistics_agree_with_double_precision_far_from_zero(int pixels, int channels)
    {
        var stride = Panels.Padded(channels);
        var x = Matrices.RandomRows(new CounterRandom(22, 0), pixels, channels);
        for (var p = 0; p < pixels; p++)
            for (var c = 0; c < channels; c++) x[p * stride + c] += 100;
        InstructionSets.ForEach(set =>
        {
            float[] means = Matrices.Filled(stride, float.NaN), squares = Matrices.Filled(stride, float.NaN);
            ChannelStatistics.Of(x.Pointer(), pixels, stride, means.Pointer(), squares.Pointer());
            for (var c = 0; c < channels; c++)
            {
                var values = Enumerable.Range(0, pixels).Select(p => (double)x[p * stride + c]).ToArray();
                var mean = values.Average();
                Matrices.AssertClose(mean, means[c], 100, $"{set} mean {c}");
                Matrices.AssertClose(values.Average(v => (v - mean) * (v - mean)), squares[c] / pixels, 10, $"{set} variance {c}");
            }
            for (var c = channels; c < stride; c++) Assert.Equal((0, 0), (means[c], squares[c]));
        });
    }

    [Theory, InlineData(0, 17), InlineData(0, 64), InlineData(2, 6), InlineData(4, 64)]
    public void Fused_pooling_gives_the_same_as_pooling_afterwards(int groups, int channels) => InstructionSets.ForEach(set =>
    {
        var (fused, fusedGradient) = Run(groups, channels, (layer, tape, parameters, x) => layer(true, tape, parameters, x));
        var (separate, separateGradient) = Run(groups, channels, (layer, tape, parameters, x) => tape.MaxPool(layer(false, tape, parameters, x)));
        Assert.Equal(separate, fused);
        for (var i = 0; i < fusedGradient.Length; i++) Matrices.AssertClose(separateGradient[i], fusedGradient[i], 4, $"{set} gradient {i}");
    });

    [Fact]
    public void Group_normalisation_of_an_image_does_not_depend_on_its_neighbours_but_batch_normalisation_does()
    {
        Assert.True(FirstImageStays(4));
        Assert.False(FirstImageStays(0));
    }

    [Fact]
    public void Max_pooling_takes_the_first_of_equals_and_passes_on_what_is_not_a_number() => InstructionSets.ForEach(set =>
    {
        // channels: all equal; the last two equal; a NaN first, in the middle, last
        float[][] pixels = [[1, 0, float.NaN, 1, 1], [1, 1, 1, 2, 2], [1, 3, 2, float.NaN, 3], [1, 3, 3, 4, float.NaN]];
        using var tape = new Tape();
        var x = tape.Variable(4, 5);
        for (var p = 0; p < 4; p++) pixels[p].CopyTo(x.Row(p));
        var y = tape.MaxPool(new ImageBatch(x, 1, 2, 2)).Tensor;
        Assert.Equal([1, 3, float.NaN, float.NaN, float.NaN], y.Row(0).ToArray());
        y.GradientRow(0).Fill(1);
        tape.Backward();
        Assert.Equal([1, 0, 1, 0, 0], x.GradientRow(0).ToArray());
        Assert.Equal([0, 0, 0, 0, 0], x.GradientRow(1).ToArray());
        Assert.Equal([0, 1, 0, 1, 0], x.GradientRow(2).ToArray());
        Assert.Equal([0, 0, 0, 0, 1], x.GradientRow(3).ToArray());
    });

    [Fact]
    public void Where_nothing_gets_through_the_ReLU_no_gradient_comes_back() => InstructionSets.ForEach(_ =>
    {
        foreach (var pool in new[] { false, true })
        {
            var layout = new ParameterLayout();
            var layer = new BatchNorm(layout, "norm", 5, relu: true, pool: pool);
            using var parameters = new ParameterVector(layout, trainable: true);
            parameters.Write(layout.Blocks[0], [0, 0, 0, 0, 0]);
            parameters.Write(layout.Blocks[1], [0, 0, 0, 0, 0]);
            using var tape = new Tape();
            var x = tape.Variable(16, 5);
            for (var r = 0; r < 16; r++) x.Row(r).Fill(r);
            var y = layer.Forward(tape, parameters, new ImageBatch(x, 1, 4, 4)).Tensor;
            for (var r = 0; r < y.Rows; r++) y.GradientRow(r).Fill(1);
            tape.Backward();
            Assert.All(parameters.RawGradients.ToArray(), g => Assert.Equal(0, g));
            Assert.All(Enumerable.Range(0, 16).SelectMany(r => x.GradientRow(r).ToArray()), g => Assert.Equal(0, g));
        }
    });

    private delegate ImageBatch Layer(bool pool, Tape tape, ParameterVector parameters, ImageBatch x);

    private delegate ImageBatch Use(Layer layer, Tape tape, ParameterVector parameters, ImageBatch x);

    private static (float[] Y, float[] Gradient) Run(int groups, int channels, Use use)
    {
        var (plain, pooled) = (new ParameterLayout(), new ParameterLayout());
        var (layer, poolingLayer) = (Make(plain, channels, groups, pool: false), Make(pooled, channels, groups, pool: true));
        var random = new CounterRandom(23, 0);
        float[] gamma = Matrices.Random(random, channels), beta = Matrices.Random(random, channels);
        using var tape = new Tape();
        var x = tape.Variable(2 * 5 * 6, channels);
        for (var r = 0; r < x.Rows; r++) Matrices.Random(random, channels).CopyTo(x.Row(r));
        using var parameters = new ParameterVector(plain, trainable: true);
        parameters.Write(plain.Blocks[0], gamma);
        parameters.Write(plain.Blocks[1], beta);
        var y = use((pool, t, p, images) => (pool ? poolingLayer : layer)(t, p, images), tape, parameters, new ImageBatch(x, 2, 5, 6)).Tensor;
        for (var r = 0; r < y.Rows; r++) Matrices.Random(random, channels).CopyTo(y.GradientRow(r));
        tape.Backward();
        float[] gradients = [.. Rows(x.Rows, x.GradientRow), .. parameters.RawGradients];
        return (Rows(y.Rows, y.Row), gradients);
    }

    private static bool FirstImageStays(int groups)
    {
        var layout = new ParameterLayout();
        var layer = Make(layout, 64, groups, pool: true);
        using var parameters = new ParameterVector(layout);
        parameters.Initialize(new CounterRandom(1, 1));
        var images = Matrices.Random(new CounterRandom(24, 0), 3 * 16 * 64);
        using var tape = new Tape();
        var together = layer(tape, parameters, tape.Images(images, 3, 4, 4, 64)).Tensor;
        var alone = layer(tape, parameters, tape.Images(images.AsSpan(0, 16 * 64), 1, 4, 4, 64)).Tensor;
        return Rows(alone.Rows, together.Row).SequenceEqual(Rows(alone.Rows, alone.Row));
    }

    private static Func<Tape, ParameterVector, ImageBatch, ImageBatch> Make(ParameterLayout layout, int channels, int groups, bool pool) =>
        groups == 0 ? new BatchNorm(layout, "norm", channels, relu: true, pool).Forward : new GroupNorm(layout, "norm", channels, groups, relu: true, pool).Forward;

    private delegate Span<float> RowOf(int row);

    private static float[] Rows(int count, RowOf row) => [.. Enumerable.Range(0, count).SelectMany(r => row(r).ToArray())];
}
