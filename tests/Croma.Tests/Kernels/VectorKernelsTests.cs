using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

[Collection(InstructionSets.Name)]
public sealed unsafe class VectorKernelsTests
{
    private static readonly int[] s_counts = [1, 3, 4, 7, 8, 15, 16, 17, 31, 64, 100, 1000];

    [Fact]
    public void Passes_agree_with_their_formulas_and_stay_within_their_run() => ForEachCount((set, count, random) =>
    {
        float[] x = Matrices.Random(random, count + 1), y = Matrices.Random(random, count + 1), z = Matrices.Random(random, count + 1);
        var scaled = Matrices.Copy(y);
        VectorKernels.AddScaled(scaled.Pointer(), x.Pointer(), 0.3f, count);
        var moved = Matrices.Copy(y);
        VectorKernels.MoveTowards(moved.Pointer(), x.Pointer(), 0.3f, count);
        var rectified = Matrices.Copy(y);
        VectorKernels.Relu(x.Pointer(), rectified.Pointer(), count);
        var gradient = Matrices.Copy(y);
        VectorKernels.ReluGradient(x.Pointer(), z.Pointer(), gradient.Pointer(), count);
        var exponential = Matrices.Copy(y);
        VectorKernels.Exp(x.Pointer(), exponential.Pointer(), 0.25f, count);
        for (var i = 0; i < count; i++)
        {
            Matrices.AssertClose(y[i] + 0.3 * x[i], scaled[i], 1, $"{set} scaled sum {i} of {count}");
            Matrices.AssertClose(y[i] + 0.3 * (x[i] - y[i]), moved[i], 1, $"{set} movement {i} of {count}");
            Assert.Equal(Math.Max(x[i], 0), rectified[i]);
            Assert.Equal(x[i] > 0 ? y[i] + z[i] : y[i], gradient[i]);
            Matrices.AssertClose(Math.Exp(x[i] - 0.25), exponential[i], 1, $"{set} exponential {i} of {count}");
        }
        foreach (var result in new[] { scaled, moved, rectified, gradient, exponential }) Assert.Equal(y[count], result[count]);
    });

    [Fact]
    public void Relu_passes_on_what_is_not_a_number() => ForEachCount((_, count, _) =>
    {
        var x = Matrices.Filled(count, float.NaN);
        VectorKernels.Relu(x.Pointer(), x.Pointer(), count);
        Assert.All(x, value => Assert.True(float.IsNaN(value)));
    });

    [Fact]
    public void Sums_agree_with_sums_in_double_precision() => ForEachCount((set, count, random) =>
    {
        float[] x = Matrices.Random(random, count), y = Matrices.Random(random, count);
        double dot = 0, sum = 0;
        for (var i = 0; i < count; i++) (dot, sum) = (dot + (double)x[i] * y[i], sum + x[i]);
        Matrices.AssertClose(dot, VectorKernels.Dot(x.Pointer(), y.Pointer(), count), Math.Sqrt(count), $"{set} dot {count}");
        Matrices.AssertClose(sum, VectorKernels.Sum(x.Pointer(), count), Math.Sqrt(count), $"{set} sum {count}");
    });

    [Theory, InlineData(0.0), InlineData(0.9)]
    public void Adam_agrees_with_its_equations(double beta1) => ForEachCount((set, count, random) =>
    {
        float[] p = Matrices.Random(random, count + 1), m = Matrices.Filled(count + 1, 0), v = Matrices.Filled(count + 1, 0);
        var (pExact, mExact, vExact) = (Array.ConvertAll(p, x => (double)x), new double[count + 1], new double[count + 1]);
        for (var t = 1; t <= 3; t++)
        {
            var g = Matrices.Random(random, count + 1);
            var (correction1, correction2) = (1 - Math.Pow(beta1, t), 1 - Math.Pow(0.999, t));
            VectorKernels.Adam(p.Pointer(), g.Pointer(), beta1 == 0 ? null : m.Pointer(), v.Pointer(), new AdamRates(1e-2, beta1, 0.999, 1e-8, t), count);
            for (var i = 0; i < count; i++)
            {
                mExact[i] = beta1 * mExact[i] + (1 - beta1) * g[i];
                vExact[i] = 0.999 * vExact[i] + (1 - 0.999) * g[i] * g[i];
                pExact[i] -= 1e-2 * mExact[i] / correction1 / (Math.Sqrt(vExact[i] / correction2) + 1e-8);
            }
        }
        for (var i = 0; i <= count; i++)
        {
            Matrices.AssertClose(pExact[i], p[i], 1, $"{set} parameter {i} of {count}");
            Matrices.AssertClose(vExact[i] / (1 - 0.999), v[i], 1, $"{set} second moment {i} of {count}");
        }
    });

    private static void ForEachCount(Action<InstructionSet, int, CounterRandom> body) => InstructionSets.ForEach(set =>
    {
        foreach (var count in s_counts) body(set, count, new CounterRandom(9, (ulong)count));
    });
}
