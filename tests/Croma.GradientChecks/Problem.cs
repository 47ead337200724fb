using Croma.Compute;

namespace Croma.GradientChecks;

/// <summary>A function from parameters and variables to a loss, whose gradient is to be checked.</summary>
internal sealed class Problem : IDisposable
{
    private readonly CounterRandom _random;
    private readonly List<ParameterVector> _parameters = [];
    private readonly List<(int Rows, int Columns, double[] Values)> _variables = [];
    private Func<Tape, Tensor[], Tensor> _forward = (_, _) => throw new InvalidOperationException("The problem has no forward pass yet.");

    public Problem(ulong seed) => _random = new CounterRandom(seed, CounterRandom.Stream("gradient check"));

    public IReadOnlyList<ParameterVector> Parameters => _parameters;

    /// <summary>Values of the variables, row-major.</summary>
    public IReadOnlyList<(int Rows, int Columns, double[] Values)> Variables => _variables;


    /// <summary>Sets the forward pass, to 1 x 1; it gets one tensor for each variable.</summary>
    public Problem Of(Func<Tape, Tensor[], Tensor> forward)
    {
        _forward = forward;
        return this;
    }

    /// <summary>A vector with its usual initial values; no gradient is checked, nor made, where it is not trained.</summary>
    public ParameterVector Add(ParameterLayout layout, bool trained = true)
    {
        var vector = new ParameterVector(layout, trained);
        vector.Initialize(_random);
        _parameters.Add(vector);
        return vector;
    }

    /// <summary>An input with a gradient, standard normal.</summary>
    public Problem Variable(int rows, int columns)
    {
        _variables.Add((rows, columns, Normal(rows * columns)));
        return this;
    }

    /// <summary>Standard normal numbers: constant inputs, weights of a sum.</summary>
    public double[] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextNormal())];

    /// <summary>Tokens in 0 ... entries - 1.</summary>
    public int[] Tokens(int count, int entries) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(entries))];

    /// <summary>Puts the variables on a cleared tape and runs the forward pass.</summary>
    public (Tensor Loss, Tensor[] Variables) Run(Tape tape)
    {
        tape.Clear();
        var tensors = new Tensor[_variables.Count];
        for (var v = 0; v < tensors.Length; v++)
        {
            var (rows, columns, values) = _variables[v];
            tensors[v] = tape.Variable(rows, columns);
            for (var r = 0; r < rows; r++) values.AsSpan(r * columns, columns).CopyTo(tensors[v].Row(r));
        }
        return (_forward(tape, tensors), tensors);
    }

    public void Dispose()
    {
        foreach (var vector in _parameters) vector.Dispose();
    }
}
