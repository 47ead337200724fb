using System.Runtime.Intrinsics;
using Croma.Compute.Kernels;

namespace Croma.Tests.Kernels;

[Collection(InstructionSets.Name)]
public sealed unsafe class ElementaryTests
{
    [Fact]
    public void Exponential_sigmoid_and_tanh_are_within_two_units_in_the_last_place() => InstructionSets.ForEach(set =>
    {
        AssertAccurate(set, "exp", x => new Exponential(x), Math.Exp, -86.9, 88.3);
        AssertAccurate(set, "sigmoid", x => new Sigmoid(x), x => 1 / (1 + Math.Exp(-x)), -86.9, 88.3);
        AssertAccurate(set, "tanh", x => new Tanh(x), Math.Tanh, -12, 12);
        AssertAccurate(set, "tanh near 0", x => new Tanh(x), Math.Tanh, -1e-3, 1e-3);
    });

    [Theory]
    [InlineData(float.NegativeInfinity, 0, -1), InlineData(float.PositiveInfinity, 1, 1), InlineData(float.NaN, float.NaN, float.NaN), InlineData(0, 0.5, 0)]
    public void Extremes_saturate_and_what_is_not_a_number_passes(float x, double sigmoid, double tanh) => InstructionSets.ForEach(_ =>
    {
        Assert.Equal(sigmoid, Apply(v => new Sigmoid(v), x), 1e-37);
        Assert.Equal(tanh, Apply(v => new Tanh(v), x), 1e-7);
    });

    [Fact]
    public void Square_roots_and_reciprocals_are_within_one_unit_in_the_last_place() => InstructionSets.ForEach(set =>
    {
        var numbers = Matrices.Filled(1 << 16, 0);
        // all mantissas of two neighbouring exponents, at both ends of the range and in the middle
        foreach (var exponent in new[] { 27, 126, 227 })
            for (var start = exponent << 23; start < (exponent + 2) << 23; start += numbers.Length)
                RequireOneUnit(set, start, numbers);
    });

    [Fact]
    public void What_is_not_a_number_has_no_root_and_no_reciprocal() => InstructionSets.ForEach(_ =>
    {
        Assert.True(float.IsNaN(Apply(v => new SquareRoots(v, 16), float.NaN)));
        Assert.True(float.IsNaN(Apply(v => new SquareRoots(v, 16), -1)));
        Assert.True(float.IsNaN(Apply(v => new Reciprocals(v, 16), float.NaN)));
    });

    private static void RequireOneUnit(InstructionSet set, int firstBits, float[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BitConverter.Int32BitsToSingle(firstBits + i);
        Simd.Run(new SquareRoots((nint)numbers.Pointer(), numbers.Length));
        for (var i = 0; i < numbers.Length; i++) Require("root", Math.Sqrt(BitConverter.Int32BitsToSingle(firstBits + i)), i);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BitConverter.Int32BitsToSingle(firstBits + i);
        Simd.Run(new Reciprocals((nint)numbers.Pointer(), numbers.Length));
        for (var i = 0; i < numbers.Length; i++) Require("reciprocal", 1.0 / BitConverter.Int32BitsToSingle(firstBits + i), i);

        void Require(string what, double exact, int i)
        {
            if (!(Math.Abs(numbers[i] - exact) <= Ulp((float)exact))) Assert.Fail($"{set}: the {what} of {BitConverter.Int32BitsToSingle(firstBits + i)} is not {numbers[i]}.");
        }
    }

    private delegate TKernel Make<TKernel>(nint at);

    private static void AssertAccurate<TKernel>(InstructionSet set, string name, Make<TKernel> make, Func<double, double> exact, double from, double to)
        where TKernel : struct, IKernel
    {
        var worst = 0.0;
        for (var i = 0; i <= 200_000; i++)
        {
            var x = (float)(from + (to - from) * i / 200_000);
            var expected = exact(x);
            worst = Math.Max(worst, Math.Abs(Apply(make, x) - expected) / Ulp((float)Math.Abs(expected)));
        }
        Assert.True(worst < 2.5, $"{set} {name}: {worst} units in the last place");
    }

    private static float Ulp(float positive) => MathF.BitIncrement(positive) - positive;

    private static float Apply<TKernel>(Make<TKernel> make, float x)
        where TKernel : struct, IKernel
    {
        var lanes = stackalloc float[16];
        new Span<float>(lanes, 16).Fill(x);
        Simd.Run(make((nint)lanes));
        return lanes[0];
    }

    private readonly struct Exponential(nint at) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Store(Elementary<TSimd, TVector>.Exp(TSimd.Load((float*)at)), (float*)at);
    }

    private readonly struct Sigmoid(nint at) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Store(Elementary<TSimd, TVector>.Sigmoid(TSimd.Load((float*)at)), (float*)at);
    }

    private readonly struct Tanh(nint at) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Store(Elementary<TSimd, TVector>.Tanh(TSimd.Load((float*)at)), (float*)at);
    }

    private readonly struct SquareRoots(nint at, int count) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            for (var x = (float*)at; x < (float*)at + count; x += TSimd.Count) TSimd.Store(TSimd.SquareRoot(TSimd.Load(x)), x);
        }
    }

    private readonly struct Reciprocals(nint at, int count) : IKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            for (var x = (float*)at; x < (float*)at + count; x += TSimd.Count) TSimd.Store(TSimd.Reciprocal(TSimd.Load(x)), x);
        }
    }
}
