using Croma.Compute;

namespace Croma.GradientChecks;

/// <summary>The checker itself: it must refuse wrong backward passes, or the other checks prove nothing.</summary>
public sealed class CheckerTests
{
    [Fact]
    public void Right_backward_pass_is_accepted() => Check(1, Fault.None);

    [Theory, InlineData(0.0), InlineData(-1.0), InlineData(1.00001)]
    public void Gradient_off_by_a_factor_is_refused(double factor) => Refused(() => Check(factor, Fault.None));

    [Fact]
    public void Gradient_that_replaces_instead_of_adding_is_refused() => Refused(() => Check(1, Fault.Replaces));

    [Fact]
    public void Gradient_of_padding_is_refused() => Refused(() => Check(1, Fault.WritesPadding));

    [Fact]
    public void Wrong_gradient_of_a_parameter_is_refused() => Refused(() => CheckParameters(0.99999, 0));

    [Fact]
    public void Gradient_of_the_padding_of_parameters_is_refused() => Refused(() => CheckParameters(1, 1));

    [Fact]
    public void Right_gradient_of_a_parameter_is_accepted() => CheckParameters(1, 0);

    private static void Refused(Action check) => Assert.IsType<Xunit.Sdk.FailException>(Record.Exception(check));

    /// <summary>The sum of x^2 + x^2, two uses of one variable.</summary>
    private static void Check(double factor, Fault fault)
    {
        using var problem = new Problem(1).Variable(2, 5).Of((tape, x) => tape.WeightedSum(tape.Add(Square(tape, x[0], factor, fault), Square(tape, x[0], factor, fault))));
        GradientCheck.Run(problem);
    }

    /// <summary>The sum of a parameter block's squares.</summary>
    private static unsafe void CheckParameters(double factor, double padding)
    {
        var layout = new ParameterLayout();
        var block = layout.Add("block", 3, 5, BlockForm.Panels, 1);
        using var problem = new Problem(2);
        var parameters = problem.Add(layout);
        problem.Of((tape, _) =>
        {
            var loss = tape.NewTensor(1, 1, needsGradient: true);
            var node = tape.Record<ParameterSquareNode>();
            (node.Parameters, node.Factor, node.Padding) = (parameters, factor, padding);
            loss.Values[0] = parameters.Read(block).Sum(p => p * p);
            return loss;
        });
        GradientCheck.Run(problem);
    }

    private static Tensor Square(Tape tape, Tensor x, double factor, Fault fault)
    {
        var y = tape.NewTensor(x.Rows, x.Columns, x.NeedsGradient);
        for (var r = 0; r < x.Rows; r++)
            for (var c = 0; c < x.Columns; c++)
                y.Row(r)[c] = x[r, c] * x[r, c];
        var node = tape.Record<SquareNode>();
        (node.X, node.Y, node.Factor, node.Fault) = (x, y, factor, fault);
        return y;
    }

    private enum Fault { None, Replaces, WritesPadding }

    private sealed unsafe class SquareNode : Node
    {
        public Tensor X, Y;
        public double Factor;
        public Fault Fault;

        public override void Backward()
        {
            for (var r = 0; r < X.Rows; r++)
                for (var c = 0; c < X.Columns; c++)
                {
                    if (Fault == Fault.Replaces) X.GradientRow(r)[c] = 0;
                    X.GradientRow(r)[c] += Factor * 2 * X[r, c] * Y.GradientRow(r)[c];
                }
            if (Fault == Fault.WritesPadding) X.Gradients[X.Columns] = 1;
        }
    }

    private sealed unsafe class ParameterSquareNode : Node
    {
        public ParameterVector Parameters = null!;
        public double Factor, Padding;

        public override void Backward()
        {
            for (var i = 0; i < Parameters.Layout.Size; i++) Parameters.Gradients[i] += Factor * 2 * Parameters.Values[i];
            Parameters.Gradients[15] += Padding;
        }
    }
}
