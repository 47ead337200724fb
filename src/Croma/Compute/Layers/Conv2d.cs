using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>
/// A two-dimensional convolution with zeros around the image, (kernel - 1) / 2 wide ('same' padding). Starts as
/// PyTorch's Conv2d does: uniform in +-1/sqrt(kernel^2 inputs). Row (ky * kernel + kx) * inputs + c of its weight
/// [kernel^2 inputs, outputs] is PyTorch's weight[:, c, ky, kx].
/// </summary>
public sealed unsafe class Conv2d
{
    private readonly ParameterBlock _weight;
    private readonly ParameterBlock? _bias;
    private readonly int _inputs, _outputs, _kernel, _stride;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Height and width of the kernel, odd. Default 3.</param>
    /// <param name="stride">Pixels from one window to the next, 1 or 2. Default 1.</param>
    /// <param name="bias">Whether a bias is added; a normalisation that follows makes it useless.</param>
    public Conv2d(ParameterLayout layout, string name, int inputs, int outputs, int kernel = 3, int stride = 1, bool bias = true)
    {
        if (kernel < 1 || kernel % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernel), $"The kernel of '{name}' has an odd height and width, not {kernel}.");
        if (stride is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(stride), $"The stride of '{name}' is 1 or 2, not {stride}.");
        var scale = 1 / Math.Sqrt((double)kernel * kernel * inputs);
        _weight = layout.Add(name + ".weight", kernel * kernel * inputs, outputs, BlockForm.Panels, scale);
        if (bias) _bias = layout.Add(name + ".bias", 1, outputs, BlockForm.Vector, scale);
        (_inputs, _outputs, _kernel, _stride) = (inputs, outputs, kernel, stride);
    }

    /// <summary>x [count, height, width, inputs] to y [count, height / stride, width / stride, outputs], sizes rounded up.</summary>
    public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x)
    {
        if (x.Channels != _inputs) throw new ArgumentException($"'{_weight.Name}' takes images of {_inputs} channels, not {x.Channels}.", nameof(x));
        var shape = new ConvShape(x.Height, x.Width, _inputs, _outputs, _kernel, _stride);
        var trained = parameters.IsTrained;
        var y = new ImageBatch(tape.NewLargeTensor(x.Count * shape.OutHeight * shape.OutWidth, _outputs, trained || x.Tensor.NeedsGradient), x.Count, shape.OutHeight, shape.OutWidth);
        var weight = parameters.Values + _weight.Offset;
        var bias = _bias == null ? null : parameters.Values + _bias.Offset;
        var padded = tape.Scratch((long)x.Count * shape.PaddedInput);
        NativeMemory.Clear(padded, (nuint)x.Count * (nuint)shape.PaddedInput * sizeof(Real));
        for (var b = 0; b < x.Count; b++)
        {
            var image = padded + (long)b * shape.PaddedInput;
            Conv.Pad(x.Tensor.Values + b * x.ImageSize, x.Tensor.Stride, x.Height, x.Width, 1, shape, image);
            Conv.Multiply(shape, image, weight, bias, y.Tensor.Values + b * y.ImageSize, y.Tensor.Stride, add: false);
        }
        if (y.Tensor.NeedsGradient)
        {
            parameters.Use(_weight);
            if (_bias != null) parameters.Use(_bias);
            var node = tape.Record<Conv2dNode>();
            (node.X, node.Y, node.Shape) = (x, y, shape);
            node.Weight = weight;
            node.Padded = padded;
            node.WeightGradient = trained ? parameters.Gradients + _weight.Offset : null;
            node.BiasGradient = trained && _bias != null ? parameters.Gradients + _bias.Offset : null;
            node.Flipped = x.Tensor.NeedsGradient ? tape.Scratch(Panels.Size(shape.Back.Depth, _inputs)) : null;
            node.Spread = x.Tensor.NeedsGradient ? tape.Scratch(shape.Back.PaddedInput) : null;
        }
        return y;
    }

    private sealed class Conv2dNode : Node
    {
        public ImageBatch X, Y;
        public ConvShape Shape;
        public Real* Weight, Padded, WeightGradient, BiasGradient, Flipped, Spread;

        public override void Backward()
        {
            if (WeightGradient != null) AddWeightGradient();
            if (X.Tensor.NeedsGradient) AddInputGradient();
        }

        private void AddWeightGradient()
        {
            var gradients = Y.Tensor.Gradients;
            for (var b = 0; b < X.Count; b++)
            {
                var dy = gradients + b * Y.ImageSize;
                Conv.AddWeightGradient(Shape, Padded + (long)b * Shape.PaddedInput, dy, Y.Tensor.Stride, WeightGradient, 0, Shape.Kernel);
                if (BiasGradient != null) Gemm.AddColumnSums(dy, Y.Tensor.Stride, BiasGradient, Y.Pixels, Y.Channels);
            }
        }

        private void AddInputGradient()
        {
            var back = Shape.Back;
            var dx = X.Tensor.GradientsToWrite(out var add);
            Conv.FlipAndTranspose(Shape, Weight, Flipped);
            NativeMemory.Clear(Spread, (nuint)back.PaddedInput * sizeof(Real));
            var dy = Y.Tensor.Gradients;
            for (var b = 0; b < X.Count; b++)
            {
                Conv.Pad(dy + b * Y.ImageSize, Y.Tensor.Stride, Y.Height, Y.Width, Shape.Stride, back, Spread);
                Conv.Multiply(back, Spread, Flipped, null, dx + b * X.ImageSize, X.Tensor.Stride, add);
            }
        }
    }
}
