namespace Croma.Theory;

/// <summary>Ordinary least squares by the normal equations; samples are added one by one, so that a solution of the first n costs no second pass.</summary>
/// <param name="inputs">Numbers of x.</param>
/// <param name="outputs">Numbers of y.</param>
internal sealed class LeastSquares(int inputs, int outputs)
{
    private readonly double[,] _gram = new double[inputs, inputs], _cross = new double[inputs, outputs];

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        for (var i = 0; i < inputs; i++)
        {
            for (var j = 0; j <= i; j++) _gram[i, j] += x[i] * x[j];
            for (var o = 0; o < outputs; o++) _cross[i, o] += x[i] * y[o];
        }
    }

    /// <summary>The coefficients [outputs][inputs] that minimise the squared error of all samples so far.</summary>
    /// <exception cref="CromaException">The samples do not span the inputs.</exception>
    public double[][] Solve()
    {
        var factor = Cholesky();
        var solution = new double[outputs][];
        for (var o = 0; o < outputs; o++)
        {
            var w = new double[inputs];
            for (var i = 0; i < inputs; i++)
            {
                var sum = _cross[i, o];
                for (var j = 0; j < i; j++) sum -= factor[i, j] * w[j];
                w[i] = sum / factor[i, i];
            }
            for (var i = inputs - 1; i >= 0; i--)
            {
                var sum = w[i];
                for (var j = i + 1; j < inputs; j++) sum -= factor[j, i] * w[j];
                w[i] = sum / factor[i, i];
            }
            solution[o] = w;
        }
        return solution;
    }

    /// <summary>The lower triangle L with L L^T = X^T X.</summary>
    private double[,] Cholesky()
    {
        var factor = new double[inputs, inputs];
        for (var i = 0; i < inputs; i++)
            for (var j = 0; j <= i; j++)
            {
                var sum = _gram[i, j];
                for (var k = 0; k < j; k++) sum -= factor[i, k] * factor[j, k];
                if (i == j && sum <= 1e-12 * _gram[i, i]) throw new CromaException($"Least squares with {inputs} inputs needs {inputs} or more independent samples: there are fewer.");
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        return factor;
    }
}
