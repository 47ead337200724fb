using Croma.Compute.Kernels;

namespace Croma.Compute;

internal sealed unsafe class MaxPoolNode : Node
{
    private ImageBatch _x, _y;
    private Real* _winners;

    public void Set(ImageBatch x, ImageBatch y, Real* winners)
    {
        (_x, _y) = (x, y);
        _winners = winners;
    }

    public override void Backward()
    {
        var dx = _x.Tensor.Gradients;
        var dy = _y.Tensor.Gradients;
        for (var b = 0; b < _x.Count; b++)
            ImageOperations.MaxPoolGradient(dy + b * _y.ImageSize, _winners + b * _y.ImageSize, dx + b * _x.ImageSize, _x.Height, _x.Width, _x.Tensor.Stride);
    }
}

internal sealed unsafe class GlobalAveragePoolNode : Node
{
    private ImageBatch _x;
    private Tensor _y;

    public void Set(ImageBatch x, Tensor y) => (_x, _y) = (x, y);

    public override void Backward()
    {
        var dx = _x.Tensor.Gradients;
        var dy = _y.Gradients;
        for (var b = 0; b < _x.Count; b++)
            for (var p = 0; p < _x.Pixels; p++)
                VectorKernels.AddScaled(dx + ((long)b * _x.Pixels + p) * _y.Stride, dy + (long)b * _y.Stride, 1 / (Real)_x.Pixels, _y.Stride);
    }
}

internal sealed unsafe class ResizeNode : Node
{
    private ImageBatch _x, _y;

    public void Set(ImageBatch x, ImageBatch y) => (_x, _y) = (x, y);

    /// <summary>The row of x that a row of y shows.</summary>
    public static long Nearest(ImageBatch x, ImageBatch y, int row)
    {
        var (image, pixel) = Math.DivRem(row, y.Pixels);
        var (top, left) = Math.DivRem(pixel, y.Width);
        return ((long)image * x.Height + top * x.Height / y.Height) * x.Width + left * x.Width / y.Width;
    }

    public override void Backward()
    {
        var dx = _x.Tensor.Gradients;
        var dy = _y.Tensor.Gradients;
        for (var row = 0; row < _y.Tensor.Rows; row++)
            VectorKernels.AddScaled(dx + Nearest(_x, _y, row) * _x.Tensor.Stride, dy + (long)row * _y.Tensor.Stride, 1, _y.Tensor.Stride);
    }
}

internal sealed unsafe class FlattenNode : Node
{
    private ImageBatch _x;
    private Tensor _y;

    public void Set(ImageBatch x, Tensor y) => (_x, _y) = (x, y);

    public override void Backward()
    {
        var dx = _x.Tensor.Gradients;
        var dy = _y.Gradients;
        for (var b = 0; b < _x.Count; b++)
            for (var p = 0; p < _x.Pixels; p++)
                VectorKernels.AddScaled(dx + ((long)b * _x.Pixels + p) * _x.Tensor.Stride, dy + (long)b * _y.Stride + p * _x.Channels, 1, _x.Channels);
    }
}
