using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>Images of the wrong shape are refused with what is wrong and what would be right.</summary>
public sealed class ImageShapeTests
{
    [Theory, InlineData(2), InlineData(0), InlineData(-1)]
    public void Even_kernel_is_refused(int kernel) =>
        Assert.Contains($"odd height and width, not {kernel}", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d(new ParameterLayout(), "conv", 3, 5, kernel)).Message);

    [Theory, InlineData(0), InlineData(3)]
    public void Other_strides_are_refused(int stride) =>
        Assert.Contains($"1 or 2, not {stride}", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d(new ParameterLayout(), "conv", 3, 5, stride: stride)).Message);

    [Theory, InlineData(0), InlineData(4), InlineData(12)]
    public void Groups_that_do_not_divide_the_channels_are_refused(int groups) =>
        Assert.Contains($"cannot be divided into {groups}", Assert.Throws<ArgumentOutOfRangeException>(() => new GroupNorm(new ParameterLayout(), "norm", 6, groups)).Message);

    [Fact]
    public void Wrong_number_of_channels_is_refused()
    {
        var layout = new ParameterLayout();
        var (conv, norm) = (new Conv2d(layout, "conv", 3, 5), new BatchNorm(layout, "norm", 5));
        using var parameters = new ParameterVector(layout);
        using var tape = new Tape();
        var images = new ImageBatch(tape.Input(8, 4), 2, 2, 2);
        Assert.Contains("'conv.weight' takes images of 3 channels, not 4", Assert.Throws<ArgumentException>(() => conv.Forward(tape, parameters, images)).Message);
        Assert.Contains("'norm.gamma' takes images of 5 channels, not 4", Assert.Throws<ArgumentException>(() => norm.Forward(tape, parameters, images)).Message);
    }

    [Fact]
    public void Rows_that_are_no_whole_images_are_refused()
    {
        using var tape = new Tape();
        var tensor = tape.Input(7, 3);
        Assert.Contains("have 8 rows, this tensor has 7", Assert.Throws<ArgumentException>(() => new ImageBatch(tensor, 2, 2, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageBatch(tensor, 0, 2, 2));
    }

    [Fact]
    public void Images_too_small_to_be_pooled_are_refused()
    {
        var layout = new ParameterLayout();
        var norm = new BatchNorm(layout, "norm", 3, pool: true);
        using var parameters = new ParameterVector(layout);
        using var tape = new Tape();
        var images = new ImageBatch(tape.Input(4, 3), 1, 1, 4);
        Assert.Contains("1 x 4 pixels are too small", Assert.Throws<ArgumentException>(() => tape.MaxPool(images)).Message);
        Assert.Contains("1 x 4 pixels are too small", Assert.Throws<ArgumentException>(() => norm.Forward(tape, parameters, images)).Message);
    }

    [Fact]
    public void Encoder_refuses_images_that_it_would_halve_to_nothing_or_was_not_made_for()
    {
        Assert.Contains("3 blocks would halve images of 8 x 7", Assert.Throws<ArgumentOutOfRangeException>(() => new ConvEncoder(8, 7, 3, 16, 3, 5)).Message);
        var encoder = new ConvEncoder(4, 4, 3, 16, 2, 5);
        using var parameters = new ParameterVector(encoder.Layout);
        using var tape = new Tape();
        var batch = new InputBatch();
        batch.Resize(2, 1, 47);
        Assert.Contains("takes images of 4 x 4 x 3 numbers in one frame, not 1 frames of 47", Assert.Throws<ArgumentException>(() => encoder.Encode(tape, parameters, batch)).Message);
    }
}
