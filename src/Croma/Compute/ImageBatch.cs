namespace Croma.Compute;

/// <summary>
/// Images on a tape, channels last: pixel (y, x) of image b is row (b * Height + y) * Width + x of the tensor, and its
/// columns are the channels, so that a 1 x 1 convolution is a linear layer.
/// </summary>
public readonly struct ImageBatch
{
    /// <param name="tensor">count * height * width rows by channels columns.</param>
    /// <param name="count">Images.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="width">Pixels from left to right.</param>
    public ImageBatch(Tensor tensor, int count, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (tensor.Rows != (long)count * height * width)
            throw new ArgumentException($"{count} images of {height} x {width} pixels have {(long)count * height * width} rows, this tensor has {tensor.Rows}.", nameof(tensor));
        (Tensor, Count, Height, Width) = (tensor, count, height, width);
    }

    /// <summary>The pixels.</summary>
    public Tensor Tensor { get; }

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>Pixels from top to bottom.</summary>
    public int Height { get; }

    /// <summary>Pixels from left to right.</summary>
    public int Width { get; }

    /// <summary>Numbers a pixel.</summary>
    public int Channels => Tensor.Columns;

    internal int Pixels => Height * Width;

    /// <summary>Numbers from one image's start to the next's, padding included.</summary>
    internal long ImageSize => (long)Pixels * Tensor.Stride;
}
