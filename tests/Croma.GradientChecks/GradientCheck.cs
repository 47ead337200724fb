using Croma.Compute;

namespace Croma.GradientChecks;

/// <summary>
/// Compares a backward pass with differences of the forward pass, in double precision: fourth-order central
/// differences, so that truncation and rounding stay far below the tolerance.
/// </summary>
internal static class GradientCheck
{
    /// <summary>Largest accepted |analytic - numeric| / max(|analytic|, |numeric|, <see cref="Floor"/>).</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Gradients smaller than this are compared absolutely.</summary>
    public const double Floor = 1e-4;

    /// <summary>What gradients hold before the backward pass adds to them.</summary>
    private const double Before = 0.5;

    /// <summary>The second step is tried where the first may have crossed a kink of a ReLU, a maximum or a hinge.</summary>
    private static readonly double[] s_steps = [2e-4, 1e-5];

    /// <summary>
    /// Checks every element of every variable and of every block of every trained vector, through its logical position.
    /// Of a block with more than <paramref name="limit"/> elements it checks that many, spread over the block, one by
    /// one; the others stand in the derivative along random directions of the whole vector. Gradients of padding must
    /// be zero, the forward pass must leave gradients alone, and the backward pass must add to what is there and read no
    /// memory that nobody wrote. Throws an <see cref="Xunit.Sdk.XunitException"/> that names the element and both numbers.
    /// </summary>
    public static void Run(Problem problem, int limit = 150)
    {
        using var tape = new Tape();
        FillWithNaN(tape);
        var trained = problem.Parameters.Where(IsTrained).ToArray();
        foreach (var vector in trained) vector.ClearGradients();
        var (loss, variables) = problem.Run(tape);
        foreach (var vector in trained)
        {
            if (vector.RawGradients.ContainsAnyExcept(0.0)) Assert.Fail("The forward pass has changed a gradient.");
            vector.RawGradients.Fill(Before);
        }
        foreach (var variable in variables) RawGradients(variable).Fill(Before);
        tape.Backward(loss);

        foreach (var vector in trained) Subtract(vector.RawGradients);
        foreach (var variable in variables) Subtract(RawGradients(variable));
        var gradients = variables.Select(Gradient).ToArray();
        for (var v = 0; v < variables.Length; v++) RequireZeroPadding(variables[v], v);
        for (var v = 0; v < variables.Length; v++) CheckVariable(problem, tape, v, gradients[v]);
        foreach (var vector in trained)
        {
            var gradient = vector.RawGradients.ToArray();
            RequireZeroPadding(vector.Layout, gradient);
            foreach (var block in vector.Layout.Blocks) CheckBlock(problem, tape, vector, block, gradient, limit);
            for (ulong n = 0; n < 3; n++) CheckDirection(problem, tape, vector, n, gradient);
        }
    }

    /// <summary>Leaves the tape's memory full of NaN, so that whatever reads before it writes is found.</summary>
    private static unsafe void FillWithNaN(Tape tape)
    {
        const int count = 1 << 19;
        new Span<double>(tape.Scratch(count), count).Fill(double.NaN);
        tape.Clear();
    }

    private static void Subtract(Span<double> gradients)
    {
        foreach (ref var gradient in gradients) gradient -= Before;
    }

    private static unsafe Span<double> RawGradients(Tensor tensor) => new(tensor.Gradients, tensor.Size);

    private static void CheckVariable(Problem problem, Tape tape, int variable, double[] gradient)
    {
        var values = problem.Variables[variable].Values;
        for (var i = 0; i < values.Length; i++)
        {
            var at = values[i];
            Compare(problem, tape, $"variable {variable}[{i}]", gradient[i], t => values[i] = at + t);
        }
    }

    private static unsafe void CheckBlock(Problem problem, Tape tape, ParameterVector vector, ParameterBlock block, double[] gradient, int limit)
    {
        var count = block.Rows * block.Columns;
        var stride = count <= limit ? 1 : CoprimeStride(count, count / limit + 1);
        for (var n = 0; n < Math.Min(count, limit); n++)
        {
            var i = (int)((long)n * stride % count);
            var position = block.Position(i / block.Columns, i % block.Columns);
            var at = vector.Values[position];
            Compare(problem, tape, $"{block.Name}[{i}]", gradient[position], t => vector.ValuesToWrite[position] = at + t);
        }
    }

    private static unsafe void CheckDirection(Problem problem, Tape tape, ParameterVector vector, ulong number, double[] gradient)
    {
        var (at, direction) = (vector.Raw.ToArray(), Direction(vector.Layout, number));
        Compare(problem, tape, $"direction {number}", direction.Zip(gradient, (d, g) => d * g).Sum(), t =>
        {
            for (var i = 0; i < at.Length; i++) vector.ValuesToWrite[i] = at[i] + t * direction[i];
        });
    }

    private static void Compare(Problem problem, Tape tape, string name, double analytic, Action<double> move)
    {
        double numeric = 0, error = double.PositiveInfinity;
        foreach (var step in s_steps)
        {
            numeric = Difference(problem, tape, move, step);
            error = Math.Abs(analytic - numeric) / Math.Max(Floor, Math.Max(Math.Abs(analytic), Math.Abs(numeric)));
            if (error <= Tolerance) return;
        }
        Assert.Fail($"{name}: backward pass {analytic:R}, differences {numeric:R}, relative error {error:E1}.");
    }

    private static double Difference(Problem problem, Tape tape, Action<double> move, double step)
    {
        var difference = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * step);
        move(0);
        return difference;

        double At(int steps)
        {
            move(steps * step);
            return problem.Run(tape).Loss.Scalar;
        }
    }

    /// <summary>A random direction of length about 1 that leaves the padding alone.</summary>
    private static double[] Direction(ParameterLayout layout, ulong number)
    {
        var random = new CounterRandom(number, CounterRandom.Stream("direction"));
        var direction = new double[layout.Size];
        foreach (var block in layout.Blocks)
            for (var r = 0; r < block.Rows; r++)
                for (var c = 0; c < block.Columns; c++)
                    direction[block.Position(r, c)] = random.NextNormal() / Math.Sqrt(layout.ParameterCount);
        return direction;
    }

    private static unsafe bool IsTrained(ParameterVector vector) => vector.Gradients != null;

    private static double[] Gradient(Tensor tensor) => [.. Enumerable.Range(0, tensor.Rows).SelectMany(r => tensor.GradientRow(r).ToArray())];

    private static unsafe void RequireZeroPadding(Tensor tensor, int variable)
    {
        for (var i = 0; i < tensor.Size; i++)
            if (i % tensor.Stride >= tensor.Columns && tensor.Gradients[i] != 0)
                Assert.Fail($"The padding of variable {variable} has a gradient: {tensor.Gradients[i]:R}.");
    }

    private static void RequireZeroPadding(ParameterLayout layout, double[] gradients)
    {
        var rest = gradients.ToArray();
        foreach (var block in layout.Blocks)
            for (var r = 0; r < block.Rows; r++)
                for (var c = 0; c < block.Columns; c++)
                    rest[block.Position(r, c)] = 0;
        var at = Array.FindIndex(rest, g => g != 0);
        if (at >= 0) Assert.Fail($"The padding at {at} of the parameters has a gradient: {rest[at]:R}.");
    }

    private static int CoprimeStride(int count, int atLeast)
    {
        while (Gcd(count, atLeast) != 1) atLeast++;
        return atLeast;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
