using System.Text.Json;
using Croma.Algebra;
using Croma.Alignment.ClosedForm;

namespace Croma.Tests.Alignment;

/// <summary>Alignment in closed form against NumPy, and by what defines each kind.</summary>
public sealed class LinearAlignmentTests
{
    public static TheoryData<LinearAlignmentKind> Kinds => [.. Enum.GetValues<LinearAlignmentKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Each_kind_is_what_NumPy_computes(LinearAlignmentKind kind)
    {
        const int Pairs = 40, P = 7, Q = 5;
        var (xs, noise) = (GoldenNumbers.Numbers("closed-form/x", Pairs * P).Chunk(P).ToArray(), GoldenNumbers.Numbers("closed-form/noise", Pairs * Q).Chunk(Q).ToArray());
        double[][] x = [.. xs.Select(row => row.Select((v, i) => (double)v * (i + 1)).ToArray())];
        double[][] y = [.. x.Zip(noise, (row, n) => n.Select((v, j) => row[j] + 0.5 * row[j + 2] + 2.0 * v).ToArray())];
        var maps = Align(x, y).Solve(kind, 3, 0.1);
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "closed-form.json")));
        var golden = file.RootElement.GetProperty(kind.ToString().ToLowerInvariant());
        RequireClose("values", maps.Strengths);
        RequireClose("similarity", Between(maps.Source, maps.Target));
        RequireClose("source", Between(maps.Source, maps.Source));
        RequireClose("target", Between(maps.Target, maps.Target));

        void RequireClose(string name, double[] actual)
        {
            double[] expected = [.. golden.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-8));
        }
    }

    [Fact]
    public void Procrustes_finds_a_rotation_whatever_it_was()
    {
        var random = new Random(1);
        var turn = SymmetricEigen.Of(Vectors.Scatter(Rows(random, 9, 6))).Directions;
        var x = Rows(random, 50, 6);
        var y = Vectors.Product(x, turn);
        var maps = Align(x, y).Solve(LinearAlignmentKind.Procrustes, 6, 0);
        Assert.All(Mapped(maps.Source, x).Zip(Mapped(maps.Target, y)), p => RequireClose(p.First, p.Second, 1e-8));
    }

    [Fact]
    public void Regression_of_full_rank_without_ridge_is_least_squares()
    {
        var random = new Random(2);
        var (x, y) = Related(random, 60, 4, 5);
        var maps = Align(x, y).Solve(LinearAlignmentKind.Regression, 4, 0);
        // e_s rotates the source, e_t is its regression on the target seen in the same axes
        var (mx, my) = (Moved(x), Moved(y));
        var gram = Cholesky.Inverse(Vectors.Scatter(my));
        var coefficients = Vectors.Product(gram, Vectors.Product(Vectors.Transposed(my), mx));
        var expected = Mapped(maps.Source, Vectors.Product(my, coefficients));
        Assert.All(expected.Zip(Mapped(maps.Target, my)), p => RequireClose(p.First, p.Second, 1e-8));
    }

    [Fact]
    public void Correlations_are_those_of_the_mapped_sides_and_do_not_change_with_the_axes()
    {
        var random = new Random(3);
        var (x, y) = Related(random, 80, 4, 6);
        var maps = Align(x, y).Solve(LinearAlignmentKind.Correlation, 4, 0);
        var (a, b) = (Mapped(maps.Source, Moved(x)), Mapped(maps.Target, Moved(y)));
        for (var i = 0; i < 4; i++)
        {
            Assert.InRange(maps.Strengths[i], 0, 1 + 1e-9);
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(i == j ? maps.Strengths[i] : 0, Enumerable.Range(0, 80).Average(n => a[n][i] * b[n][j]), 1e-8);
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 80).Average(n => a[n][i] * a[n][j]), 1e-8);
            }
        }
        var other = Align(Vectors.Product(x, Rows(random, 4, 4)), Vectors.Product(y, Rows(random, 6, 6))).Solve(LinearAlignmentKind.Correlation, 4, 0);
        RequireClose(maps.Strengths, other.Strengths, 1e-6);
    }

    [Fact]
    public void A_stronger_ridge_leaves_smaller_correlations()
    {
        var (x, y) = Related(new Random(4), 30, 6, 6);
        double[] sums = [.. new[] { 0, 0.01, 0.1, 1 }.Select(s => Align(x, y).Solve(LinearAlignmentKind.Correlation, 6, s).Strengths.Sum())];
        Assert.Equal(sums.OrderDescending(), sums);
        Assert.Equal(4, sums.Distinct().Count());
    }

    [Fact]
    public void Moments_of_sets_are_those_of_all_their_pairs()
    {
        var random = new Random(5);
        (double[][] Source, double[][] Target)[] sets = [(Rows(random, 3, 2), Rows(random, 1, 3)), (Rows(random, 2, 2), Rows(random, 4, 3))];
        var moments = PairMoments.Of(sets);
        // each set weighs alike, each pair within it too
        var all = sets.SelectMany(set => from s in set.Source from t in set.Target select (X: s, Y: t, Weight: 0.5 / (set.Source.Length * set.Target.Length))).ToList();
        double[] mx = [.. Enumerable.Range(0, 2).Select(i => all.Sum(p => p.Weight * p.X[i]))], my = [.. Enumerable.Range(0, 3).Select(j => all.Sum(p => p.Weight * p.Y[j]))];
        RequireClose(mx, moments.SourceMean, 1e-12);
        RequireClose(my, moments.TargetMean, 1e-12);
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(all.Sum(p => p.Weight * (p.X[i] - mx[i]) * (p.Y[j] - my[j])), moments.Cross[i][j], 1e-12);
            for (var j = 0; j < 2; j++) Assert.Equal(all.Sum(p => p.Weight * (p.X[i] - mx[i]) * (p.X[j] - mx[j])), moments.Source[i][j], 1e-12);
        }
        Assert.Equal(all.Sum(p => p.Weight * (p.Y[0] - my[0]) * (p.Y[2] - my[2])), moments.Target[0][2], 1e-12);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Fewer_pairs_than_dimensions_and_constant_features_give_finite_maps(LinearAlignmentKind kind)
    {
        var random = new Random(6);
        double[][] x = [.. Rows(random, 5, 20).Select(row => (double[])[.. row, 3])], y = Rows(random, 5, 30);
        foreach (var strength in new[] { 0.01, 1 })
        {
            var alignment = Align(x, y);
            var maps = alignment.Solve(kind, alignment.MostRank, strength);
            Assert.All(maps.Source.Concat(maps.Target), row => Assert.All(row, v => Assert.True(double.IsFinite(v))));
        }
    }

    private static LinearAlignment Align(double[][] x, double[][] y) => new(PairMoments.Of([.. x.Zip(y, (a, b) => (new[] { a }, new[] { b }))]));

    /// <summary>Sides of which the first dimensions go together, with noise.</summary>
    private static (double[][] X, double[][] Y) Related(Random random, int n, int p, int q)
    {
        var (common, mix, other) = (Rows(random, n, p), Rows(random, p, q), Rows(random, n, q));
        var y = Vectors.Product(common, mix);
        for (var i = 0; i < n; i++) Vectors.Add(y[i], other[i], 0.5);
        return (common, y);
    }

    private static double[][] Rows(Random random, int n, int d) => [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, d).Select(_ => 2 * random.NextDouble() - 1).ToArray())];

    private static double[][] Moved(double[][] rows)
    {
        double[] mean = [.. Enumerable.Range(0, rows[0].Length).Select(d => rows.Average(r => r[d]))];
        return [.. rows.Select(r => r.Zip(mean, (v, m) => v - m).ToArray())];
    }

    private static double[][] Mapped(double[][] map, double[][] rows) => [.. Moved(rows).Select(row => map.Select(m => Vectors.Dot(m, row)).ToArray())];

    /// <summary>sum over dimensions of a_i a_j, row after row.</summary>
    private static double[] Between(double[][] a, double[][] b) => [.. Vectors.Product(Vectors.Transposed(a), b).SelectMany(row => row)];

    private static void RequireClose(double[] expected, double[] actual, double tolerance) => Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance));
}
