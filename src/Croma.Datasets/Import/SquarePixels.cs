using Croma.Datasets.Media;

namespace Croma.Datasets.Import;

/// <summary>Brings pictures to one size: the middle square, each pixel the mean of the area it covers.</summary>
internal static class SquarePixels
{
    private const byte White = 255;
    private const long MostPixels = 1 << 27;

    /// <summary>The planes of red, green and blue [3, side, side].</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="side">Pixels a side.</param>
    public static byte[] Of(DecodedPicture picture, int side)
    {
        var square = Math.Min(picture.Width, picture.Height);
        var (left, top, planes) = ((picture.Width - square) / 2, (picture.Height - square) / 2, new byte[3 * side * side]);
        (int First, double[] Shares)[] spans = [.. Enumerable.Range(0, side).Select(i => Span(i, square, side))];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (red, green, blue) = (0.0, 0.0, 0.0);
                for (var j = 0; j < spans[y].Shares.Length; j++)
                    for (var i = 0; i < spans[x].Shares.Length; i++)
                    {
                        var share = spans[y].Shares[j] * spans[x].Shares[i];
                        var at = 3 * ((top + spans[y].First + j) * picture.Width + left + spans[x].First + i);
                        red += share * picture.Pixels[at];
                        green += share * picture.Pixels[at + 1];
                        blue += share * picture.Pixels[at + 2];
                    }
                var to = y * side + x;
                (planes[to], planes[side * side + to], planes[2 * side * side + to]) = ((byte)(red + 0.5), (byte)(green + 0.5), (byte)(blue + 0.5));
            }
        return planes;
    }

    /// <summary>The whole picture in the middle of a white square.</summary>
    public static DecodedPicture Padded(DecodedPicture picture)
    {
        var (width, height, side) = (picture.Width, picture.Height, Math.Max(picture.Width, picture.Height));
        // a line of millions of pixels would have to become a square of them
        if ((long)side * side > MostPixels) throw new CromaException($"its sides of {width} and {height} pixels are too unequal");
        var square = new byte[3 * side * side];
        square.AsSpan().Fill(White);
        var (left, top) = ((side - width) / 2, (side - height) / 2);
        for (var row = 0; row < height; row++) picture.Pixels.AsSpan(3 * row * width, 3 * width).CopyTo(square.AsSpan(3 * ((top + row) * side + left)));
        return new DecodedPicture(square, side, side);
    }

    /// <summary>Which pixels of a line of <paramref name="from"/> the new pixel covers, and in what shares.</summary>
    private static (int First, double[] Shares) Span(int pixel, int from, int to)
    {
        // in units of 1 / to of an old pixel all edges are whole numbers
        long start = (long)pixel * from, end = start + from;
        var (first, last) = ((int)(start / to), (int)((end - 1) / to));
        return (first, [.. Enumerable.Range(first, last - first + 1).Select(i => (Math.Min(end, (i + 1L) * to) - Math.Max(start, (long)i * to)) / (double)from)]);
    }
}
