using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

[Collection(InstructionSets.Name)]
public sealed unsafe class GemmTests
{
    /// <summary>Rows, columns and depths that leave every kind of rest.</summary>
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        for (var m = 1; m <= 20; m++) shapes.Add(m, 100, 40);
        int[] widths = [5, 16, 17, 64, 100, 256, 1024];
        int[] depths = [1, 5, 40, 256, 513];
        foreach (var n in widths)
            foreach (var k in depths)
                shapes.Add(n == 1024 ? 7 : 13, n, k);
        shapes.Add(300, 130, 70);
        shapes.Add(1100, 80, 50);
        shapes.Add(37, 256, 1500);
        return shapes;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Multiply_agrees_with_sums_in_double_precision(int m, int n, int k)
    {
        var random = new CounterRandom(1, CounterRandom.Stream("gemm", n, k));
        var (lda, ldc) = (Panels.Padded(k), Panels.Padded(n));
        var a = Matrices.RandomRows(random, m, k);
        var w = Matrices.RandomPanels(random, k, n);
        var bias = Matrices.RandomRows(random, 1, n);
        var before = Matrices.RandomRows(random, m, n);
        var products = new double[m * n];
        for (var i = 0; i < m; i++)
            for (var p = 0; p < k; p++)
                for (var j = 0; j < n; j++)
                    products[i * n + j] += (double)a[i * lda + p] * w[Panels.Offset(p, j, k, n)];

        InstructionSets.ForEach(set =>
        {
            foreach (var epilogue in Enum.GetValues<Epilogue>())
            {
                var c = epilogue == Epilogue.Add ? Matrices.Copy(before) : Matrices.Filled(m * ldc, float.NaN);
                Gemm.Multiply(a.Pointer(), lda, w.Pointer(), bias.Pointer(), c.Pointer(), ldc, m, n, k, epilogue);
                for (var i = 0; i < m; i++)
                {
                    for (var j = 0; j < n; j++)
                    {
                        var expected = products[i * n + j] + bias[j];
                        if (epilogue == Epilogue.Add) expected += before[i * ldc + j];
                        if (epilogue == Epilogue.Relu) expected = Math.Max(expected, 0);
                        Matrices.AssertClose(expected, c[i * ldc + j], Math.Sqrt(k), $"{set} {epilogue} ({i}, {j})");
                    }
                    for (var j = n; j < ldc; j++) Assert.Equal(0, c[i * ldc + j]);
                }
            }
        });
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Input_gradient_agrees_with_sums_in_double_precision(int m, int n, int k)
    {
        var random = new CounterRandom(2, CounterRandom.Stream("gemm", n, k));
        var (lda, ldc) = (Panels.Padded(k), Panels.Padded(n));
        var dc = Matrices.RandomRows(random, m, n);
        var w = Matrices.RandomPanels(random, k, n);
        var before = Matrices.RandomRows(random, m, k);
        var sums = new double[m * k];
        for (var i = 0; i < m; i++)
            for (var p = 0; p < k; p++)
                for (var j = 0; j < n; j++)
                    sums[i * k + p] += (double)dc[i * ldc + j] * w[Panels.Offset(p, j, k, n)];

        InstructionSets.ForEach(set =>
        {
            foreach (var add in new[] { false, true })
            {
                var da = Matrices.Copy(before);
                Gemm.InputGradient(dc.Pointer(), ldc, w.Pointer(), da.Pointer(), lda, m, n, k, add);
                for (var i = 0; i < m; i++)
                {
                    for (var p = 0; p < k; p++)
                        Matrices.AssertClose(sums[i * k + p] + (add ? before[i * lda + p] : 0), da[i * lda + p], Math.Sqrt(n), $"{set} add {add} ({i}, {p})");
                    for (var p = k; p < lda; p++) Assert.Equal(0, da[i * lda + p]);
                }
            }
        });
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Weight_gradient_agrees_with_sums_in_double_precision(int m, int n, int k)
    {
        var random = new CounterRandom(3, CounterRandom.Stream("gemm", n, k));
        var (lda, ldc) = (Panels.Padded(k), Panels.Padded(n));
        var a = Matrices.RandomRows(random, m, k);
        var dc = Matrices.RandomRows(random, m, n);
        var before = Matrices.RandomPanels(random, k, n);
        var biasBefore = Matrices.RandomRows(random, 1, n);
        var sums = new double[k * n];
        var biasSums = new double[n];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                biasSums[j] += dc[i * ldc + j];
                for (var p = 0; p < k; p++) sums[p * n + j] += (double)a[i * lda + p] * dc[i * ldc + j];
            }

        InstructionSets.ForEach(set =>
        {
            var dw = Matrices.Copy(before);
            var bias = Matrices.Copy(biasBefore);
            Gemm.WeightGradient(a.Pointer(), lda, dc.Pointer(), ldc, dw.Pointer(), m, n, k);
            Gemm.AddColumnSums(dc.Pointer(), ldc, bias.Pointer(), m, n);
            for (var p = 0; p < k; p++)
            {
                for (var j = 0; j < n; j++)
                    Matrices.AssertClose(before[Panels.Offset(p, j, k, n)] + sums[p * n + j], dw[Panels.Offset(p, j, k, n)], Math.Sqrt(m), $"{set} ({p}, {j})");
                for (var j = n; j < ldc; j++) Assert.Equal(0, dw[Panels.Offset(p, j, k, n)]);
            }
            for (var j = 0; j < n; j++) Matrices.AssertClose(biasBefore[j] + biasSums[j], bias[j], Math.Sqrt(m), $"{set} bias {j}");
            for (var j = n; j < ldc; j++) Assert.Equal(0, bias[j]);
        });
    }

    [Theory, InlineData(1, 1, 1), InlineData(5, 16, 256), InlineData(16, 16, 100), InlineData(13, 70, 17), InlineData(40, 33, 300)]
    public void Inner_products_and_products_of_rows_agree_with_sums_in_double_precision(int m, int n, int k)
    {
        var random = new CounterRandom(10, 0);
        var (lda, ldc) = (Panels.Padded(k), Panels.Padded(n));
        float[] a = Matrices.RandomRows(random, m, k), b = Matrices.RandomRows(random, n, k), before = Matrices.RandomRows(random, m, n);
        InstructionSets.ForEach(set =>
        {
            var c = Matrices.Copy(before);
            Gemm.InnerProducts(a.Pointer(), lda, b.Pointer(), lda, c.Pointer(), ldc, m, n, k);
            float[] da = Matrices.Copy(a), db = Matrices.Copy(b);
            Gemm.AddProduct(before.Pointer(), ldc, 1, b.Pointer(), lda, da.Pointer(), lda, m, k, n);
            Gemm.AddProduct(before.Pointer(), 1, ldc, a.Pointer(), lda, db.Pointer(), lda, n, k, m);
            for (var i = 0; i < m; i++)
                for (var j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (var p = 0; p < k; p++) sum += (double)a[i * lda + p] * b[j * lda + p];
                    Matrices.AssertClose(sum, c[i * ldc + j], Math.Sqrt(k), $"{set} ({i}, {j})");
                }
            for (var i = 0; i < m; i++)
                for (var p = 0; p < k; p++)
                {
                    double sum = a[i * lda + p];
                    for (var j = 0; j < n; j++) sum += (double)before[i * ldc + j] * b[j * lda + p];
                    Matrices.AssertClose(sum, da[i * lda + p], Math.Sqrt(n), $"{set} da ({i}, {p})");
                }
            for (var j = 0; j < n; j++)
                for (var p = 0; p < k; p++)
                {
                    double sum = b[j * lda + p];
                    for (var i = 0; i < m; i++) sum += (double)before[i * ldc + j] * a[i * lda + p];
                    Matrices.AssertClose(sum, db[j * lda + p], Math.Sqrt(m), $"{set} db ({j}, {p})");
                }
        });
    }

    [Theory, InlineData(1, 1), InlineData(5, 40), InlineData(100, 17), InlineData(64, 256), InlineData(130, 1024)]
    public void Transposing_moves_every_weight_to_its_mirror_place(int k, int n)
    {
        var w = Matrices.RandomPanels(new CounterRandom(4, 0), k, n);
        InstructionSets.ForEach(_ =>
        {
            var transposed = Matrices.Filled(Panels.Size(n, k), float.NaN);
            Gemm.Transpose(w.Pointer(), transposed.Pointer(), n, k);
            for (var p = 0; p < Panels.Padded(k); p++)
                for (var j = 0; j < n; j++)
                    Assert.Equal(p < k ? w[Panels.Offset(p, j, k, n)] : 0, transposed[Panels.Offset(j, p, n, k)]);
        });
    }

    [Theory, InlineData(20, 100, 40), InlineData(13, 256, 300), InlineData(500, 70, 1030)]
    public void A_row_alone_gives_the_same_bits_as_in_a_batch(int m, int n, int k)
    {
        var random = new CounterRandom(5, 0);
        var (lda, ldc) = (Panels.Padded(k), Panels.Padded(n));
        var a = Matrices.RandomRows(random, m, k);
        var dc = Matrices.RandomRows(random, m, n);
        var w = Matrices.RandomPanels(random, k, n);
        var bias = Matrices.RandomRows(random, 1, n);
        InstructionSets.ForEach(set =>
        {
            var together = Matrices.Filled(m * ldc, 0);
            var alone = Matrices.Filled(m * ldc, 0);
            Gemm.Multiply(a.Pointer(), lda, w.Pointer(), bias.Pointer(), together.Pointer(), ldc, m, n, k, Epilogue.Relu);
            for (var i = 0; i < m; i++)
                Gemm.Multiply(a.Pointer() + i * lda, lda, w.Pointer(), bias.Pointer(), alone.Pointer() + i * ldc, ldc, 1, n, k, Epilogue.Relu);
            Assert.Equal(together, alone);

            var gradients = Matrices.Filled(m * lda, 0);
            var gradientsAlone = Matrices.Filled(m * lda, 0);
            Gemm.InputGradient(dc.Pointer(), ldc, w.Pointer(), gradients.Pointer(), lda, m, n, k, add: false);
            for (var i = 0; i < m; i++)
                Gemm.InputGradient(dc.Pointer() + i * ldc, ldc, w.Pointer(), gradientsAlone.Pointer() + i * lda, lda, 1, n, k, add: false);
            Assert.Equal(gradients, gradientsAlone);
        });
    }
}
