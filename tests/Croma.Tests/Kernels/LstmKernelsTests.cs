using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

[Collection(InstructionSets.Name)]
public sealed unsafe class LstmKernelsTests
{
    public static TheoryData<int, int> Shapes() => new() { { 1, 16 }, { 3, 48 }, { 4, 64 }, { 7, 256 }, { 16, 32 }, { 20, 16 } };

    [Theory, MemberData(nameof(Shapes))]
    public void A_step_agrees_with_the_equations_in_double_precision(int batch, int hidden)
    {
        var random = new CounterRandom(6, 0);
        var n = 4 * hidden;
        var h = Matrices.Random(random, batch * hidden);
        var c = Matrices.Random(random, batch * hidden);
        var w = Matrices.RandomPanels(random, hidden, n);
        var x = Matrices.Random(random, batch * n);
        for (var i = 0; i < x.Length; i++) x[i] *= 4;
        InstructionSets.ForEach(set =>
        {
            for (var step = 0; step < 3; step++)
            {
                var gates = Matrices.Copy(x);
                float[] cell = Matrices.Filled(c.Length, float.NaN), tanh = Matrices.Filled(c.Length, float.NaN), output = Matrices.Filled(c.Length, float.NaN);
                var first = step == 0;
                Step(first ? null : h.Pointer(), w.Pointer(), gates.Pointer(), first ? null : c.Pointer(), cell.Pointer(), tanh.Pointer(), output.Pointer(), batch, hidden, backwards: step == 2);
                for (var b = 0; b < batch; b++)
                    for (var u = 0; u < hidden; u++)
                    {
                        var activated = new double[4];
                        for (var gate = 0; gate < 4; gate++)
                        {
                            var column = u / 16 * 64 + gate * 16 + u % 16;
                            double sum = x[b * n + column];
                            if (!first)
                                for (var p = 0; p < hidden; p++) sum += (double)h[b * hidden + p] * w[Panels.Offset(p, column, hidden, n)];
                            activated[gate] = gate == 2 ? Math.Tanh(sum) : 1 / (1 + Math.Exp(-sum));
                            Matrices.AssertClose(activated[gate], gates[b * n + column], Math.Sqrt(hidden) / 4, $"{set} gate {gate}");
                        }
                        var value = activated[0] * activated[2] + (first ? 0 : activated[1] * c[b * hidden + u]);
                        Matrices.AssertClose(value, cell[b * hidden + u], Math.Sqrt(hidden) / 4, $"{set} cell");
                        Matrices.AssertClose(Math.Tanh(value), tanh[b * hidden + u], Math.Sqrt(hidden) / 4, $"{set} tanh");
                        Matrices.AssertClose(activated[3] * Math.Tanh(value), output[b * hidden + u], Math.Sqrt(hidden) / 4, $"{set} output");
                    }
            }
        });
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_step_back_agrees_with_the_derivatives(int batch, int hidden)
    {
        var random = new CounterRandom(7, 0);
        var (n, size) = (4 * hidden, batch * hidden);
        float[] gates = Matrices.Random(random, batch * n), previous = Matrices.Random(random, size), tanh = Matrices.Random(random, size);
        float[] dOutput = Matrices.Random(random, size), dCellBefore = Matrices.Random(random, size);
        InstructionSets.ForEach(set =>
        {
            foreach (var first in new[] { false, true })
            {
                var dCell = Matrices.Copy(dCellBefore);
                var dGates = Matrices.Copy(gates);
                for (var unit = 0; unit < hidden; unit += LstmKernels.Units)
                    LstmKernels.Backward(new LstmStep
                    {
                        Gates = dGates.Pointer() + 4 * unit,
                        PreviousCell = first ? null : previous.Pointer() + unit,
                        Cell = dCell.Pointer() + unit,
                        TanhCell = tanh.Pointer() + unit,
                        Output = dOutput.Pointer() + unit,
                        Batch = batch,
                        Hidden = hidden,
                        GatesRow = n,
                    });
                for (var at = 0; at < size; at++)
                {
                    var column = at / hidden * n + at % hidden / 16 * 64 + at % 16;
                    double i = gates[column], f = gates[column + 16], z = gates[column + 32], o = gates[column + 48];
                    var dc = dCellBefore[at] + dOutput[at] * o * (1 - (double)tanh[at] * tanh[at]);
                    Matrices.AssertClose(dc * z * i * (1 - i), dGates[column], 1, $"{set} input gate");
                    Matrices.AssertClose(first ? 0 : dc * previous[at] * f * (1 - f), dGates[column + 16], 1, $"{set} forget gate");
                    Matrices.AssertClose(dc * i * (1 - z * z), dGates[column + 32], 1, $"{set} cell gate");
                    Matrices.AssertClose(dOutput[at] * tanh[at] * o * (1 - o), dGates[column + 48], 1, $"{set} output gate");
                    Matrices.AssertClose(dc * f, dCell[at], 1, $"{set} cell");
                }
            }
        });
    }

    [Fact]
    public void The_order_of_panels_and_the_batch_change_no_bits()
    {
        const int Batch = 9, Hidden = 64;
        var random = new CounterRandom(8, 0);
        float[] h = Matrices.Random(random, Batch * Hidden), c = Matrices.Random(random, Batch * Hidden);
        float[] w = Matrices.RandomPanels(random, Hidden, 4 * Hidden), x = Matrices.Random(random, Batch * 4 * Hidden);
        InstructionSets.ForEach(set =>
        {
            var outputs = new List<float[]>();
            for (var step = 0; step < 3; step++)
            {
                float[] gates = Matrices.Copy(x), cell = Matrices.Copy(c), tanh = Matrices.Copy(c), output = Matrices.Copy(c);
                var rows = step == 2 ? 1 : Batch;
                for (var b = 0; b < Batch; b += rows)
                {
                    var at = b * Hidden;
                    Step(h.Pointer() + at, w.Pointer(), gates.Pointer() + 4 * at, c.Pointer() + at, cell.Pointer() + at, tanh.Pointer() + at, output.Pointer() + at, rows, Hidden, backwards: step == 1);
                }
                outputs.Add(output);
            }
            Assert.Equal(outputs[0], outputs[1]);
            Assert.Equal(outputs[0], outputs[2]);
        });
    }

    /// <summary>One time step of all units, forwards or backwards through them.</summary>
    private static void Step(float* h, float* w, float* gates, float* previous, float* cell, float* tanh, float* output, int batch, int hidden, bool backwards)
    {
        for (var i = 0; i < hidden; i += LstmKernels.Units)
        {
            var unit = backwards ? hidden - LstmKernels.Units - i : i;
            if (h != null) Gemm.MultiplyPanel(h, hidden, w + 4L * unit * hidden, Panels.Width, null, gates + 4 * unit, 4 * hidden, batch, hidden, Epilogue.Add);
            LstmKernels.Forward(new LstmStep
            {
                Gates = gates + 4 * unit,
                PreviousCell = previous == null ? null : previous + unit,
                Cell = cell + unit,
                TanhCell = tanh + unit,
                Output = output + unit,
                Batch = batch,
                Hidden = hidden,
                GatesRow = 4 * hidden,
            });
        }
    }
}
