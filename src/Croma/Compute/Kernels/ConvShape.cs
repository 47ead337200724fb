namespace Croma.Compute.Kernels;

/// <summary>
/// The sizes of a convolution of one image, with a margin of (kernel - 1) / 2 zeros all around ('same'): at stride 1
/// the output is as large as the input, at stride 2 half as large, rounded up.
/// </summary>
internal readonly record struct ConvShape(int Height, int Width, int InChannels, int OutChannels, int Kernel, int Stride)
{
    public int Margin => (Kernel - 1) / 2;

    public int OutHeight => (Height - 1) / Stride + 1;

    public int OutWidth => (Width - 1) / Stride + 1;

    public int PaddedWidth => Width + Kernel - 1;

    /// <summary>Numbers in an input image with its margin, channels without padding, rounded up to whole cache lines.</summary>
    public int PaddedInput => Panels.Padded((Height + Kernel - 1) * PaddedWidth * InChannels);

    /// <summary>Inputs of the weight matrix: rows (ky, kx, channel).</summary>
    public int Depth => Kernel * Kernel * InChannels;

    /// <summary>
    /// The convolution that leads from the gradient of the output back to the gradient of the input: the output's
    /// pixels <see cref="Stride"/> apart, zeros between them, and the weights flipped and transposed.
    /// </summary>
    public ConvShape Back => new(Height, Width, OutChannels, InChannels, Kernel, 1);
}
