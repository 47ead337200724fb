using Croma.Algebra;

namespace Croma.Theory;

/// <summary>Ordinary least squares by the normal equations; samples are added one by one, so that a solution of the first n costs no second pass.</summary>
/// <param name="inputs">Numbers of x.</param>
/// <param name="outputs">Numbers of y.</param>
internal sealed class LeastSquares(int inputs, int outputs)
{
    // the Gram matrix's lower triangle; X^T y of each output
    private readonly double[][] _gram = Vectors.Square(inputs), _cross = [.. Enumerable.Range(0, outputs).Select(_ => new double[inputs])];

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        for (var i = 0; i < inputs; i++)
        {
            for (var j = 0; j <= i; j++) _gram[i][j] += x[i] * x[j];
            for (var o = 0; o < outputs; o++) _cross[o][i] += x[i] * y[o];
        }
    }

    /// <summary>The coefficients [outputs][inputs] that minimise the squared error of all samples so far.</summary>
    /// <exception cref="CromaException">The samples do not span the inputs.</exception>
    public double[][] Solve()
    {
        var factor = Cholesky.Factor(_gram, leastShare: 1e-12)
            ?? throw new CromaException($"Least squares with {inputs} inputs needs {inputs} or more independent samples: there are fewer.");
        return [.. _cross.Select(right => Cholesky.Solve(factor, right))];
    }
}
