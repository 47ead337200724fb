using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Croma.Compute.Kernels;

internal readonly unsafe struct Simd128 : ISimd<Vector128<Real>>
{
    public static int Count => Vector128<Real>.Count;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Load(Real* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<Real> x, Real* to) => Vector128.Store(x, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(Real* from)
    {
        if (Sse.IsSupported) Sse.Prefetch0(from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Broadcast(Real x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Broadcast(Real* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Add(Vector128<Real> a, Vector128<Real> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Subtract(Vector128<Real> a, Vector128<Real> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Multiply(Vector128<Real> a, Vector128<Real> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Divide(Vector128<Real> a, Vector128<Real> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> MultiplyAdd(Vector128<Real> a, Vector128<Real> b, Vector128<Real> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> NegatedMultiplyAdd(Vector128<Real> a, Vector128<Real> b, Vector128<Real> c) => Vector128.MultiplyAddEstimate(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Max(Vector128<Real> a, Vector128<Real> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Min(Vector128<Real> a, Vector128<Real> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> SquareRoot(Vector128<Real> x) => Vector128.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Reciprocal(Vector128<Real> x) => Vector128<Real>.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> DropTiny(Vector128<Real> x) =>
        Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Abs(x), Vector128.Create((Real)Tiny.Below)), Vector128<Real>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> WherePositive(Vector128<Real> condition, Vector128<Real> value) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(condition, Vector128<Real>.Zero), value, Vector128<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> WhereGreaterOrNaN(Vector128<Real> a, Vector128<Real> b, Vector128<Real> value, Vector128<Real> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b) | ~Vector128.Equals(a, a), value, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> WhereEqual(Vector128<Real> a, Vector128<Real> b, Vector128<Real> value) =>
        Vector128.ConditionalSelect(Vector128.Equals(a, b), value, Vector128<Real>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Scale(Vector128<Real> x, Vector128<Real> shifted) =>
        sizeof(Real) == sizeof(float)
            ? (x.AsInt32() + Vector128.ShiftLeft(shifted.AsInt32(), 23)).As<int, Real>()
            : (x.AsInt64() + Vector128.ShiftLeft(shifted.AsInt64(), 52)).As<long, Real>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Sum(Vector128<Real> x) =>
        Vector128<Real>.Count == 4 ? (x[0] + x[2]) + (x[1] + x[3]) : x[0] + x[1];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(Vector128<Real> a, Vector128<Real> b, Vector128<Real> c, Vector128<Real> d, Real* to)
    {
        to[0] += Sum(a);
        to[1] += Sum(b);
        to[2] += Sum(c);
        to[3] += Sum(d);
    }
}
