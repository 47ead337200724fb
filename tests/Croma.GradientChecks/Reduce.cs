using Croma.Compute;

namespace Croma.GradientChecks;

internal static class Reduce
{
    /// <summary>The sum of all elements, each with its own fixed weight: any output to 1 x 1.</summary>
    public static unsafe Tensor WeightedSum(this Tape tape, Tensor x)
    {
        var random = new CounterRandom(1, CounterRandom.Stream("weighted sum"));
        var weights = tape.Scratch(x.Size);
        new Span<double>(weights, x.Size).Clear();
        double sum = 0;
        for (var r = 0; r < x.Rows; r++)
            for (var c = 0; c < x.Columns; c++)
            {
                var weight = weights[(long)r * x.Stride + c] = random.NextNormal();
                sum += weight * x[r, c];
            }
        return tape.Loss(x, sum, weights);
    }
}
