using Croma.Compute.Kernels;

namespace Croma.Compute;

public sealed unsafe partial class Tape
{
    /// <summary>Images [count, height, width, channels] without gradient, copied from row-major numbers.</summary>
    public ImageBatch Images(ReadOnlySpan<Real> values, int count, int height, int width, int channels) =>
        new(Input(values, count * height * width, channels), count, height, width);

    /// <summary>
    /// The maximum of each channel over windows of 2 x 2 pixels, 2 apart: [count, height / 2, width / 2, channels],
    /// rounded down. The gradient goes to the first of equal pixels.
    /// </summary>
    public ImageBatch MaxPool(ImageBatch x)
    {
        ImageOperations.RequirePoolable(x);
        var (height, width) = (x.Height / 2, x.Width / 2);
        var y = new ImageBatch(NewLargeTensor(x.Count * height * width, x.Channels, x.Tensor.NeedsGradient), x.Count, height, width);
        var winners = Scratch(y.Tensor.Size);
        for (var b = 0; b < x.Count; b++)
            ImageOperations.MaxPool(x.Tensor.Values + b * x.ImageSize, y.Tensor.Values + b * y.ImageSize, winners + b * y.ImageSize, x.Height, x.Width, x.Tensor.Stride);
        if (y.Tensor.NeedsGradient) Record<MaxPoolNode>().Set(x, y, winners);
        return y;
    }

    /// <summary>
    /// Images of another size, each pixel the nearest one of <paramref name="x"/>: (y, x) is taken from (y * height / new height,
    /// x * width / new width), rounded down.
    /// </summary>
    public ImageBatch Resize(ImageBatch x, int height, int width)
    {
        var y = new ImageBatch(NewLargeTensor(x.Count * height * width, x.Channels, x.Tensor.NeedsGradient), x.Count, height, width);
        for (var row = 0; row < y.Tensor.Rows; row++)
            new Span<Real>(x.Tensor.Values + ResizeNode.Nearest(x, y, row) * x.Tensor.Stride, x.Tensor.Stride).CopyTo(new Span<Real>(y.Tensor.Values + (long)row * y.Tensor.Stride, y.Tensor.Stride));
        if (y.Tensor.NeedsGradient) Record<ResizeNode>().Set(x, y);
        return y;
    }

    /// <summary>The mean of each channel over all pixels of an image: [count, channels].</summary>
    public Tensor GlobalAveragePool(ImageBatch x)
    {
        var y = NewTensor(x.Count, x.Channels, x.Tensor.NeedsGradient);
        var squares = Scratch(y.Stride);
        for (var b = 0; b < x.Count; b++)
            ChannelStatistics.Of(x.Tensor.Values + b * x.ImageSize, x.Pixels, y.Stride, y.Values + (long)b * y.Stride, squares);
        if (y.NeedsGradient) Record<GlobalAveragePoolNode>().Set(x, y);
        return y;
    }

    /// <summary>Each image as one row, pixel by pixel, channels last: [count, height * width * channels].</summary>
    public Tensor Flatten(ImageBatch x)
    {
        var columns = x.Pixels * x.Channels;
        if (x.Channels == x.Tensor.Stride) return x.Tensor.Reshape(x.Count, columns);
        var y = NewTensor(x.Count, columns, x.Tensor.NeedsGradient);
        for (var b = 0; b < x.Count; b++)
        {
            var row = new Span<Real>(y.Values + (long)b * y.Stride, y.Stride);
            for (var p = 0; p < x.Pixels; p++) x.Tensor.Row(b * x.Pixels + p).CopyTo(row[(p * x.Channels)..]);
            row[columns..].Clear();
        }
        if (y.NeedsGradient) Record<FlattenNode>().Set(x, y);
        return y;
    }
}
