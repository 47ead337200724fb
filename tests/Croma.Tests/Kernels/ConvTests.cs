using Croma.Compute;
using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

/// <summary>Convolutions of one image against sums written down from the definition.</summary>
[Collection(InstructionSets.Name)]
public sealed unsafe class ConvTests
{
    /// <summary>Height, width, input and output channels, kernel, stride.</summary>
    public static TheoryData<int, int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 3, 1 }, { 4, 4, 64, 64, 3, 1 }, { 9, 13, 3, 64, 3, 1 }, { 5, 17, 17, 33, 3, 1 }, { 6, 7, 5, 130, 3, 1 }, { 3, 2, 70, 5, 3, 1 },
        { 8, 8, 16, 64, 3, 2 }, { 7, 9, 17, 20, 3, 2 }, { 5, 4, 3, 5, 5, 1 }, { 6, 5, 3, 5, 5, 2 }, { 4, 5, 17, 16, 1, 1 }, { 5, 4, 17, 16, 1, 2 }, { 20, 20, 8, 16, 3, 1 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Convolution_and_its_gradients_agree_with_sums_in_double_precision(int height, int width, int inputs, int outputs, int kernel, int stride)
    {
        var shape = new ConvShape(height, width, inputs, outputs, kernel, stride);
        var random = new CounterRandom(20, CounterRandom.Stream("conv", inputs, outputs));
        var (ldx, ldy, pixels) = (Panels.Padded(inputs), Panels.Padded(outputs), shape.OutHeight * shape.OutWidth);
        float[] x = Matrices.RandomRows(random, height * width, inputs), dy = Matrices.RandomRows(random, pixels, outputs);
        float[] w = Matrices.RandomPanels(random, shape.Depth, outputs), bias = Matrices.RandomRows(random, 1, outputs);
        float[] dxBefore = Matrices.RandomRows(random, height * width, inputs), dwBefore = Matrices.RandomPanels(random, shape.Depth, outputs);
        var expected = Expected(shape, x, dy, w);
        InstructionSets.ForEach(set =>
        {
            float[] padded = Matrices.Filled(shape.PaddedInput, 0), spread = Matrices.Filled(shape.Back.PaddedInput, 0);
            float[] y = Matrices.Filled(pixels * ldy, float.NaN), dx = Matrices.Copy(dxBefore), dw = Matrices.Copy(dwBefore);
            var flipped = Matrices.Filled(Panels.Size(shape.Back.Depth, inputs), float.NaN);
            Conv.Pad(x.Pointer(), ldx, height, width, 1, shape, padded.Pointer());
            Conv.Multiply(shape, padded.Pointer(), w.Pointer(), bias.Pointer(), y.Pointer(), ldy, add: false);
            Conv.AddWeightGradient(shape, padded.Pointer(), dy.Pointer(), ldy, dw.Pointer(), 0, kernel);
            Conv.FlipAndTranspose(shape, w.Pointer(), flipped.Pointer());
            Conv.Pad(dy.Pointer(), ldy, shape.OutHeight, shape.OutWidth, stride, shape.Back, spread.Pointer());
            Conv.Multiply(shape.Back, spread.Pointer(), flipped.Pointer(), null, dx.Pointer(), ldx, add: true);

            for (var p = 0; p < pixels; p++)
            {
                for (var o = 0; o < outputs; o++) Matrices.AssertClose(expected.Y[p, o] + bias[o], y[p * ldy + o], Math.Sqrt(shape.Depth), $"{set} y {p}, {o}");
                for (var o = outputs; o < ldy; o++) Assert.Equal(0, y[p * ldy + o]);
            }
            for (var p = 0; p < height * width; p++)
            {
                for (var c = 0; c < inputs; c++) Matrices.AssertClose(expected.Dx[p, c] + dxBefore[p * ldx + c], dx[p * ldx + c], Math.Sqrt(shape.Back.Depth), $"{set} dx {p}, {c}");
                for (var c = inputs; c < ldx; c++) Assert.Equal(0, dx[p * ldx + c]);
            }
            for (var r = 0; r < shape.Depth; r++)
            {
                for (var o = 0; o < outputs; o++)
                {
                    var at = Panels.Offset(r, o, shape.Depth, outputs);
                    Matrices.AssertClose(expected.Dw[r, o] + dwBefore[at], dw[at], Math.Sqrt(pixels), $"{set} dw {r}, {o}");
                }
                for (var o = outputs; o < ldy; o++) Assert.Equal(0, dw[Panels.Offset(r, o, shape.Depth, outputs)]);
            }
        });
    }

    [Fact]
    public void Weight_gradient_by_rows_of_the_kernel_gives_the_same_bits()
    {
        var shape = new ConvShape(20, 20, 5, 70, 3, 1);
        var random = new CounterRandom(21, 0);
        float[] padded = Matrices.Random(random, shape.PaddedInput), dy = Matrices.RandomRows(random, 400, 70);
        InstructionSets.ForEach(_ =>
        {
            float[] whole = Matrices.Filled(Panels.Size(shape.Depth, 70), 0), parts = Matrices.Filled(whole.Length, 0);
            Conv.AddWeightGradient(shape, padded.Pointer(), dy.Pointer(), 80, whole.Pointer(), 0, 3);
            for (var line = 2; line >= 0; line--) Conv.AddWeightGradient(shape, padded.Pointer(), dy.Pointer(), 80, parts.Pointer(), line, line + 1);
            Assert.Equal(whole, parts);
        });
    }

    private static (double[,] Y, double[,] Dx, double[,] Dw) Expected(ConvShape s, float[] x, float[] dy, float[] w)
    {
        var (ldx, ldy) = (Panels.Padded(s.InChannels), Panels.Padded(s.OutChannels));
        var (y, dx, dw) = (new double[s.OutHeight * s.OutWidth, s.OutChannels], new double[s.Height * s.Width, s.InChannels], new double[s.Depth, s.OutChannels]);
        for (var oy = 0; oy < s.OutHeight; oy++)
            for (var ox = 0; ox < s.OutWidth; ox++)
                for (var tap = 0; tap < s.Kernel * s.Kernel; tap++)
                {
                    var (iy, ix) = (oy * s.Stride + tap / s.Kernel - s.Margin, ox * s.Stride + tap % s.Kernel - s.Margin);
                    if (iy < 0 || iy >= s.Height || ix < 0 || ix >= s.Width) continue;
                    var (to, from) = (oy * s.OutWidth + ox, iy * s.Width + ix);
                    for (var c = 0; c < s.InChannels; c++)
                        for (var o = 0; o < s.OutChannels; o++)
                        {
                            var row = tap * s.InChannels + c;
                            double weight = w[Panels.Offset(row, o, s.Depth, s.OutChannels)];
                            y[to, o] += x[from * ldx + c] * weight;
                            dx[from, c] += dy[to * ldy + o] * weight;
                            dw[row, o] += (double)x[from * ldx + c] * dy[to * ldy + o];
                        }
                }
        return (y, dx, dw);
    }
}
