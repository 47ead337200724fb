using System.Numerics;

namespace Croma.Compute.Kernels;

/// <summary>Passes over activations that are too short to matter for speed: one text for every instruction set.</summary>
internal static unsafe class Elementwise
{
    /// <summary>dy = 0 wherever y is not positive: the gradient through a fused ReLU, in place.</summary>
    public static void ZeroWhereNotPositive(Real* y, Real* dy, int count)
    {
        for (var i = 0; i < count; i += Vector<Real>.Count)
        {
            var positive = Vector.GreaterThan(Vector.Load(y + i), Vector<Real>.Zero);
            Vector.Store(Vector.ConditionalSelect(positive, Vector.Load(dy + i), Vector<Real>.Zero), dy + i);
        }
    }

    /// <summary>
    /// output[batch, columns] = the maximum over the first length[b] time steps of x[steps * batch, columns];
    /// argmax keeps the step, the first of several.
    /// </summary>
    public static void MaxOverTime(Real* x, int stride, int* lengths, Real* output, Real* argmax, int batch)
    {
        for (var b = 0; b < batch; b++)
        {
            var best = output + (long)b * stride;
            var steps = argmax + (long)b * stride;
            new Span<Real>(x + (long)b * stride, stride).CopyTo(new Span<Real>(best, stride));
            new Span<Real>(steps, stride).Clear();
            for (var t = 1; t < lengths[b]; t++)
            {
                var values = x + ((long)t * batch + b) * stride;
                var step = new Vector<Real>(t);
                for (var c = 0; c < stride; c += Vector<Real>.Count)
                {
                    var (value, before) = (Vector.Load(values + c), Vector.Load(best + c));
                    var greater = Vector.GreaterThan(value, before);
                    Vector.Store(Vector.ConditionalSelect(greater, value, before), best + c);
                    Vector.Store(Vector.ConditionalSelect(greater, step, Vector.Load(steps + c)), steps + c);
                }
            }
        }
    }

    /// <summary>Row r of y = row rows[r] of x, the columns between <paramref name="from"/> and <paramref name="to"/> of <paramref name="columns"/>.</summary>
    public static void Gather(Real* x, int* rows, Real* y, int count, int columns, int from, int to)
    {
        for (var r = 0; r < count; r++)
            new Span<Real>(x + (long)rows[r] * columns + from, to - from).CopyTo(new Span<Real>(y + (long)r * columns + from, to - from));
    }

    /// <summary>Row i of sums[sumCount, columns] = the sum of those rows r of x for which rows[r] = i, in ascending order.</summary>
    public static void ScatterSums(Real* x, int* rows, Real* sums, int count, int sumCount, int columns, int from, int to)
    {
        for (var i = 0; i < sumCount; i++) new Span<Real>(sums + (long)i * columns + from, to - from).Clear();
        for (var r = 0; r < count; r++) VectorKernels.AddScaled(sums + (long)rows[r] * columns + from, x + (long)r * columns + from, 1, to - from);
    }

    /// <summary>y = x / max(|x|, 1e-12) by row; norms keeps |x|.</summary>
    public static void Normalize(Real* x, Real* y, Real* norms, int rows, int columns, int stride)
    {
        for (var r = 0; r < rows; r++)
        {
            var row = x + (long)r * stride;
            norms[r] = Math.Max((Real)Math.Sqrt(VectorKernels.Dot(row, row, columns)), (Real)1e-12);
            for (var c = 0; c < stride; c++) y[(long)r * stride + c] = row[c] / norms[r];
        }
    }

    /// <summary>dx += (dy - y (y . dy)) / |x| by row.</summary>
    public static void NormalizeGradient(Real* y, Real* norms, Real* dy, Real* dx, int rows, int columns, int stride)
    {
        for (var r = 0; r < rows; r++)
        {
            var yr = y + (long)r * stride;
            var dyr = dy + (long)r * stride;
            var dxr = dx + (long)r * stride;
            var along = VectorKernels.Dot(yr, dyr, columns);
            for (var c = 0; c < columns; c++) dxr[c] += (dyr[c] - yr[c] * along) / norms[r];
        }
    }
}
