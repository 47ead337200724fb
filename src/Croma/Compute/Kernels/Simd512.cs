using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Croma.Compute.Kernels;

internal readonly unsafe struct Simd512 : ISimd<Vector512<Real>>
{
    public static int Count => Vector512<Real>.Count;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Load(Real* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<Real> x, Real* to) => Vector512.Store(x, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(Real* from) => Sse.Prefetch0(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Broadcast(Real x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Broadcast(Real* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Add(Vector512<Real> a, Vector512<Real> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Subtract(Vector512<Real> a, Vector512<Real> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Multiply(Vector512<Real> a, Vector512<Real> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Divide(Vector512<Real> a, Vector512<Real> b) => sizeof(Real) == sizeof(float) ? RefinedQuotient(a, b) : a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> MultiplyAdd(Vector512<Real> a, Vector512<Real> b, Vector512<Real> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> NegatedMultiplyAdd(Vector512<Real> a, Vector512<Real> b, Vector512<Real> c) => Avx512F.FusedMultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Max(Vector512<Real> a, Vector512<Real> b) => Avx512F.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Min(Vector512<Real> a, Vector512<Real> b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> SquareRoot(Vector512<Real> x) => sizeof(Real) == sizeof(float) ? RefinedSquareRoot(x) : Avx512F.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> DropTiny(Vector512<Real> x) =>
        Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create((Real)Tiny.Below)), Vector512<Real>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> WherePositive(Vector512<Real> condition, Vector512<Real> value) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(condition, Vector512<Real>.Zero), value, Vector512<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> WhereGreaterOrNaN(Vector512<Real> a, Vector512<Real> b, Vector512<Real> value, Vector512<Real> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b) | ~Vector512.Equals(a, a), value, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> WhereEqual(Vector512<Real> a, Vector512<Real> b, Vector512<Real> value) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, b), value, Vector512<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Scale(Vector512<Real> x, Vector512<Real> shifted) =>
        sizeof(Real) == sizeof(float)
            ? (x.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).As<int, Real>()
            : (x.AsInt64() + Vector512.ShiftLeft(shifted.AsInt64(), 52)).As<long, Real>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Sum(Vector512<Real> x) => Simd256.Sum(x.GetLower() + x.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(Vector512<Real> a, Vector512<Real> b, Vector512<Real> c, Vector512<Real> d, Real* to)
    {
        var ab = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);
        var cd = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
        if (Vector128<Real>.Count == 4)
        {
            var low = Avx512F.UnpackLow(ab.AsDouble(), cd.AsDouble()).As<double, Real>();
            var sums = low + Avx512F.UnpackHigh(ab.AsDouble(), cd.AsDouble()).As<double, Real>();
            var half = sums.GetLower() + sums.GetUpper();
            Vector128.Store(Vector128.Load(to) + (half.GetLower() + half.GetUpper()), to);
        }
        else
        {
            var (first, second) = (ab.GetLower() + ab.GetUpper(), cd.GetLower() + cd.GetUpper());
            Vector128.Store(Vector128.Load(to) + (first.GetLower() + first.GetUpper()), to);
            Vector128.Store(Vector128.Load(to + 2) + (second.GetLower() + second.GetUpper()), to + 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Reciprocal(Vector512<Real> x) => sizeof(Real) == sizeof(float) ? RefinedReciprocal(x) : Vector512<Real>.One / x;

    // 14 bits and one refinement of Newton's (P. Markstein, IA-64 and Elementary Functions, 2000) take a third of the
    // time of the instructions for roots and quotients, which all wait for the one divider.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<Real> RefinedSquareRoot(Vector512<Real> x)
    {
        var half = Vector512.Create((Real)0.5);
        var inverse = Avx512F.ReciprocalSqrt14(x);
        var root = x * inverse;
        return MultiplyAdd(root, NegatedMultiplyAdd(root, inverse * half, half), root);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<Real> RefinedReciprocal(Vector512<Real> x)
    {
        var inverse = Avx512F.Reciprocal14(x);
        return MultiplyAdd(inverse, NegatedMultiplyAdd(x, inverse, Vector512<Real>.One), inverse);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<Real> RefinedQuotient(Vector512<Real> a, Vector512<Real> b)
    {
        var inverse = RefinedReciprocal(b);
        var quotient = a * inverse;
        return MultiplyAdd(NegatedMultiplyAdd(quotient, b, a), inverse, quotient);
    }
}
