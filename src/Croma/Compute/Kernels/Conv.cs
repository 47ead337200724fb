using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// Convolutions of one image as matrix products, without a matrix of windows: in an image with a margin and channels
/// last, a row of a window is one run of kernel * channels numbers, and the micro-kernel goes from run to run. A
/// number of a result is one ascending chain of multiply-adds, so images may be shared out among threads.
/// </summary>
internal static unsafe class Conv
{
    /// <summary>Numbers of dY whose rows, one panel wide, stay in the first-level cache.</summary>
    private const int ResidentNumbers = 32 * 1024 / sizeof(Real);

    /// <summary>From this many pixels on a tile of dW is worth its loading and storing.</summary>
    private const int FewestPixels = 32;

    /// <summary>
    /// Copies an image's pixels, <paramref name="stride"/> numbers apart, behind the margin of a padded image; pixels
    /// come to lie <paramref name="spread"/> apart. The rest of <paramref name="padded"/> must be zero already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pad(Real* image, int stride, int height, int width, int spread, in ConvShape shape, Real* padded)
    {
        var channels = shape.InChannels;
        nint pixel = spread * channels;
        nint line = (nint)spread * shape.PaddedWidth * channels;
        var to = padded + (nint)shape.Margin * (shape.PaddedWidth + 1) * channels;
        for (var y = 0; y < height; y++, to += line)
        {
            if (channels == stride && spread == 1)
            {
                new Span<Real>(image, width * channels).CopyTo(new Span<Real>(to, width * channels));
                image += width * channels;
                continue;
            }
            var at = to;
            for (var x = 0; x < width; x++, at += pixel, image += stride)
                for (nint c = 0; c < channels; c++) at[c] = image[c];
        }
    }

    /// <summary>
    /// y[pixels, outChannels] = the convolution of a padded image with weights [(ky, kx, channel), outChannels] in
    /// panels; or what is added to y, where <paramref name="add"/>. Null: no bias.
    /// </summary>
    public static void Multiply(in ConvShape shape, Real* padded, Real* panels, Real* bias, Real* y, int ldy, bool add)
    {
        nint line = shape.PaddedWidth * shape.InChannels;
        var run = shape.Kernel * shape.InChannels;
        for (var start = 0; start < Panels.Padded(shape.OutChannels); start += Panels.Width)
        {
            var width = Panels.WidthAt(start, shape.OutChannels);
            var operands = new TileOperands
            {
                A = padded,
                ARow = shape.Stride * shape.InChannels,
                AColumn = 1,
                ASkip = line - run,
                B = panels + (long)start * shape.Depth,
                BRow = width,
                Start = add ? y + start : bias == null ? Simd.Zeros : bias + start,
                StartRow = add ? ldy : 0,
                C = y + start,
                CRow = ldy,
                Depth = run,
                MoreRuns = shape.Kernel - 1,
            };
            for (var row = 0; row < shape.OutHeight; row++)
            {
                Tiles.Cover(operands, shape.OutWidth, width);
                operands.A += shape.Stride * line;
                operands.C += shape.OutWidth * ldy;
                operands.Start += shape.OutWidth * operands.StartRow;
            }
        }
    }

    /// <summary>
    /// dW += the gradient from one image, in panels: from the padded input and dY[pixels, outChannels]. Rows of dW
    /// belong to rows of the kernel, from <paramref name="firstLine"/> to before <paramref name="endLine"/>.
    /// </summary>
    public static void AddWeightGradient(in ConvShape shape, Real* padded, Real* dy, int ldy, Real* dPanels, int firstLine, int endLine)
    {
        nint line = shape.PaddedWidth * shape.InChannels;
        var run = shape.Kernel * shape.InChannels;
        var rowsOfPass = Math.Max(1, Math.Max(FewestPixels, ResidentNumbers / ldy) / shape.OutWidth);
        for (var start = 0; start < Panels.Padded(shape.OutChannels); start += Panels.Width)
        {
            var width = Panels.WidthAt(start, shape.OutChannels);
            for (var row = 0; row < shape.OutHeight; row += rowsOfPass)
            {
                var rows = Math.Min(rowsOfPass, shape.OutHeight - row);
                for (var kernelLine = firstLine; kernelLine < endLine; kernelLine++)
                {
                    var gradient = dPanels + (long)start * shape.Depth + (long)kernelLine * run * width;
                    var operands = new TileOperands
                    {
                        A = padded + (row * shape.Stride + kernelLine) * line,
                        ARow = 1,
                        AColumn = shape.Stride * shape.InChannels,
                        ASkip = shape.Stride * (line - shape.OutWidth * shape.InChannels),
                        B = dy + (long)row * shape.OutWidth * ldy + start,
                        BRow = ldy,
                        Start = gradient,
                        StartRow = width,
                        C = gradient,
                        CRow = width,
                        Depth = shape.OutWidth,
                        MoreRuns = rows - 1,
                    };
                    Tiles.Cover(operands, run, width);
                }
            }
        }
    }

    /// <summary>The weights of <see cref="ConvShape.Back"/>: each tap transposed, the taps in reverse order.</summary>
    public static void FlipAndTranspose(in ConvShape shape, Real* panels, Real* flipped)
    {
        var (inputs, outputs) = (shape.InChannels, shape.OutChannels);
        var taps = shape.Kernel * shape.Kernel;
        for (var tap = 0; tap < taps; tap++)
            for (var p = 0; p < inputs; p += Panels.Granularity)
                for (var start = 0; start < outputs; start += Panels.Width)
                {
                    var width = Panels.WidthAt(start, outputs);
                    var from = panels + (long)start * shape.Depth + ((long)tap * inputs + p) * width;
                    var to = flipped + Panels.Offset((taps - 1 - tap) * outputs + start, p, taps * outputs, inputs);
                    Gemm.TransposeBlock(from, width, to, Panels.WidthAt(p & ~(Panels.Width - 1), inputs),
                        Math.Min(Panels.Granularity, inputs - p), Math.Min(width, outputs - start));
                }
    }
}
