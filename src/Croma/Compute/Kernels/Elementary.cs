#if !REAL_IS_DOUBLE
using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// Exponential, sigmoid and hyperbolic tangent of vectors, within 2 units in the last place: x = n ln 2 + r with
/// |r| &lt;= ln 2 / 2, and e^r - 1 = r + r^2 P(r) with the polynomial of Cephes' expf (S. L. Moshier 1989).
/// </summary>
internal static class Elementary<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>1.5 * 2^23: adding it rounds to an integer and leaves that integer in the lowest bits.</summary>
    private const float Shifter = 12582912;

    /// <summary>Between these e^r and n make a normal number without more ado.</summary>
    private const float Lowest = -86.98f, Highest = 88.37f;

    /// <summary>From here on tanh(x) rounds to 1.</summary>
    private const float TanhIsOne = 9.02f;

    /// <summary>e^x for x between -86.98 and 88.37, that of the nearer bound elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        x = TSimd.Min(TSimd.Broadcast(Highest), TSimd.Max(TSimd.Broadcast(Lowest), x));
        var minusOne = ReducedExpMinusOne(x, out var shifted);
        return TSimd.Scale(TSimd.Add(minusOne, TSimd.Broadcast(1)), shifted);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        var one = TSimd.Broadcast(1);
        return TSimd.Reciprocal(TSimd.Add(one, Exp(TSimd.Subtract(TSimd.Broadcast(0), x))));
    }

    /// <summary>tanh(x) = (e^2x - 1) / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        var minusOne = ExpMinusOneOfTwice(x);
        return TSimd.Divide(minusOne, TSimd.Add(minusOne, TSimd.Broadcast(2)));
    }

    /// <summary>e^2x - 1, exact also near 0; |x| is taken as at most 9.02.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOneOfTwice(TVector x)
    {
        x = TSimd.Min(TSimd.Broadcast(TanhIsOne), TSimd.Max(TSimd.Broadcast(-TanhIsOne), x));
        var minusOne = ReducedExpMinusOne(TSimd.Add(x, x), out var shifted);
        var one = TSimd.Broadcast(1);
        var power = TSimd.Scale(one, shifted);
        return TSimd.MultiplyAdd(power, minusOne, TSimd.Subtract(power, one));
    }

    /// <summary>e^r - 1, and n with the shifter added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReducedExpMinusOne(TVector x, out TVector shifted)
    {
        var shifter = TSimd.Broadcast(Shifter);
        shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), shifter);
        var n = TSimd.Subtract(shifted, shifter);
        var r = TSimd.NegatedMultiplyAdd(n, TSimd.Broadcast(0.693359375f), x);
        r = TSimd.NegatedMultiplyAdd(n, TSimd.Broadcast(-2.12194440e-4f), r);
        var p = TSimd.MultiplyAdd(r, TSimd.Broadcast(1.9875691500e-4f), TSimd.Broadcast(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(5.0000001201e-1f));
        return TSimd.MultiplyAdd(TSimd.Multiply(r, r), p, r);
    }
}
#endif
