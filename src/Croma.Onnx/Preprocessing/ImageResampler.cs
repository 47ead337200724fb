namespace Croma.Onnx.Preprocessing;

/// <summary>How pixels between pixels come about.</summary>
public enum ResampleFilter
{
    /// <summary>A triangle over two pixels.</summary>
    Bilinear,

    /// <summary>A cubic with a = -0.5 over four pixels (Keys 1981).</summary>
    Bicubic,
}

/// <summary>
/// Resizes pictures as Pillow does, to the bit: one axis after the other, rounded to bytes after each; when a picture
/// shrinks, the filter widens with it, so that no pixel is passed over. Encoders were trained on such pictures.
/// </summary>
public static class ImageResampler
{
    // weights are whole numbers of 2^-22
    private const int Fraction = 22;

    /// <summary>Resizes an interleaved picture.</summary>
    /// <param name="pixels">RGB bytes [height, width, 3].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="newWidth">Pixels a row of the result.</param>
    /// <param name="newHeight">Rows of the result.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>[newHeight, newWidth, 3].</returns>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight, ResampleFilter filter)
    {
        if (pixels.Length != checked(width * height * 3)) throw new ArgumentException($"{pixels.Length} bytes are not {height} rows of {width} RGB pixels", nameof(pixels));
        var wide = newWidth == width ? pixels.ToArray() : AlongRows(pixels, width, height, newWidth, filter);
        return newHeight == height ? wide : AlongColumns(wide, newWidth, height, newHeight, filter);
    }

    private static byte[] AlongRows(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, ResampleFilter filter)
    {
        var result = new byte[newWidth * height * 3];
        for (var x = 0; x < newWidth; x++)
        {
            var (first, weights) = Weights(x, width, newWidth, filter);
            for (var y = 0; y < height; y++)
                for (var c = 0; c < 3; c++) result[(y * newWidth + x) * 3 + c] = Sum(pixels, (y * width + first) * 3 + c, 3, weights);
        }
        return result;
    }

    private static byte[] AlongColumns(ReadOnlySpan<byte> pixels, int width, int height, int newHeight, ResampleFilter filter)
    {
        var (result, row) = (new byte[width * newHeight * 3], width * 3);
        for (var y = 0; y < newHeight; y++)
        {
            var (first, weights) = Weights(y, height, newHeight, filter);
            for (var i = 0; i < row; i++) result[y * row + i] = Sum(pixels, first * row + i, row, weights);
        }
        return result;
    }

    private static byte Sum(ReadOnlySpan<byte> pixels, int at, int stride, int[] weights)
    {
        var sum = 1 << (Fraction - 1);
        foreach (var weight in weights)
        {
            sum += weight * pixels[at];
            at += stride;
        }
        return (byte)Math.Clamp(sum >> Fraction, 0, 255);
    }

    /// <summary>The first pixel that a pixel of the result looks at, and how much it takes of that and the following.</summary>
    private static (int First, int[] Weights) Weights(int index, int size, int newSize, ResampleFilter filter)
    {
        var scale = (double)size / newSize;
        var widened = Math.Max(scale, 1);
        var (centre, support) = ((index + 0.5) * scale, (filter == ResampleFilter.Bicubic ? 2 : 1) * widened);
        var first = Math.Max(0, (int)(centre - support + 0.5));
        var weights = new double[Math.Min(size, (int)(centre + support + 0.5)) - first];
        for (var i = 0; i < weights.Length; i++) weights[i] = Value((first + i - centre + 0.5) / widened, filter);
        var total = weights.Sum();
        return (first, [.. weights.Select(w => (int)Math.Truncate(w / total * (1 << Fraction) + (w < 0 ? -0.5 : 0.5)))]);
    }

    private static double Value(double x, ResampleFilter filter)
    {
        x = Math.Abs(x);
        if (filter == ResampleFilter.Bilinear) return Math.Max(0, 1 - x);
        const double a = -0.5;
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
            : 0;
    }
}
