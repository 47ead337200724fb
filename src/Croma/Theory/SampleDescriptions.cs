using System.Numerics.Tensors;
using Croma.Data;

namespace Croma.Theory;

/// <summary>
/// A few numbers for a sample where no encoder is at hand: a vector as it is; of frames the mean and the deviation of each of
/// their numbers; of an image the means of 8 x 8 cells of each colour; of a text the square roots of the shares of its bytes.
/// </summary>
internal static class SampleDescriptions
{
    private const int Cells = 8, Bytes = 256;

    public static double[] Of(SampleContents contents, int sample) => contents.Kind switch
    {
        ModalityKind.Bytes => OfText(contents.Bytes(sample)),
        ModalityKind.Images => OfImage(contents.Pixels(sample), contents.Shape),
        ModalityKind.Frames => OfFrames(contents, sample),
        _ => [.. contents.Values(sample).ToArray().Select(v => (double)v)],
    };

    private static double[] OfText(ReadOnlySpan<byte> text)
    {
        var shares = new double[Bytes];
        foreach (var b in text) shares[b]++;
        for (var i = 0; i < Bytes; i++) shares[i] = Math.Sqrt(shares[i] / text.Length);
        return shares;
    }

    private static double[] OfFrames(SampleContents contents, int sample)
    {
        var (width, frames) = (contents.Width, contents.Length(sample));
        var values = new float[frames * width];
        contents.CopyFrames(sample, 0, frames, values);
        var (sum, squares) = (new float[width], new float[width]);
        for (var t = 0; t < frames; t++)
        {
            var frame = values.AsSpan(t * width, width);
            TensorPrimitives.Add(sum, frame, sum);
            TensorPrimitives.MultiplyAdd(frame, frame, squares, squares);
        }
        var count = Math.Max(1, frames);
        return [.. sum.Select(s => (double)s / count), .. squares.Select((s, i) => Math.Sqrt(Math.Max(0, (double)s / count - (double)sum[i] / count * sum[i] / count)))];
    }

    private static double[] OfImage(ReadOnlySpan<byte> planes, SampleShape shape)
    {
        var (height, width) = (shape.ImageHeight, shape.ImageWidth);
        var (rows, columns) = (Math.Min(Cells, height), Math.Min(Cells, width));
        var (means, counts) = (new double[ModalityDescription.Colours * rows * columns], new int[ModalityDescription.Colours * rows * columns]);
        for (var i = 0; i < planes.Length; i++)
        {
            var (colour, y, x) = (i / (height * width), i / width % height, i % width);
            var cell = (colour * rows + y * rows / height) * columns + x * columns / width;
            means[cell] += planes[i];
            counts[cell]++;
        }
        for (var i = 0; i < means.Length; i++) means[i] /= counts[i];
        return means;
    }
}
