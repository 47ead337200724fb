using System.Runtime.InteropServices;
using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>
/// A transposed convolution: what leads from the gradient of a <see cref="Conv2d"/>'s output back to that of its input, as a
/// layer that enlarges images. As PyTorch's ConvTranspose2d with padding (kernel - 1) / 2 and output_padding stride - 1. Starts
/// uniform in +-1/sqrt(kernel^2 outputs), as there. Row (ky * kernel + kx) * outputs + c of its weight
/// [kernel^2 outputs, inputs] is PyTorch's weight[:, c, ky, kx].
/// </summary>
public sealed unsafe class ConvTranspose2d
{
    private readonly ParameterBlock _weight;
    private readonly ParameterBlock? _bias;
    private readonly int _inputs, _outputs, _kernel, _stride;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Height and width of the kernel, odd. Default 3.</param>
    /// <param name="stride">How many times as high and wide y is, 1 or 2. Default 2.</param>
    /// <param name="bias">Whether a bias is added; a normalisation that follows makes it useless.</param>
    public ConvTranspose2d(ParameterLayout layout, string name, int inputs, int outputs, int kernel = 3, int stride = 2, bool bias = true)
    {
        if (kernel < 1 || kernel % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernel), $"The kernel of '{name}' has an odd height and width, not {kernel}.");
        if (stride is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(stride), $"The stride of '{name}' is 1 or 2, not {stride}.");
        var scale = 1 / Math.Sqrt((double)kernel * kernel * outputs);
        _weight = layout.Add(name + ".weight", kernel * kernel * outputs, inputs, BlockForm.Panels, scale);
        if (bias) _bias = layout.Add(name + ".bias", 1, outputs, BlockForm.Vector, scale);
        (_inputs, _outputs, _kernel, _stride) = (inputs, outputs, kernel, stride);
    }

    /// <summary>x [count, height, width, inputs] to y [count, stride * height, stride * width, outputs].</summary>
    public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x)
    {
        if (x.Channels != _inputs) throw new ArgumentException($"'{_weight.Name}' takes images of {_inputs} channels, not {x.Channels}.", nameof(x));
        // the convolution whose way back this is: from y to x
        var shape = new ConvShape(_stride * x.Height, _stride * x.Width, _outputs, _inputs, _kernel, _stride);
        var (back, trained) = (shape.Back, parameters.IsTrained);
        var y = new ImageBatch(tape.NewLargeTensor(x.Count * shape.Height * shape.Width, _outputs, trained || x.Tensor.NeedsGradient), x.Count, shape.Height, shape.Width);
        var weight = parameters.Values + _weight.Offset;
        var flipped = tape.Scratch(Panels.Size(back.Depth, _outputs));
        var spread = tape.Scratch(back.PaddedInput);
        Conv.FlipAndTranspose(shape, weight, flipped);
        NativeMemory.Clear(spread, (nuint)back.PaddedInput * sizeof(Real));
        for (var b = 0; b < x.Count; b++)
        {
            Conv.Pad(x.Tensor.Values + b * x.ImageSize, x.Tensor.Stride, x.Height, x.Width, _stride, back, spread);
            Conv.Multiply(back, spread, flipped, _bias == null ? null : parameters.Values + _bias.Offset, y.Tensor.Values + b * y.ImageSize, y.Tensor.Stride, add: false);
        }
        if (y.Tensor.NeedsGradient)
        {
            parameters.Use(_weight);
            if (_bias != null) parameters.Use(_bias);
            var node = tape.Record<ConvTranspose2dNode>();
            (node.X, node.Y, node.Shape) = (x, y, shape);
            node.Weight = weight;
            node.WeightGradient = trained ? parameters.Gradients + _weight.Offset : null;
            node.BiasGradient = trained && _bias != null ? parameters.Gradients + _bias.Offset : null;
            node.Padded = tape.Scratch(shape.PaddedInput);
        }
        return y;
    }

    private sealed class ConvTranspose2dNode : Node
    {
        public ImageBatch X, Y;
        public ConvShape Shape;
        public Real* Weight, WeightGradient, BiasGradient, Padded;

        public override void Backward()
        {
            var dy = Y.Tensor.Gradients;
            var add = false;
            var dx = X.Tensor.NeedsGradient ? X.Tensor.GradientsToWrite(out add) : null;
            NativeMemory.Clear(Padded, (nuint)Shape.PaddedInput * sizeof(Real));
            for (var b = 0; b < X.Count; b++)
            {
                Conv.Pad(dy + b * Y.ImageSize, Y.Tensor.Stride, Y.Height, Y.Width, 1, Shape, Padded);
                if (WeightGradient != null) Conv.AddWeightGradient(Shape, Padded, X.Tensor.Values + b * X.ImageSize, X.Tensor.Stride, WeightGradient, 0, Shape.Kernel);
                if (BiasGradient != null) Gemm.AddColumnSums(dy + b * Y.ImageSize, Y.Tensor.Stride, BiasGradient, Y.Pixels, Y.Channels);
                if (dx != null) Conv.Multiply(Shape, Padded, Weight, null, dx + b * X.ImageSize, X.Tensor.Stride, add);
            }
        }
    }
}
