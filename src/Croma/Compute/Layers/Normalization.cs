using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>What <see cref="BatchNorm"/> and <see cref="GroupNorm"/> have in common: all but whose mean and variance are taken.</summary>
internal sealed unsafe class Normalization
{
    private readonly ParameterBlock _gamma, _beta;
    private readonly int _groups;
    private readonly bool _relu, _pool;

    /// <param name="layout">Where its parameters are added.</param>
    /// <param name="name">Their name's beginning.</param>
    /// <param name="channels">Channels of x.</param>
    /// <param name="groups">Groups of channels normalised together in each image; 0: each channel over all images.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    /// <param name="pool">Whether 2 x 2 maximum pooling follows that.</param>
    public Normalization(ParameterLayout layout, string name, int channels, int groups, bool relu, bool pool)
    {
        _gamma = layout.Add(name + ".gamma", 1, channels, BlockForm.Vector, 0, value: 1);
        _beta = layout.Add(name + ".beta", 1, channels, BlockForm.Vector, 0);
        (_groups, _relu, _pool) = (groups, relu, pool);
    }

    public ImageBatch Forward(Tape tape, ParameterVector parameters, ImageBatch x)
    {
        if (x.Channels != _gamma.Columns) throw new ArgumentException($"'{_gamma.Name}' takes images of {_gamma.Columns} channels, not {x.Channels}.", nameof(x));
        if (_pool) ImageOperations.RequirePoolable(x);
        var trained = parameters.IsTrained;
        var (height, width) = _pool ? (x.Height / 2, x.Width / 2) : (x.Height, x.Width);
        var stride = x.Tensor.Stride;
        var sets = _groups == 0 ? 1 : x.Count;
        var y = new ImageBatch(tape.NewLargeTensor(x.Count * height * width, x.Channels, trained || x.Tensor.NeedsGradient), x.Count, height, width);
        if (trained)
        {
            parameters.Use(_gamma);
            parameters.Use(_beta);
        }
        var node = y.Tensor.NeedsGradient ? tape.Record<NormNode>() : tape.Unrecorded<NormNode>();
        (node.X, node.Y, node.Groups, node.Pool) = (x, y, _groups, _pool);
        node.Gamma = parameters.Values + _gamma.Offset;
        node.Beta = parameters.Values + _beta.Offset;
        node.GammaGradient = trained ? parameters.Gradients + _gamma.Offset : null;
        node.BetaGradient = trained ? parameters.Gradients + _beta.Offset : null;
        node.First = tape.Scratch((long)x.Count * stride);
        node.Second = tape.Scratch((long)x.Count * stride);
        node.Inverse = tape.Scratch((long)sets * stride);
        node.Coefficients = new NormCoefficients
        {
            Mean = tape.Scratch((long)sets * stride),
            Scale = tape.Scratch((long)sets * stride),
            Shift = tape.Scratch((long)sets * stride),
            Slope = tape.Scratch((long)sets * stride),
            Offset = tape.Scratch((long)sets * stride),
            Floor = _relu ? 0 : Real.NegativeInfinity,
        };
        if (_pool) node.Winners = new PoolWinners { Number = tape.Scratch(y.Tensor.Size), Deviation = tape.Scratch(y.Tensor.Size) };
        node.Forward();
        return y;
    }
}

/// <summary>A normalisation of images; every pass goes image by image, so that images may be shared out among threads.</summary>
internal sealed unsafe class NormNode : Node
{
    public ImageBatch X, Y;
    public int Groups;
    public bool Pool;
    public Real* Gamma, Beta, GammaGradient, BetaGradient, Inverse;

    /// <summary>Each image's channel means and squared deviations, on the way back its sums of dy and of dy (x - mean).</summary>
    public Real* First, Second;

    public NormCoefficients Coefficients;
    public PoolWinners Winners;

    private int Stride => X.Tensor.Stride;

    public void Forward()
    {
        if (Groups == 0)
        {
            for (var b = 0; b < X.Count; b++) Measure(b);
            NormStatistics.OverBatch(First, Second, Gamma, Beta, Coefficients, Inverse, X.Count, X.Pixels, Stride);
            for (var b = 0; b < X.Count; b++) Apply(b);
            return;
        }
        for (var b = 0; b < X.Count; b++)
        {
            Measure(b);
            NormStatistics.OverGroups(First + b * Stride, Second + b * Stride, Gamma, Beta, Coefficients.At(b * Stride), Inverse + b * Stride,
                X.Pixels, X.Channels, Groups, Stride);
            Apply(b);
        }
    }

    public override void Backward()
    {
        var dy = Y.Tensor.Gradients;
        var add = true;
        var dx = X.Tensor.NeedsGradient ? X.Tensor.GradientsToWrite(out add) : null;
        if (Groups == 0)
        {
            for (var b = 0; b < X.Count; b++) SumGradients(b, dy);
            NormStatistics.GradientOverBatch(First, Second, Coefficients, Inverse, GammaGradient, BetaGradient, X.Count, X.Pixels, Stride);
            if (dx == null) return;
            for (var b = 0; b < X.Count; b++) ApplyGradient(b, dy, dx, add);
            return;
        }
        for (var b = 0; b < X.Count; b++)
        {
            SumGradients(b, dy);
            NormStatistics.GradientOverGroups(First + b * Stride, Second + b * Stride, Gamma, Coefficients.At(b * Stride), Inverse + b * Stride,
                GammaGradient, BetaGradient, X.Pixels, X.Channels, Groups, Stride);
            if (dx != null) ApplyGradient(b, dy, dx, add);
        }
    }

    private NormCoefficients CoefficientsOf(int image) => Groups == 0 ? Coefficients : Coefficients.At((long)image * Stride);

    private void Measure(int image) =>
        ChannelStatistics.Of(X.Tensor.Values + image * X.ImageSize, X.Pixels, Stride, First + image * Stride, Second + image * Stride);

    private void Apply(int image)
    {
        var x = X.Tensor.Values + image * X.ImageSize;
        var y = Y.Tensor.Values + image * Y.ImageSize;
        if (Pool) NormPool.Apply(x, y, Winners.At(image * Y.ImageSize), CoefficientsOf(image), X.Height, X.Width, Stride);
        else Norm.Apply(x, y, CoefficientsOf(image), X.Pixels, Stride);
    }

    private void SumGradients(int image, Real* dy)
    {
        var sums = First + image * Stride;
        var products = Second + image * Stride;
        dy += image * Y.ImageSize;
        if (Pool) NormPool.GradientSums(dy, Winners.At(image * Y.ImageSize), sums, products, Y.Pixels, Stride);
        else Norm.GradientSums(X.Tensor.Values + image * X.ImageSize, dy, CoefficientsOf(image), sums, products, X.Pixels, Stride);
    }

    private void ApplyGradient(int image, Real* dy, Real* dx, bool add)
    {
        var x = X.Tensor.Values + image * X.ImageSize;
        dy += image * Y.ImageSize;
        dx += image * X.ImageSize;
        if (Pool) NormPool.ApplyGradient(x, dy, dx, Winners.At(image * Y.ImageSize), CoefficientsOf(image), X.Height, X.Width, Stride, add);
        else Norm.ApplyGradient(x, dy, dx, CoefficientsOf(image), X.Pixels, Stride, add);
    }
}
