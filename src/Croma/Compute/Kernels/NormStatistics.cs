namespace Croma.Compute.Kernels;

/// <summary>
/// From each image's channel statistics to the coefficients of a normalisation, and on the way back from each image's
/// channel sums to the rest of the coefficients and the gradients of gamma and beta. Sums run over the images in order.
/// </summary>
internal static unsafe class NormStatistics
{
    /// <summary>Added to a variance, as in PyTorch.</summary>
    private const Real Epsilon = (Real)1e-5;

    /// <summary>Batch normalisation: one mean and variance of each channel over all images; all padding is zero.</summary>
    public static void OverBatch(Real* means, Real* squares, Real* gamma, Real* beta, in NormCoefficients to, Real* inverse, int images, int pixels, int stride)
    {
        for (var c = 0; c < stride; c++)
        {
            var (mean, square) = (means[c], squares[c]);
            for (var b = 1; b < images; b++)
            {
                var difference = means[b * stride + c] - mean;
                mean += difference / (b + 1);
                square += squares[b * stride + c] + difference * difference * pixels * b / (b + 1);
            }
            to.Mean[c] = mean;
            inverse[c] = 1 / (Real)Math.Sqrt(square / ((Real)images * pixels) + Epsilon);
            to.Scale[c] = gamma[c] * inverse[c];
            to.Shift[c] = beta[c];
        }
    }

    /// <summary>Group normalisation of one image: a mean and variance of each group of channels.</summary>
    public static void OverGroups(Real* means, Real* squares, Real* gamma, Real* beta, in NormCoefficients to, Real* inverse, int pixels, int channels, int groups, int stride)
    {
        var size = channels / groups;
        for (var start = 0; start < channels; start += size)
        {
            Real mean = 0, square = 0;
            for (var c = start; c < start + size; c++) mean += means[c];
            mean /= size;
            for (var c = start; c < start + size; c++) square += squares[c] + (means[c] - mean) * (means[c] - mean) * pixels;
            var deviation = (Real)Math.Sqrt(square / ((Real)size * pixels) + Epsilon);
            for (var c = start; c < start + size; c++)
            {
                to.Mean[c] = mean;
                inverse[c] = 1 / deviation;
                to.Scale[c] = gamma[c] * inverse[c];
                to.Shift[c] = beta[c];
            }
        }
        for (var c = channels; c < stride; c++) to.Mean[c] = to.Scale[c] = to.Shift[c] = inverse[c] = 0;
    }

    /// <summary>dx = gamma / sigma (dy - mean(dy) - xHat mean(dy xHat)), all means over all images.</summary>
    public static void GradientOverBatch(Real* sums, Real* products, in NormCoefficients to, Real* inverse, Real* dGamma, Real* dBeta, int images, int pixels, int stride)
    {
        var count = (Real)images * pixels;
        for (var c = 0; c < stride; c++)
        {
            Real sum = 0, product = 0;
            for (var b = 0; b < images; b++)
            {
                sum += sums[b * stride + c];
                product += products[b * stride + c];
            }
            to.Offset[c] = -to.Scale[c] * sum / count;
            to.Slope[c] = -to.Scale[c] * inverse[c] * inverse[c] * product / count;
            if (dGamma == null) continue;
            dGamma[c] += product * inverse[c];
            dBeta[c] += sum;
        }
    }

    /// <summary>dx = (gamma dy - mean(gamma dy) - xHat mean(gamma dy xHat)) / sigma, all means over a group of one image.</summary>
    public static void GradientOverGroups(Real* sums, Real* products, Real* gamma, in NormCoefficients to, Real* inverse, Real* dGamma, Real* dBeta, int pixels, int channels, int groups, int stride)
    {
        var size = channels / groups;
        for (var start = 0; start < channels; start += size)
        {
            Real sum = 0, product = 0;
            for (var c = start; c < start + size; c++)
            {
                sum += gamma[c] * sums[c];
                product += gamma[c] * products[c];
            }
            var scale = inverse[start] / ((Real)size * pixels);
            for (var c = start; c < start + size; c++)
            {
                to.Offset[c] = -scale * sum;
                to.Slope[c] = -scale * inverse[c] * inverse[c] * product;
                if (dGamma == null) continue;
                dGamma[c] += products[c] * inverse[c];
                dBeta[c] += sums[c];
            }
        }
        for (var c = channels; c < stride; c++) to.Offset[c] = to.Slope[c] = 0;
    }
}
