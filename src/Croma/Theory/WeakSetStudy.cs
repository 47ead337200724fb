using Croma.Compute;
using Croma.Evaluation;

namespace Croma.Theory;

/// <summary>The study of weak pairs of Appendix E, which the paper only argues.</summary>
public sealed record WeakSetOptions
{
    /// <summary>N: points that are clustered, rising. Default 100 to 6400.</summary>
    public IReadOnlyList<int> Points { get; init; } = [100, 400, 1600, 6400];

    /// <summary>S: numbers of sets that are tried, rising; those over N / 2 are left out.</summary>
    public IReadOnlyList<int> Sets { get; init; } = [2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181];

    /// <summary>Standard deviation of the source point of a pair about its place, per coordinate. Default 0.5.</summary>
    public double PairNoise { get; init; } = 0.5;

    /// <summary>N_t: labelled target samples of the supervised model, rising. Default 10 to 640.</summary>
    public IReadOnlyList<int> Labelled { get; init; } = [10, 20, 40, 80, 160, 320, 640];

    /// <summary>Numbers of sets that are compared with supervision, rising. Default 4 to 64.</summary>
    public IReadOnlyList<int> ComparedSets { get; init; } = [4, 8, 16, 32, 64];

    /// <summary>Standard deviation of a label's noise. Default 0.5.</summary>
    public double LabelNoise { get; init; } = 0.5;

    /// <summary>Independent repetitions of everything. Default 10.</summary>
    public int Repeats { get; init; } = 10;

    /// <summary>Drawings that are averaged in a repeat. Default 8.</summary>
    public int Draws { get; init; } = 8;

    /// <summary>Draws everything. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Repeats side by side; results do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>The alignment error with S sets of N points.</summary>
/// <param name="Points">N.</param>
/// <param name="Sets">S.</param>
/// <param name="Error">Measured, over repeats.</param>
/// <param name="Predicted">c_1 / S + c_2 S / N.</param>
public sealed record SetError(int Points, int Sets, Summary Error, double Predicted);

/// <summary>The best number of sets for N points.</summary>
/// <param name="Points">N.</param>
/// <param name="Sets">S* as measured: where the error is least (a parabola through the least and its neighbours, over log S).</param>
/// <param name="Predicted">sqrt(c_1 N / c_2) (Eq. 8).</param>
public sealed record BestSets(int Points, Summary Sets, double Predicted);

/// <summary>An error that falls with a number: of sets, or of labelled samples.</summary>
/// <param name="Count">S or N_t.</param>
/// <param name="Error">Measured.</param>
/// <param name="Predicted">c / Count.</param>
public sealed record FallingError(int Count, Summary Error, double Predicted);

/// <summary>What the study found.</summary>
/// <param name="Errors">By N, then S.</param>
/// <param name="Best">By N.</param>
/// <param name="Exponent">b in S* ~ N^b; Eq. 8 says 0.5.</param>
/// <param name="Weak">Error of weak alignment with known centres, by S: c_s / S.</param>
/// <param name="Supervised">Error of supervision, by N_t: c_t / N_t.</param>
public sealed record WeakSetResult(IReadOnlyList<SetError> Errors, IReadOnlyList<BestSets> Best, Summary Exponent, IReadOnlyList<FallingError> Weak, IReadOnlyList<FallingError> Supervised);

/// <summary>
/// Weak alignment (Appendix E). Target points are uniform in the unit square, where the variance within a set falls as
/// 1/S, as the appendix has it (in d dimensions it falls as S^(-2/d)); their source points are the same places with
/// noise. Of a pair only its set is known: sets are k-means clusters of the target, and a target point is mapped to the
/// mean of the source points of its set. With S sets of N points the error is c_1 / S (the set's width) + c_2 S / N
/// (its centre is the mean of N / S noisy points).
/// </summary>
public static class WeakSetStudy
{
    private const int Tests = 1000, PointsOfKnownSet = 50, Inputs = 3;

    // E |v|^2 of the task y = v . x + noise, v standard normal in the plane
    private const double SquaredTeacher = 2;

    /// <summary>One repeat: errors by N and S, S* by N, its exponent, errors by S and by N_t.</summary>
    private sealed record Curve(double[][] Errors, double[] Best, double Exponent, double[] Weak, double[] Supervised);

    /// <summary>Measures and predicts.</summary>
    /// <param name="options">Sizes and noises.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops between repeats.</param>
    public static WeakSetResult Run(WeakSetOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Points.Count < 2) throw new CromaException("The exponent of S* over N needs two or more numbers of points.");
        var curves = new Curve[options.Repeats];
        var (done, both) = (0, new Lock());
        Parallel.For(0, options.Repeats, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, repeat =>
        {
            curves[repeat] = Measure(options, repeat, cancellation);
            lock (both) progress?.Report(++done / (double)options.Repeats);
        });

        var measured = options.Points.SelectMany((points, n) => SetsOf(options, points).Select((sets, s) => (points, sets, Error: Summary.Of([.. curves.Select(c => c.Errors[n][s])])))).ToList();
        var (c1, c2) = Fit(measured.Select(m => (m.points, m.sets, m.Error.Mean)));
        var weak = options.ComparedSets.Select((_, s) => Summary.Of([.. curves.Select(c => c.Weak[s])])).ToList();
        var supervised = options.Labelled.Select((_, t) => Summary.Of([.. curves.Select(c => c.Supervised[t])])).ToList();
        return new WeakSetResult(
            [.. measured.Select(m => new SetError(m.points, m.sets, m.Error, c1 / m.sets + c2 * m.sets / m.points))],
            [.. options.Points.Select((points, n) => new BestSets(points, Summary.Of([.. curves.Select(c => c.Best[n])]), SupervisionTheory.BestSets(c1, c2, points)))],
            Summary.Of([.. curves.Select(c => c.Exponent)]),
            Falling(options.ComparedSets, weak), Falling(options.Labelled, supervised));
    }

    private static IReadOnlyList<FallingError> Falling(IReadOnlyList<int> counts, List<Summary> errors)
    {
        // the constant of c / n by the mean of n times the error, where all counts weigh the same
        var constant = counts.Zip(errors, (n, e) => n * e.Mean).Average();
        return [.. counts.Zip(errors, (n, e) => new FallingError(n, e, constant / n))];
    }

    private static Curve Measure(WeakSetOptions options, int repeat, CancellationToken cancellation)
    {
        var errors = options.Points.Select(n => new double[SetsOf(options, n).Length]).ToArray();
        var (weak, supervised) = (new double[options.ComparedSets.Count], new double[options.Labelled.Count]);
        for (var draw = 0; draw < options.Draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new CounterRandom(options.Seed, CounterRandom.Stream("appendix e", repeat, draw));
            for (var n = 0; n < errors.Length; n++)
            {
                var points = Uniform(options.Points[n], random);
                (double X, double Y)[] source = [.. points.Select(p => (p.X + options.PairNoise * random.NextNormal(), p.Y + options.PairNoise * random.NextNormal()))];
                var sets = SetsOf(options, options.Points[n]);
                for (var s = 0; s < sets.Length; s++) errors[n][s] += AlignmentError(points, source, sets[s], random) / options.Draws;
            }
            for (var s = 0; s < weak.Length; s++)
            {
                var points = Uniform(PointsOfKnownSet * options.ComparedSets[s], random);
                weak[s] += SquaredTeacher / 2 * AlignmentError(points, points, options.ComparedSets[s], random) / options.Draws;
            }
            for (var t = 0; t < supervised.Length; t++) supervised[t] += SupervisedError(options, options.Labelled[t], random) / options.Draws;
        }
        double[] best = [.. options.Points.Select((n, i) => Least(SetsOf(options, n), errors[i]))];
        return new Curve(errors, best, Slope([.. options.Points.Select(n => Math.Log(n))], [.. best.Select(b => Math.Log(b))]), weak, supervised);
    }

    /// <summary>The mean squared distance of a new point from where its set maps it to.</summary>
    private static double AlignmentError((double X, double Y)[] target, (double X, double Y)[] source, int sets, CounterRandom random)
    {
        var clusters = new PlaneClusters(target, sets, random);
        var centres = clusters.Means(source);
        var sum = 0.0;
        foreach (var point in Uniform(Tests, random))
        {
            var set = clusters.Nearest(point);
            var (x, y) = centres[set] ?? clusters.Centre(set);
            sum += (x - point.X) * (x - point.X) + (y - point.Y) * (y - point.Y);
        }
        return sum / Tests;
    }

    /// <summary>Least squares of y = v . x + noise with a constant, on labelled target points.</summary>
    private static double SupervisedError(WeakSetOptions options, int labelled, CounterRandom random)
    {
        var (v, w) = (random.NextNormal(), random.NextNormal());
        var fit = new LeastSquares(Inputs, 1);
        foreach (var (x, y) in Uniform(labelled, random)) fit.Add([1, x, y], [v * x + w * y + options.LabelNoise * random.NextNormal()]);
        var found = fit.Solve()[0];
        return Uniform(Tests, random).Average(p => Math.Pow(found[0] + (found[1] - v) * p.X + (found[2] - w) * p.Y, 2));
    }

    /// <summary>c_1 and c_2 by least squares of relative errors, since small and large errors are to count alike.</summary>
    private static (double C1, double C2) Fit(IEnumerable<(int Points, int Sets, double Error)> errors)
    {
        var fit = new LeastSquares(2, 1);
        foreach (var (points, sets, error) in errors) fit.Add([1 / (sets * error), sets / (points * error)], [1]);
        var c = fit.Solve()[0];
        return (c[0], c[1]);
    }

    /// <summary>Where a parabola over log S through the least error and its neighbours has its bottom.</summary>
    private static double Least(int[] sets, double[] errors)
    {
        var i = Array.IndexOf(errors, errors.Min());
        if (i == 0 || i == errors.Length - 1) return sets[i];
        var (left, right) = (Math.Log(sets[i]) - Math.Log(sets[i - 1]), Math.Log(sets[i + 1]) - Math.Log(sets[i]));
        var (fall, rise) = ((errors[i] - errors[i - 1]) / left, (errors[i + 1] - errors[i]) / right);
        // the parabola's slope is fall half-way to the left and rise half-way to the right
        var bottom = -left / 2 - fall * ((left + right) / 2) / (rise - fall);
        return sets[i] * Math.Exp(Math.Clamp(bottom, -left, right));
    }

    private static double Slope(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    private static int[] SetsOf(WeakSetOptions options, int points) => [.. options.Sets.Where(s => s <= points / 2)];

    private static (double X, double Y)[] Uniform(int count, CounterRandom random)
    {
        var points = new (double, double)[count];
        foreach (ref var point in points.AsSpan()) point = (random.NextDouble(), random.NextDouble());
        return points;
    }
}
