namespace Croma.Compute.Kernels;

/// <summary>Passes over long runs of numbers.</summary>
internal static unsafe class VectorKernels
{
    /// <summary>y += scale x.</summary>
    public static void AddScaled(Real* y, Real* x, Real scale, int count)
    {
        for (var i = 0; i < count; i++) y[i] += scale * x[i];
    }

    /// <summary>y += rate (x - y): Reptile's update.</summary>
    public static void MoveTowards(Real* y, Real* x, Real rate, int count)
    {
        for (var i = 0; i < count; i++) y[i] += rate * (x[i] - y[i]);
    }

    /// <summary>The inner product, summed in a fixed order.</summary>
    public static Real Dot(Real* x, Real* y, int count)
    {
        Real sum = 0;
        for (var i = 0; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>max(0, x).</summary>
    public static void Relu(Real* x, Real* y, int count)
    {
        for (var i = 0; i < count; i++) y[i] = Math.Max(x[i], 0);
    }

    /// <summary>dx += dy where y &gt; 0.</summary>
    public static void ReluGradient(Real* y, Real* dy, Real* dx, int count)
    {
        for (var i = 0; i < count; i++) if (y[i] > 0) dx[i] += dy[i];
    }

    /// <summary>
    /// Adam (Kingma and Ba 2015), bias-corrected: m and v are the moments; first moment null means beta1 = 0.
    /// p -= stepSize * mHat / (sqrt(vHat) + epsilon), with mHat = m / correction1 and vHat = v / correction2.
    /// </summary>
    public static void Adam(Real* p, Real* gradient, Real* m, Real* v, Real stepSize, Real beta1, Real beta2, Real epsilon, Real correction1, Real correction2, int count)
    {
        var root = (Real)Math.Sqrt(correction2);
        for (var i = 0; i < count; i++)
        {
            var g = gradient[i];
            var first = g;
            if (m != null) first = m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            p[i] -= stepSize / correction1 * first / ((Real)Math.Sqrt(v[i]) / root + epsilon);
        }
    }
}
