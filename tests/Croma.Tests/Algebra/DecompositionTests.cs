using Croma.Algebra;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Algebra;

/// <summary>Decompositions put together again are what they were made of.</summary>
public sealed class DecompositionTests
{
    [Fact]
    public void Eigenvectors_are_orthonormal_and_make_the_matrix_again() => ForAll(random =>
    {
        var (n, kept) = (1 + random.Next(20), 1 + random.Next(20));
        var matrix = Vectors.Scatter(Matrix(random, kept, n));
        var eigen = SymmetricEigen.Of(matrix);
        RequireOrthonormal(eigen.Directions);
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
        var size = Math.Max(1, eigen.Values[0]);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) Assert.Equal(matrix[i][j], Enumerable.Range(0, n).Sum(k => eigen.Values[k] * eigen.Directions[k][i] * eigen.Directions[k][j]), 1e-12 * size * n);
    });

    [Fact]
    public void Of_a_diagonal_matrix_the_eigenvalues_are_the_diagonal()
    {
        double[][] matrix = [[2, 0, 0], [0, -1, 0], [0, 0, 5]];
        Assert.Equal([5, 2, -1], SymmetricEigen.Of(matrix).Values);
        Assert.Equal([0, 0, 0], SymmetricEigen.Of(Vectors.Square(3)).Values);
    }

    [Fact]
    public void A_large_matrix_is_decomposed_too()
    {
        var random = new Random(4);
        var matrix = Vectors.Scatter(Matrix(random, 90, 200));
        var eigen = SymmetricEigen.Of(matrix);
        Assert.Equal(Enumerable.Range(0, 200).Sum(i => matrix[i][i]), eigen.Values.Sum(), 1e-8);
        // 90 rows span no more than 90 dimensions
        Assert.Equal(90, eigen.Values.Count(v => v > 1e-9 * eigen.Values[0]));
        RequireOrthonormal(eigen.Directions);
    }

    [Fact]
    public void Singular_vectors_are_orthonormal_and_make_the_matrix_again_whatever_its_rank() => ForAll(random =>
    {
        var (rows, columns, rank) = (1 + random.Next(9), 1 + random.Next(9), 1 + random.Next(9));
        var matrix = Vectors.Product(Matrix(random, rows, rank), Matrix(random, rank, columns));
        var svd = SingularValues.Of(matrix);
        var smaller = Math.Min(rows, columns);
        Assert.Equal((smaller, smaller, smaller), (svd.Values.Length, svd.Left.Length, svd.Right.Length));
        Assert.True(svd.Rank <= Math.Min(smaller, rank));
        RequireOrthonormal(svd.Left);
        RequireOrthonormal(svd.Right);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) Assert.Equal(matrix[i][j], Enumerable.Range(0, smaller).Sum(k => svd.Values[k] * svd.Left[k][i] * svd.Right[k][j]), 1e-5 * Math.Max(1, svd.Values[0]));
    });

    [Fact]
    public void A_product_in_blocks_is_the_sum_of_products()
    {
        var random = new Random(5);
        var (a, b) = (Matrix(random, 3, 70), Matrix(random, 70, 5));
        var product = Vectors.Product(a, b);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 5; j++) Assert.Equal(Enumerable.Range(0, 70).Sum(k => a[i][k] * b[k][j]), product[i][j], 1e-12);
    }

    [Fact]
    public void Solving_with_a_factor_is_multiplying_by_the_inverse_and_what_is_not_definite_has_none()
    {
        var random = new Random(6);
        var matrix = Vectors.Scatter(Matrix(random, 12, 6));
        double[] right = [1, -2, 3, 0, 5, 1];
        var solution = Cholesky.Solve(Cholesky.Factor(matrix)!, right);
        Assert.All(matrix.Zip(right), p => Assert.Equal(p.Second, Vectors.Dot(p.First, solution), 1e-10));
        Assert.All(Cholesky.Inverse(matrix).Zip(solution), p => Assert.Equal(p.Second, Vectors.Dot(p.First, right), 1e-9));
        Assert.Null(Cholesky.Factor(Vectors.Scatter([[1, 1]]), 1e-12));
        Assert.Throws<ArithmeticException>(() => Cholesky.Inverse([[0]]));
    }

    private static void ForAll(Action<Random> check) => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => check(new Random(seed))).QuickCheckThrowOnFailure();

    private static double[][] Matrix(Random random, int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => 2 * random.NextDouble() - 1).ToArray())];

    private static void RequireOrthonormal(double[][] rows)
    {
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j <= i; j++) Assert.Equal(i == j ? 1 : 0, Vectors.Dot(rows[i], rows[j]), 1e-9);
    }
}
