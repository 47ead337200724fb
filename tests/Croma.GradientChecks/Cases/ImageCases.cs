using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.GradientChecks.Cases;

/// <summary>Layers and operations over images.</summary>
internal static class ImageCases
{
    /// <summary>What of a layer is differentiated.</summary>
    private enum Trained { ParametersOnly, InputOnly, Both }

    private enum Consumers { NormOnly, NormThenRelu, ReluThenNorm, ConvThenConv }

    private readonly record struct Size(int Count, int Height, int Width, int Channels)
    {
        public int Pixels => Count * Height * Width;
    }

    public static IEnumerable<GradientCase> All => Convolutions.Concat(Transposed).Concat(Normalizations).Concat(Operations).Concat(LargeTensors);

    private static IEnumerable<GradientCase> Convolutions =>
        from shape in ((Size Size, int Outputs, int Kernel)[])
        [
            (new(1, 1, 1, 1), 1, 1), (new(2, 3, 2, 5), 17, 1), (new(1, 1, 1, 3), 5, 3), (new(2, 4, 5, 3), 5, 3), (new(1, 7, 3, 17), 16, 3),
            (new(1, 3, 3, 5), 70, 3), (new(1, 2, 3, 66), 3, 3), (new(1, 4, 3, 2), 3, 5),
        ]
        from stride in (int[])[1, 2]
        from bias in (bool[])[false, true]
        from trained in Enum.GetValues<Trained>()
        select new GradientCase($"convolution {shape.Kernel} x {shape.Kernel}, stride {stride}{(bias ? ", bias" : "")}, {shape.Size} to {shape.Outputs}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            var layer = new Conv2d(layout, "conv", shape.Size.Channels, shape.Outputs, shape.Kernel, stride, bias);
            return Over(layout, shape.Size, trained, layer.Forward);
        }, 60);

    private static IEnumerable<GradientCase> Transposed =>
        from shape in ((Size Size, int Outputs, int Kernel)[])[(new(1, 1, 1, 1), 1, 1), (new(2, 3, 2, 5), 17, 3), (new(1, 2, 3, 17), 5, 3), (new(1, 2, 2, 3), 70, 3), (new(1, 3, 2, 2), 3, 5)]
        from stride in (int[])[1, 2]
        from bias in (bool[])[false, true]
        from trained in Enum.GetValues<Trained>()
        select new GradientCase($"transposed convolution {shape.Kernel} x {shape.Kernel}, stride {stride}{(bias ? ", bias" : "")}, {shape.Size} to {shape.Outputs}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            var layer = new ConvTranspose2d(layout, "conv", shape.Size.Channels, shape.Outputs, shape.Kernel, stride, bias);
            return Over(layout, shape.Size, trained, layer.Forward);
        }, 60);

    private static IEnumerable<GradientCase> Normalizations =>
        from shape in ((Size Size, int Groups)[])
        [
            (new(3, 3, 4, 5), 0), (new(2, 5, 7, 17), 0), (new(1, 2, 2, 3), 0), (new(2, 2, 3, 70), 0),
            (new(2, 3, 4, 6), 2), (new(1, 5, 3, 18), 3), (new(2, 2, 2, 5), 1), (new(2, 7, 5, 4), 4),
        ]
        from tail in ((bool Relu, bool Pool)[])[(false, false), (true, false), (false, true), (true, true)]
        from trained in Enum.GetValues<Trained>()
        select new GradientCase($"normalisation {(shape.Groups == 0 ? "of the batch" : $"of {shape.Groups} groups")}{(tail.Relu ? ", ReLU" : "")}{(tail.Pool ? ", pool" : "")}, {shape.Size}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            return Over(layout, shape.Size, trained, Norm(layout, shape.Size.Channels, shape.Groups, tail.Relu, tail.Pool));
        });

    private static IEnumerable<GradientCase> Operations
    {
        get
        {
            foreach (var size in (Size[])[new(2, 2, 2, 5), new(1, 5, 4, 17), new(2, 4, 7, 16)])
            {
                yield return Operation($"max pooling, {size}", size, (tape, x) => tape.MaxPool(x).Tensor);
                yield return Operation($"global average pooling, {size}", size, (tape, x) => tape.GlobalAveragePool(x));
                yield return Operation($"resizing up, {size}", size, (tape, x) => tape.Resize(x, 2 * size.Height + 1, 3 * size.Width).Tensor);
                yield return Operation($"resizing down, {size}", size, (tape, x) => tape.Resize(x, Math.Max(1, size.Height - 1), size.Width).Tensor);
                yield return Operation($"flatten, {size}", size, (tape, x) => tape.Flatten(x));
            }
        }
    }

    /// <summary>Outputs whose gradients are not cleared beforehand, with several consumers, with none, and seen in another shape.</summary>
    private static IEnumerable<GradientCase> LargeTensors
    {
        get
        {
            foreach (var consumers in Enum.GetValues<Consumers>())
                yield return new($"a convolution's output consumed by {consumers}", () =>
                {
                    var size = new Size(2, 3, 4, 5);
                    var layout = new ParameterLayout();
                    var conv = new Conv2d(layout, "conv", 5, 17);
                    var next = new Conv2d(layout, "next", 17, 17);
                    var norm = Norm(layout, 17, 0, relu: false, pool: false);
                    return Over(layout, size, Trained.Both, (tape, parameters, x) =>
                    {
                        var y = conv.Forward(tape, parameters, x);
                        next.Forward(tape, parameters, y);
                        var (first, second) = consumers switch
                        {
                            Consumers.NormOnly => (norm(tape, parameters, y).Tensor, default),
                            Consumers.NormThenRelu => (norm(tape, parameters, y).Tensor, tape.Relu(y.Tensor)),
                            Consumers.ReluThenNorm => (tape.Relu(y.Tensor), norm(tape, parameters, y).Tensor),
                            _ => (next.Forward(tape, parameters, y).Tensor, next.Forward(tape, parameters, y).Tensor),
                        };
                        return new ImageBatch(second.Rows == 0 ? first : tape.Add(first, second), y.Count, y.Height, y.Width);
                    });
                });
            yield return new("dropout of a convolution, through another", () =>
            {
                var layout = new ParameterLayout();
                var (conv, next) = (new Conv2d(layout, "conv", 5, 17), new ConvTranspose2d(layout, "next", 17, 3));
                return Over(layout, new Size(2, 3, 2, 5), Trained.Both, (tape, parameters, x) =>
                {
                    var y = conv.Forward(tape, parameters, x);
                    return next.Forward(tape, parameters, new ImageBatch(tape.Dropout(y.Tensor, 0.4, 7), y.Count, y.Height, y.Width));
                });
            });
            yield return new("a flattened convolution", () =>
            {
                var layout = new ParameterLayout();
                var conv = new Conv2d(layout, "conv", 5, 16);
                var linear = new Linear(layout, "linear", 6 * 16, 3);
                return Over(layout, new Size(2, 2, 3, 5), Trained.Both, (tape, parameters, x) =>
                    new ImageBatch(linear.Forward(tape, parameters, tape.Flatten(conv.Forward(tape, parameters, x))), 2, 1, 1));
            });
        }
    }

    private static Func<Tape, ParameterVector, ImageBatch, ImageBatch> Norm(ParameterLayout layout, int channels, int groups, bool relu, bool pool) =>
        groups == 0 ? new BatchNorm(layout, "norm", channels, relu, pool).Forward : new GroupNorm(layout, "norm", channels, groups, relu, pool).Forward;

    private static GradientCase Operation(string name, Size size, Func<Tape, ImageBatch, Tensor> operation) => new(name, () =>
        new Problem(31).Variable(size.Pixels, size.Channels).Of((tape, x) => tape.WeightedSum(operation(tape, new ImageBatch(x[0], size.Count, size.Height, size.Width)))));

    /// <summary>A layer whose vectors (scales, shifts, biases) are drawn too: their initial ones and zeros would hide errors.</summary>
    private static Problem Over(ParameterLayout layout, Size size, Trained trained, Func<Tape, ParameterVector, ImageBatch, ImageBatch> layer)
    {
        var problem = new Problem(30);
        var parameters = problem.Add(layout, trained != Trained.InputOnly);
        foreach (var block in layout.Blocks.Where(b => b.Form == BlockForm.Vector)) parameters.Write(block, problem.Normal(block.Columns));
        if (trained == Trained.ParametersOnly)
        {
            var input = problem.Normal(size.Pixels * size.Channels);
            return problem.Of((tape, _) => tape.WeightedSum(layer(tape, parameters, tape.Images(input, size.Count, size.Height, size.Width, size.Channels)).Tensor));
        }
        return problem.Variable(size.Pixels, size.Channels).Of((tape, x) =>
            tape.WeightedSum(layer(tape, parameters, new ImageBatch(x[0], size.Count, size.Height, size.Width)).Tensor));
    }
}
