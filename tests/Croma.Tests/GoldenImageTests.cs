using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Tests;

public sealed class GoldenImageTests
{
    [Theory]
    [InlineData(3, 1, false, 2, 8, 7, 3, 17), InlineData(3, 1, true, 3, 4, 5, 17, 70), InlineData(3, 2, false, 2, 7, 8, 5, 16)]
    [InlineData(3, 2, true, 2, 6, 9, 66, 5), InlineData(1, 2, true, 2, 5, 4, 5, 17), InlineData(5, 1, true, 1, 6, 3, 2, 5)]
    public void Convolution_agrees_with_PyTorch(int kernel, int stride, bool bias, int count, int height, int width, int inputs, int outputs)
    {
        var layout = new ParameterLayout();
        var layer = new Conv2d(layout, "conv", inputs, outputs, kernel, stride, bias);
        Compare($"conv-{kernel}-{stride}-{(bias ? "bias" : "plain")}-{inputs}-{outputs}", layout, (count, height, width, inputs),
            (tape, parameters, x) => layer.Forward(tape, parameters, x).Tensor);
    }

    [Theory]
    [InlineData(3, 2, true, 2, 4, 3, 17, 5), InlineData(3, 2, false, 1, 2, 5, 3, 70), InlineData(3, 1, true, 2, 3, 4, 5, 17)]
    [InlineData(5, 2, true, 1, 3, 2, 2, 3), InlineData(1, 2, false, 2, 2, 3, 5, 4)]
    public void Transposed_convolution_agrees_with_PyTorch(int kernel, int stride, bool bias, int count, int height, int width, int inputs, int outputs)
    {
        var layout = new ParameterLayout();
        var layer = new ConvTranspose2d(layout, "conv", inputs, outputs, kernel, stride, bias);
        Compare($"conv-transpose-{kernel}-{stride}-{(bias ? "bias" : "plain")}-{inputs}-{outputs}", layout, (count, height, width, inputs),
            (tape, parameters, x) => layer.Forward(tape, parameters, x).Tensor);
    }

    /// <summary>PyTorch's own draw is stored with it.</summary>
    [Fact]
    public void Dropout_scales_what_it_keeps_as_PyTorch_does() => Compare("dropout", new ParameterLayout(), (3, 4, 5, 17), (tape, _, x) =>
    {
        // PyTorch keeps 1 / 0.7 of a number; which ones, its file says
        var factors = tape.Input(new GoldenCase("images", "dropout").Read("factors"), x.Tensor.Rows, x.Tensor.Columns);
        return tape.Scale(x.Tensor, factors);
    }, known: "factors");

    [Theory, InlineData("plain"), InlineData("relu"), InlineData("relu-pool")]
    public void Batch_normalisation_agrees_with_PyTorch(string tail)
    {
        foreach (var (count, height, width, channels) in new[] { (3, 4, 5, 17), (2, 6, 6, 64) })
        {
            var layout = new ParameterLayout();
            var layer = new BatchNorm(layout, "norm", channels, relu: tail != "plain", pool: tail == "relu-pool");
            Compare($"batch-norm-0-{channels}-{tail}", layout, (count, height, width, channels), (tape, parameters, x) => layer.Forward(tape, parameters, x).Tensor);
        }
    }

    [Theory, InlineData("plain"), InlineData("relu"), InlineData("relu-pool")]
    public void Group_normalisation_agrees_with_PyTorch(string tail)
    {
        foreach (var (groups, count, height, width, channels) in new[] { (2, 3, 4, 5, 6), (4, 2, 7, 6, 64), (1, 2, 3, 2, 17) })
        {
            var layout = new ParameterLayout();
            var layer = new GroupNorm(layout, "norm", channels, groups, relu: tail != "plain", pool: tail == "relu-pool");
            Compare($"group-norm-{groups}-{channels}-{tail}", layout, (count, height, width, channels), (tape, parameters, x) => layer.Forward(tape, parameters, x).Tensor);
        }
    }

    [Fact]
    public void Max_pooling_agrees_with_PyTorch() => Compare("max-pool", new ParameterLayout(), (2, 5, 6, 17), (tape, _, x) => tape.MaxPool(x).Tensor);

    [Fact]
    public void Max_pooling_of_ties_agrees_with_PyTorch() => Compare("max-pool-of-ties", new ParameterLayout(), (2, 6, 4, 17), (tape, _, x) =>
    {
        for (var row = 0; row < x.Tensor.Rows; row++)
            foreach (ref var value in x.Tensor.Row(row)) value = MathF.Round(2 * value);
        return tape.MaxPool(x).Tensor;
    });

    [Fact]
    public void Global_average_pooling_agrees_with_PyTorch() => Compare("average-pool", new ParameterLayout(), (2, 5, 6, 17), (tape, _, x) => tape.GlobalAveragePool(x));

    [Fact]
    public void Flattening_agrees_with_PyTorch() => Compare("flatten", new ParameterLayout(), (2, 3, 2, 17), (tape, _, x) => tape.Flatten(x));

    private static void Compare(string name, ParameterLayout layout, (int Count, int Height, int Width, int Channels) size, Func<Tape, ParameterVector, ImageBatch, Tensor> forward, string? known = null)
    {
        var golden = new GoldenCase("images", name);
        if (known is not null) golden.Read(known);
        using var tape = new Tape();
        using var parameters = GoldenNumbers.Parameters(name, layout);
        var x = GoldenNumbers.Variable(tape, name + "/x", size.Count * size.Height * size.Width, size.Channels);
        var y = forward(tape, parameters, new ImageBatch(x, size.Count, size.Height, size.Width));
        GoldenNumbers.BackwardFromWeightedSum(tape, name, y);
        golden.Compare("y", y);
        golden.CompareGradient("x", x);
        golden.CompareGradients(parameters);
        golden.RequireAllCompared();
    }
}
