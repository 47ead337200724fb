namespace Croma.Onnx.Preprocessing;

/// <summary>What of a picture that is not square is taken.</summary>
public enum ImageFit
{
    /// <summary>All of it, stretched.</summary>
    Stretch,

    /// <summary>The square in its middle.</summary>
    Crop,

    /// <summary>All of it, with white beside or above and below it.</summary>
    Pad,
}

/// <summary>How a picture becomes a model's input: a square of so many pixels, numbers (byte - mean) / deviation.</summary>
public sealed record ImagePreprocessing
{
    // a line of millions of pixels would have to be padded, or resized along its short side, to a huge picture
    private const long MostPixels = 1 << 27;

    /// <summary>Pixels a side.</summary>
    public required int Size { get; init; }

    /// <summary>What is done with the shape. Default Crop.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Crop;

    /// <summary>The part of the shorter side that Crop takes. Default 1.</summary>
    public double CropShare { get; init; } = 1;

    /// <summary>Default Bilinear.</summary>
    public ResampleFilter Filter { get; init; }

    /// <summary>What is subtracted from the bytes of red, green and blue. Default 128 each.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [128, 128, 128];

    /// <summary>What they are then divided by. Default 128 each.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [128, 128, 128];

    /// <summary>Whether colours come first, [3, size, size], or last, [size, size, 3]. Default true.</summary>
    public bool ColoursFirst { get; init; } = true;

    /// <summary>The dimensions of an input without the batch's.</summary>
    public long[] Shape => ColoursFirst ? [3, Size, Size] : [Size, Size, 3];

    /// <summary>A picture's input.</summary>
    /// <param name="pixels">RGB bytes [height, width, 3].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="CromaException">The picture is a line, so much longer than wide that it cannot be resized.</exception>
    public float[] Apply(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var (longer, other) = (Math.Max(width, height), Fit == ImageFit.Pad ? Math.Max(width, height) : Size);
        if (Fit != ImageFit.Crop && (long)longer * other > MostPixels) throw new CromaException($"its sides of {width} and {height} pixels are too unequal");
        var (cut, side, rows) = Fit switch
        {
            ImageFit.Crop => Square(pixels, width, height, Math.Max(1, (int)Math.Round(CropShare * Math.Min(width, height)))),
            ImageFit.Pad => Square(pixels, width, height, Math.Max(width, height)),
            _ => (pixels.ToArray(), width, height),
        };
        var resized = ImageResampler.Resize(cut, side, rows, Size, Size, Filter);
        var input = new float[resized.Length];
        for (var i = 0; i < input.Length; i++)
        {
            var (pixel, colour) = (i / 3, i % 3);
            input[ColoursFirst ? colour * Size * Size + pixel : i] = (float)((resized[i] - Mean[colour]) / Deviation[colour]);
        }
        return input;
    }

    /// <summary>A square around the middle; white where the picture ends before it.</summary>
    private static (byte[] Pixels, int Width, int Height) Square(ReadOnlySpan<byte> pixels, int width, int height, int side)
    {
        var square = new byte[side * side * 3];
        Array.Fill(square, byte.MaxValue);
        var (fromX, fromY, toX, toY) = (Math.Max(0, (width - side) / 2), Math.Max(0, (height - side) / 2), Math.Max(0, (side - width) / 2), Math.Max(0, (side - height) / 2));
        var columns = Math.Min(side, width);
        for (var y = 0; y < Math.Min(side, height); y++)
            pixels.Slice(((fromY + y) * width + fromX) * 3, columns * 3).CopyTo(square.AsSpan(((toY + y) * side + toX) * 3));
        return (square, side, side);
    }
}
