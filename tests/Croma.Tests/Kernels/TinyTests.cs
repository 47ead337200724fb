using Croma.Compute;
using Croma.Compute.Kernels;
using Croma.Compute.Layers;

namespace Croma.Tests.Kernels;

/// <summary>Numbers on which processors are slow do not arise.</summary>
[Collection(InstructionSets.Name)]
public sealed unsafe class TinyTests
{
    [Fact]
    public void Every_set_drops_the_same_numbers_and_keeps_what_is_none()
    {
        float[] values = [0, -0f, 1e-18f, -1e-18f, 9.9e-19f, -9.9e-19f, 1e-45f, -1e-38f, 1, -2, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f, 1e-17f, 5, 1e-30f];
        float[] expected = [0, 0, 1e-18f, -1e-18f, 0, 0, 0, 0, 1, -2, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f, 1e-17f, 5, 0];
        InstructionSets.ForEach(set =>
        {
            var x = Matrices.Copy(values);
            VectorKernels.DropTiny(x.Pointer(), x.Length);
            Assert.Equal(expected, x);
        });
        Assert.Equal(expected, values.Select(Tiny.Drop));
    }

    [Fact]
    public void A_saturated_network_has_no_numbers_below_the_normal_range()
    {
        const int batch = 4, steps = 60, inputs = 8, hidden = 32;
        var random = new CounterRandom(5, 5);
        var layout = new ParameterLayout();
        var lstm = new Lstm(layout, "lstm", inputs, hidden);
        InstructionSets.ForEach(set =>
        {
            using var parameters = new ParameterVector(layout, trainable: true);
            parameters.Initialize(random);
            foreach (ref var value in new Span<float>(parameters.ValuesToWrite, layout.Size)) value *= 60;
            using var tape = new Tape();
            var x = tape.Input([.. Enumerable.Range(0, steps * batch * inputs).Select(_ => (float)random.NextNormal())], steps * batch, inputs);
            var y = lstm.Forward(tape, parameters, x, batch);
            var last = tape.MaxOverTime(y, [.. Enumerable.Repeat(steps, batch)]);
            tape.Backward(tape.CrossEntropy(last, [0, 1, 2, 3]));
            Assert.All(parameters.RawGradients.ToArray(), v => Assert.False(float.IsSubnormal(v)));
            for (var row = 0; row < steps * batch; row++) Assert.All(y.Row(row).ToArray(), v => Assert.True(v == 0 || Math.Abs(v) >= Tiny.Below));
        });
    }

    [Fact]
    public void The_gradients_of_gates_are_zero_or_of_a_size_that_can_be_multiplied()
    {
        const int batch = 3, hidden = 16;
        var random = new CounterRandom(9, 9);
        InstructionSets.ForEach(set =>
        {
            float[] gates = Matrices.Random(random, batch * 64), previous = Small(1e-12f), cell = Small(1e-16f), tanh = Small(1e-14f), output = Small(1e-15f);
            LstmKernels.Backward(new LstmStep { Gates = gates.Pointer(), PreviousCell = previous.Pointer(), Cell = cell.Pointer(), TanhCell = tanh.Pointer(), Output = output.Pointer(), Batch = batch, Hidden = hidden, GatesRow = 64 });
            Assert.All(gates.Concat(cell), v => Assert.True(v == 0 || Math.Abs(v) >= Tiny.Below));
            Assert.Contains(gates, v => v == 0);
        });

        float[] Small(float scale) => [.. Matrices.Random(random, batch * hidden).Select(v => v * scale)];
    }

    [Fact]
    public void A_weight_without_gradients_has_normal_moments_after_thousands_of_steps()
    {
        var layout = new ParameterLayout();
        _ = new Linear(layout, "linear", 4, 4);
        using var parameters = new ParameterVector(layout, trainable: true);
        using var adam = new Adam(layout, new AdamOptions { Beta1 = 0.9 });
        parameters.RawGradients.Fill(1e-3f);
        for (var step = 0; step < 3000; step++)
        {
            adam.Step(parameters);
            Assert.All(adam.Moments.SelectMany(m => m.Moment.Raw.ToArray()), v => Assert.False(float.IsSubnormal(v)));
        }
        Assert.All(adam.Moments.Single(m => m.Name == "first").Moment.Raw.ToArray(), v => Assert.Equal(0, v));
    }
}
