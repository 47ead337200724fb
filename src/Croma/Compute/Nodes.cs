using Croma.Compute.Kernels;

namespace Croma.Compute;

internal sealed unsafe class ReluNode : Node
{
    private Tensor _x, _y;

    public void Set(Tensor x, Tensor y) => (_x, _y) = (x, y);

    public override void Backward() => VectorKernels.ReluGradient(_y.Values, _y.Gradients, _x.Gradients, _y.Size);
}

internal sealed unsafe class ScaleNode : Node
{
    private Tensor _x, _factors, _y;

    public void Set(Tensor x, Tensor factors, Tensor y) => (_x, _factors, _y) = (x, factors, y);

    public override void Backward()
    {
        var dx = _x.Gradients;
        var dy = _y.Gradients;
        for (var i = 0; i < _y.Size; i++) dx[i] += _factors.Values[i] * dy[i];
    }
}

internal sealed unsafe class NormalizeNode : Node
{
    private Tensor _x, _y;
    private Real* _norms;

    public void Set(Tensor x, Tensor y, Real* norms)
    {
        (_x, _y) = (x, y);
        _norms = norms;
    }

    public override void Backward() =>
        Elementwise.NormalizeGradient(_y.Values, _norms, _y.Gradients, _x.Gradients, _x.Rows, _x.Columns, _x.Stride);
}

internal sealed unsafe class ConcatenateNode : Node
{
    private Tensor _left, _right, _y;

    public void Set(Tensor left, Tensor right, Tensor y) => (_left, _right, _y) = (left, right, y);

    public override void Backward()
    {
        for (var r = 0; r < _y.Rows; r++)
        {
            var row = _y.Gradients + (long)r * _y.Stride;
            AddRow(_left, r, row);
            AddRow(_right, r, row + _left.Columns);
        }
    }

    private static void AddRow(Tensor x, int r, Real* gradient)
    {
        if (!x.NeedsGradient) return;
        var to = x.Gradients + (long)r * x.Stride;
        for (var c = 0; c < x.Columns; c++) to[c] += gradient[c];
    }
}

internal sealed unsafe class MaxOverTimeNode : Node
{
    private Tensor _x, _y;
    private Real* _argmax;

    public void Set(Tensor x, Tensor y, Real* argmax)
    {
        (_x, _y) = (x, y);
        _argmax = argmax;
    }

    public override void Backward()
    {
        for (var b = 0; b < _y.Rows; b++)
            for (var c = 0; c < _y.Columns; c++)
            {
                var at = (long)b * _y.Stride + c;
                _x.Gradients[((long)(int)_argmax[at] * _y.Rows + b) * _x.Stride + c] += _y.Gradients[at];
            }
    }
}

internal sealed unsafe class GroupMeansNode : Node
{
    private Tensor _x, _y;
    private int* _memberOf, _sizes;

    public void Set(Tensor x, Tensor y, int* memberOf, int* sizes)
    {
        (_x, _y) = (x, y);
        _memberOf = memberOf;
        _sizes = sizes;
    }

    public override void Backward()
    {
        for (var i = 0; i < _x.Rows; i++)
            VectorKernels.AddScaled(_x.Gradients + (long)i * _x.Stride, _y.Gradients + (long)_memberOf[i] * _y.Stride, 1 / (Real)_sizes[_memberOf[i]], _x.Columns);
    }
}

internal sealed unsafe class InnerProductsNode : Node
{
    private Tensor _a, _b, _s;

    public void Set(Tensor a, Tensor b, Tensor s) => (_a, _b, _s) = (a, b, s);

    public override void Backward()
    {
        if (_a.NeedsGradient)
            Gemm.AddProduct(_s.Gradients, _s.Stride, 1, _b.Values, _b.Stride, _a.Gradients, _a.Stride, _a.Rows, _a.Columns, _b.Rows);
        if (_b.NeedsGradient)
            Gemm.AddProduct(_s.Gradients, 1, _s.Stride, _a.Values, _a.Stride, _b.Gradients, _b.Stride, _b.Rows, _b.Columns, _a.Rows);
    }
}

internal sealed unsafe class AddNode : Node
{
    private Tensor _a, _b, _y;

    public void Set(Tensor a, Tensor b, Tensor y) => (_a, _b, _y) = (a, b, y);

    public override void Backward()
    {
        if (_a.NeedsGradient) VectorKernels.AddScaled(_a.Gradients, _y.Gradients, 1, _y.Size);
        if (_b.NeedsGradient) VectorKernels.AddScaled(_b.Gradients, _y.Gradients, 1, _y.Size);
    }
}

/// <summary>A scalar loss whose gradient with respect to its input, and to a parameter if it has one, is known already.</summary>
internal sealed unsafe class LossNode : Node
{
    private Tensor _x, _loss;
    private Real* _gradient, _parameterGradient;
    private Real _slope;

    public void Set(Tensor x, Real* gradient, Tensor loss, Real* parameterGradient, Real slope)
    {
        (_x, _loss, _slope) = (x, loss, slope);
        _gradient = gradient;
        _parameterGradient = parameterGradient;
    }

    public override void Backward()
    {
        if (_x.NeedsGradient) VectorKernels.AddScaled(_x.Gradients, _gradient, _loss.Gradients[0], _x.Size);
        if (_parameterGradient != null) *_parameterGradient += _slope * _loss.Gradients[0];
    }
}

internal sealed unsafe class SquaredErrorNode : Node
{
    private Tensor _a, _b, _loss;
    private Real* _difference;
    private Real _scale;

    public void Set(Tensor a, Tensor b, Real* difference, Real scale, Tensor loss)
    {
        (_a, _b, _loss, _scale) = (a, b, loss, scale);
        _difference = difference;
    }

    public override void Backward()
    {
        var slope = _scale * _loss.Gradients[0];
        if (_a.NeedsGradient) VectorKernels.AddScaled(_a.Gradients, _difference, slope, _a.Size);
        if (_b.NeedsGradient) VectorKernels.AddScaled(_b.Gradients, _difference, -slope, _b.Size);
    }
}
