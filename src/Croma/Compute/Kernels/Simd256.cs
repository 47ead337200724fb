using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Croma.Compute.Kernels;

internal readonly unsafe struct Simd256 : ISimd<Vector256<Real>>
{
    public static int Count => Vector256<Real>.Count;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Load(Real* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<Real> x, Real* to) => Vector256.Store(x, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(Real* from) => Sse.Prefetch0(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Broadcast(Real x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Broadcast(Real* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Add(Vector256<Real> a, Vector256<Real> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Subtract(Vector256<Real> a, Vector256<Real> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Multiply(Vector256<Real> a, Vector256<Real> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Divide(Vector256<Real> a, Vector256<Real> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> MultiplyAdd(Vector256<Real> a, Vector256<Real> b, Vector256<Real> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> NegatedMultiplyAdd(Vector256<Real> a, Vector256<Real> b, Vector256<Real> c) => Fma.MultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Max(Vector256<Real> a, Vector256<Real> b) => Avx.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Min(Vector256<Real> a, Vector256<Real> b) => Avx.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> SquareRoot(Vector256<Real> x) => Avx.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Reciprocal(Vector256<Real> x) => Vector256<Real>.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> DropTiny(Vector256<Real> x) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(x), Vector256.Create((Real)Tiny.Below)), Vector256<Real>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> WherePositive(Vector256<Real> condition, Vector256<Real> value) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(condition, Vector256<Real>.Zero), value, Vector256<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> WhereGreaterOrNaN(Vector256<Real> a, Vector256<Real> b, Vector256<Real> value, Vector256<Real> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b) | ~Vector256.Equals(a, a), value, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> WhereEqual(Vector256<Real> a, Vector256<Real> b, Vector256<Real> value) =>
        Vector256.ConditionalSelect(Vector256.Equals(a, b), value, Vector256<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Scale(Vector256<Real> x, Vector256<Real> shifted) =>
        sizeof(Real) == sizeof(float)
            ? (x.AsInt32() + Vector256.ShiftLeft(shifted.AsInt32(), 23)).As<int, Real>()
            : (x.AsInt64() + Vector256.ShiftLeft(shifted.AsInt64(), 52)).As<long, Real>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Sum(Vector256<Real> x) => Simd128.Sum(x.GetLower() + x.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(Vector256<Real> a, Vector256<Real> b, Vector256<Real> c, Vector256<Real> d, Real* to)
    {
        var ab = Avx.UnpackLow(a, b) + Avx.UnpackHigh(a, b);
        var cd = Avx.UnpackLow(c, d) + Avx.UnpackHigh(c, d);
        if (Vector128<Real>.Count == 4)
        {
            var low = Avx.UnpackLow(ab.AsDouble(), cd.AsDouble()).As<double, Real>();
            var sums = low + Avx.UnpackHigh(ab.AsDouble(), cd.AsDouble()).As<double, Real>();
            Vector128.Store(Vector128.Load(to) + (sums.GetLower() + sums.GetUpper()), to);
        }
        else
        {
            Vector128.Store(Vector128.Load(to) + (ab.GetLower() + ab.GetUpper()), to);
            Vector128.Store(Vector128.Load(to + 2) + (cd.GetLower() + cd.GetUpper()), to + 2);
        }
    }
}
