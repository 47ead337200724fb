using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Tests;

public sealed class GoldenLayerTests
{
    [Theory, InlineData(false, 3, 5, 17), InlineData(false, 8, 70, 33), InlineData(false, 1, 17, 70), InlineData(true, 3, 5, 17), InlineData(true, 8, 70, 33), InlineData(true, 1, 17, 70)]
    public void Linear_agrees_with_PyTorch(bool relu, int rows, int inputs, int outputs)
    {
        var golden = new GoldenCase("layers", $"{(relu ? "relu-" : "")}linear-{rows}-{inputs}-{outputs}");
        var layout = new ParameterLayout();
        var layer = new Linear(layout, "linear", inputs, outputs, relu);
        CompareWithInput(golden, layout, rows, inputs, layer.Forward);
    }

    [Fact]
    public void Embedding_agrees_with_PyTorch()
    {
        var golden = new GoldenCase("layers", "embedding");
        var layout = new ParameterLayout();
        var layer = new Embedding(layout, "embedding", 187, 5);
        using var tape = new Tape();
        using var parameters = GoldenNumbers.Parameters(golden.Name, layout);
        var y = layer.Forward(tape, parameters, GoldenNumbers.Tokens(golden.Name + "/tokens", 12));
        GoldenNumbers.BackwardFromWeightedSum(tape, golden.Name, y);
        golden.Compare("y", y);
        golden.CompareGradients(parameters);
        golden.RequireAllCompared();
    }

    [Theory, InlineData(1, 5, 16, 7, 3), InlineData(1, 17, 32, 4, 5), InlineData(2, 5, 16, 6, 4), InlineData(1, 5, 16, 1, 1)]
    public void Lstm_agrees_with_PyTorch(int layers, int inputs, int hidden, int steps, int batch)
    {
        var golden = new GoldenCase("layers", $"lstm-{layers}-{inputs}-{hidden}-{steps}-{batch}");
        var layout = new ParameterLayout();
        var stack = Enumerable.Range(0, layers).Select(i => new Lstm(layout, $"lstm.{i}", i == 0 ? inputs : hidden, hidden)).ToArray();
        CompareWithInput(golden, layout, steps * batch, inputs, (tape, parameters, x) =>
        {
            foreach (var layer in stack) x = layer.Forward(tape, parameters, x, batch);
            return x;
        });
    }

    [Theory, InlineData(3, 16, 5, new[] { 0, 1, 0, 0, 1, 1 }), InlineData(2, 32, 17, new[] { 0, 0, 0, 0 }), InlineData(4, 16, 70, new[] { 0, 1, 1 })]
    public void Lstm_decoder_agrees_with_PyTorch(int batch, int hidden, int outputs, int[] forced)
    {
        var golden = new GoldenCase("layers", $"decoder-{batch}-{hidden}-{outputs}");
        var layout = new ParameterLayout();
        var layer = new LstmDecoder(layout, "decoder", hidden, outputs);
        using var tape = new Tape();
        using var parameters = GoldenNumbers.Parameters(golden.Name, layout);
        var initial = GoldenNumbers.Variable(tape, golden.Name + "/initial", batch, hidden);
        var truth = GoldenNumbers.Variable(tape, golden.Name + "/truth", forced.Length * batch, outputs);
        var y = layer.Forward(tape, parameters, initial, truth, forced);
        GoldenNumbers.BackwardFromWeightedSum(tape, golden.Name, y);
        golden.Compare("y", y);
        golden.CompareGradient("initial", initial);
        golden.CompareGradients(parameters);
        golden.RequireAllCompared();
    }

    private static void CompareWithInput(GoldenCase golden, ParameterLayout layout, int rows, int columns, Func<Tape, ParameterVector, Tensor, Tensor> forward)
    {
        using var tape = new Tape();
        using var parameters = GoldenNumbers.Parameters(golden.Name, layout);
        var x = GoldenNumbers.Variable(tape, golden.Name + "/x", rows, columns);
        var y = forward(tape, parameters, x);
        GoldenNumbers.BackwardFromWeightedSum(tape, golden.Name, y);
        golden.Compare("y", y);
        golden.CompareGradient("x", x);
        golden.CompareGradients(parameters);
        golden.RequireAllCompared();
    }
}
