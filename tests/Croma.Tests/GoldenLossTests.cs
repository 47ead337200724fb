using Croma.Alignment;
using Croma.Compute;

namespace Croma.Tests;

public sealed class GoldenLossTests
{
    [Theory, InlineData(4, 5), InlineData(3, 33)]
    public void Cross_entropy_agrees_with_PyTorch(int rows, int columns)
    {
        var golden = new GoldenCase("losses", $"cross-entropy-{rows}-{columns}");
        using var tape = new Tape();
        var x = GoldenNumbers.Variable(tape, golden.Name + "/x", rows, columns, scale: 4);
        var loss = tape.CrossEntropy(x, [.. Enumerable.Range(0, rows).Select(r => r * 2 % columns)]);
        tape.Backward(loss);
        golden.Compare("loss", loss);
        golden.CompareGradient("x", x);
        golden.RequireAllCompared();
    }

    [Theory, InlineData(4, 5), InlineData(3, 33)]
    public void Uniform_cross_entropy_agrees_with_PyTorch(int rows, int columns)
    {
        var golden = new GoldenCase("losses", $"uniform-cross-entropy-{rows}-{columns}");
        using var tape = new Tape();
        var x = GoldenNumbers.Variable(tape, golden.Name + "/x", rows, columns, scale: 4);
        var loss = tape.UniformCrossEntropy(x);
        tape.Backward(loss);
        golden.Compare("loss", loss);
        golden.CompareGradient("x", x);
        golden.RequireAllCompared();
    }

    [Fact]
    public void Mean_squared_error_of_sequences_agrees_with_PyTorch()
    {
        var golden = new GoldenCase("losses", "mean-squared-error");
        using var tape = new Tape();
        var (a, b) = (GoldenNumbers.Variable(tape, golden.Name + "/a", 12, 5), GoldenNumbers.Variable(tape, golden.Name + "/b", 12, 5));
        var loss = tape.MeanSquaredError(a, b, [2, 4, 1]);
        tape.Backward(loss);
        golden.Compare("loss", loss);
        golden.CompareGradient("a", a);
        golden.CompareGradient("b", b);
        golden.RequireAllCompared();
    }

    public static TheoryData<string> Names => [.. AlignmentLoss.Names];

    [Theory, MemberData(nameof(Names))]
    public void Alignment_of_strong_pairs_agrees_with_PyTorch(string name) => Compare(name, "strong", [4, 0, 2, 9, 1]);

    [Theory, MemberData(nameof(Names))]
    public void Alignment_of_weak_pairs_agrees_with_PyTorch(string name) => Compare(name, "weak", [1, 5, 1, 1, 5, 0, 7]);

    private static void Compare(string name, string kind, int[] groups)
    {
        var golden = new GoldenCase("losses", $"{name}-{kind}");
        var loss = AlignmentLoss.Create(name, new AlignmentLossOptions { Margin = 0.1, Temperature = 0.1, Dimension = 17 });
        using var tape = new Tape();
        using var parameters = new ParameterVector(loss.Layout, trainable: true);
        parameters.Initialize(new CounterRandom(0, 0));
        foreach (var block in loss.Layout.Blocks.Where(b => b.Name != "log_scale"))
            parameters.Write(block, GoldenNumbers.Numbers($"{golden.Name}/{block.Name}", block.Rows * block.Columns, 0.5f));
        var source = GoldenNumbers.Variable(tape, golden.Name + "/source", groups.Length, 17);
        var target = GoldenNumbers.Variable(tape, golden.Name + "/target", groups.Length, 17);
        var value = loss.Forward(tape, parameters, source, target, groups);
        tape.Backward(value);

        golden.Compare("loss", value);
        golden.CompareGradient("source", source);
        golden.CompareGradient("target", target);
        golden.CompareGradients(parameters);
        golden.RequireAllCompared();
    }
}
