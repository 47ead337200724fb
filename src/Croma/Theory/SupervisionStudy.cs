using Croma.Compute;
using Croma.Evaluation;

namespace Croma.Theory;

/// <summary>The synthetic study of section 5.5. Defaults are the paper's where it gives them (d, n_1, n_2).</summary>
public sealed record SupervisionOptions
{
    /// <summary>d: numbers of a sample in either modality. Default 20.</summary>
    public int Dimension { get; init; } = 20;

    /// <summary>n_1: labelled source samples. Default 250.</summary>
    public int SourceSamples { get; init; } = 250;

    /// <summary>n_2: labelled target samples. Default 40.</summary>
    public int TargetSamples { get; init; } = 40;

    /// <summary>sigma: standard deviation of a label's noise. Default 1; the paper does not say.</summary>
    public double LabelNoise { get; init; } = 1;

    /// <summary>sigma_W: standard deviations of a pair's noise, rising. Default 0.1 (strong), 0.3 and 1 (weak).</summary>
    public IReadOnlyList<double> PairNoises { get; init; } = [0.1, 0.3, 1];

    /// <summary>n_align, rising. Default 50 to 3200.</summary>
    public IReadOnlyList<int> Pairs { get; init; } = [50, 100, 200, 400, 800, 1600, 3200];

    /// <summary>Drawings of teacher, map and data. Default 200.</summary>
    public int Repeats { get; init; } = 200;

    /// <summary>Draws everything. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Repeats side by side; results do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A generalisation error over the repeats beside what theory says.</summary>
/// <param name="Measured">Over repeats.</param>
/// <param name="Predicted">Its expectation for normal inputs, exact at any number of samples.</param>
/// <param name="Limit">The paper's form, to which the expectation tends with many samples.</param>
public sealed record MeasuredError(Summary Measured, double Predicted, double Limit);

/// <summary>The cross-modal error at one sigma_W and n_align.</summary>
public sealed record CrossModalError(double PairNoise, int Pairs, MeasuredError Error);

/// <summary>Figure 8: the two supervised errors and the cross-modal ones (by sigma_W, then n_align).</summary>
public sealed record SupervisionResult(MeasuredError HighResource, MeasuredError LowResource, IReadOnlyList<CrossModalError> CrossModal);

/// <summary>
/// Alignment against supervision (section 5.5, Figure 8). A teacher labels y_m = u_m . x_m + noise, x_1 = W x_2 and
/// u_2 = W^T u_1, so that both modalities tell the same label (the paper's "u_1 x_1 = u_2 W x_2" has W on the side where
/// it does not fit its dimensions). The supervised models are least squares on n_1 and n_2 samples; the cross-modal
/// one is w_1 (the source's) after the map estimated from n_align noisy pairs by least squares. Everything is normal
/// (x_2, u_1, noise); W is a random rotation of a stretching by 0.5 ... 1.5, of full rank and bounded condition.
/// </summary>
public static class SupervisionStudy
{
    /// <summary>Measures and predicts.</summary>
    /// <param name="options">Sizes and noises.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops between repeats.</param>
    public static SupervisionResult Run(SupervisionOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var least = new[] { options.SourceSamples, options.TargetSamples, options.Pairs.Min() }.Min();
        if (least <= options.Dimension + 1)
            throw new CromaException($"Least squares in {options.Dimension} dimensions has a finite expected error from {options.Dimension + 2} samples on; {least} were asked for.");
        var errors = new double[options.Repeats][];
        var (done, both) = (0, new Lock());
        Parallel.For(0, options.Repeats, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, repeat =>
        {
            errors[repeat] = Measure(options, new CounterRandom(options.Seed, CounterRandom.Stream("figure 8", repeat)));
            lock (both) progress?.Report(++done / (double)options.Repeats);
        });
        var next = 0;
        return new SupervisionResult(Next(Supervised(options.SourceSamples)), Next(Supervised(options.TargetSamples)),
            [.. from noise in options.PairNoises from pairs in options.Pairs select new CrossModalError(noise, pairs, Next(CrossModal(options, noise, pairs)))]);

        MeasuredError Next((double Predicted, double Limit) theory)
        {
            var column = next++;
            return new MeasuredError(Summary.Of([.. errors.Select(e => e[column])]), theory.Predicted, theory.Limit);
        }

        (double, double) Supervised(int samples)
        {
            var (d, variance) = (options.Dimension, options.LabelNoise * options.LabelNoise);
            return (SupervisionTheory.ExpectedSupervised(d, variance, samples), SupervisionTheory.Supervised(d, variance, samples));
        }
    }

    /// <summary>Whether the rule of section 5.5 prefers the cross-modal model: d sigma_W^2 / n_align + sigma^2 / n_1 &lt; sigma^2 / n_2.</summary>
    public static bool PrefersCrossModal(SupervisionOptions options, double pairNoise, int pairs) => SupervisionTheory.PrefersAlignment(new SupervisionCase
    {
        Dimension = options.Dimension, SourceSamples = options.SourceSamples, TargetSamples = options.TargetSamples, Pairs = pairs, LabelNoise = options.LabelNoise, PairNoise = pairNoise,
    });

    private static (double Predicted, double Limit) CrossModal(SupervisionOptions options, double pairNoise, int pairs)
    {
        var (d, variance, pairVariance) = (options.Dimension, Squared(options.LabelNoise), Squared(pairNoise));
        var stretches = Enumerable.Range(0, d).Sum(i => 1 / Squared(Stretch(i, d)));
        return (SupervisionTheory.ExpectedAlignment(d, variance, options.SourceSamples, pairVariance, pairs, stretches) + SupervisionTheory.ExpectedSupervised(d, variance, options.SourceSamples),
            SupervisionTheory.Alignment(d, pairVariance, pairs) + SupervisionTheory.Supervised(d, variance, options.SourceSamples));
    }

    /// <summary>High-resource, low-resource and cross-modal errors of one repeat, in the result's order.</summary>
    private static double[] Measure(SupervisionOptions options, CounterRandom random)
    {
        var d = options.Dimension;
        var (map, teacher) = (DrawMap(d, random), Draw(d, random));
        var targetTeacher = TransposedTimes(map, teacher);
        var w1 = Supervise(options.SourceSamples, x2 => Times(map, x2), teacher);
        var w2 = Supervise(options.TargetSamples, x2 => x2, targetTeacher);
        List<double> errors = [Distance(TransposedTimes(map, w1), targetTeacher), Distance(w2, targetTeacher)];

        LeastSquares[] alignments = [.. options.PairNoises.Select(_ => new LeastSquares(d, d))];
        var cross = new double[options.PairNoises.Count, options.Pairs.Count];
        var seen = 0;
        for (var n = 0; n < options.Pairs.Count; n++)
        {
            for (; seen < options.Pairs[n]; seen++)
            {
                var (x2, noise) = (Draw(d, random), Draw(d, random));
                var x1 = Times(map, x2);
                for (var s = 0; s < alignments.Length; s++) alignments[s].Add(x2, [.. x1.Zip(noise, (x, eta) => x + options.PairNoises[s] * eta)]);
            }
            for (var s = 0; s < alignments.Length; s++) cross[s, n] = Distance(TransposedTimes(alignments[s].Solve(), w1), targetTeacher);
        }
        errors.AddRange(cross.Cast<double>());
        return [.. errors];

        double[] Supervise(int samples, Func<double[], double[]> see, double[] labeller)
        {
            var fit = new LeastSquares(d, 1);
            for (var i = 0; i < samples; i++)
            {
                var x = see(Draw(d, random));
                fit.Add(x, [Dot(labeller, x) + options.LabelNoise * random.NextNormal()]);
            }
            return fit.Solve()[0];
        }
    }

    /// <summary>W [d][d]: a random rotation of a stretching along the axes.</summary>
    private static double[][] DrawMap(int d, CounterRandom random)
    {
        // Gram and Schmidt on normal columns
        var columns = new List<double[]>();
        while (columns.Count < d)
        {
            var column = Draw(d, random);
            foreach (var other in columns)
            {
                var along = Dot(other, column);
                for (var i = 0; i < d; i++) column[i] -= along * other[i];
            }
            var length = Math.Sqrt(Dot(column, column));
            columns.Add([.. column.Select(c => c / length)]);
        }
        return [.. Enumerable.Range(0, d).Select(row => columns.Select((c, i) => c[row] * Stretch(i, d)).ToArray())];
    }

    private static double Stretch(int axis, int d) => d == 1 ? 1 : 0.5 + (double)axis / (d - 1);

    private static double[] Draw(int count, CounterRandom random)
    {
        var values = new double[count];
        foreach (ref var value in values.AsSpan()) value = random.NextNormal();
        return values;
    }

    private static double[] Times(double[][] matrix, double[] vector) => [.. matrix.Select(row => Dot(row, vector))];

    private static double[] TransposedTimes(double[][] matrix, double[] vector)
    {
        var result = new double[matrix[0].Length];
        for (var r = 0; r < matrix.Length; r++)
            for (var c = 0; c < result.Length; c++) result[c] += matrix[r][c] * vector[r];
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The squared distance: the expected squared error of a linear model on standard normal inputs.</summary>
    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Squared(x - y)).Sum();

    private static double Squared(double x) => x * x;
}
