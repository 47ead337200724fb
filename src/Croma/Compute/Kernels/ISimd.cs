namespace Croma.Compute.Kernels;

/// <summary>
/// The operations that kernels are written in, one instruction each where the set has it. Loads and stores need no
/// alignment (64 bytes is fastest).
/// </summary>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Vectors that the processor holds in registers.</summary>
    static abstract int Registers { get; }

    static abstract TVector Load(Real* from);

    static abstract void Store(TVector x, Real* to);

    /// <summary>Asks for the cache line of <paramref name="from"/>, which need not be valid, where the processor can.</summary>
    static abstract void Prefetch(Real* from);

    static abstract TVector Broadcast(Real x);

    /// <summary>Broadcasts from memory: a load, where <see cref="Broadcast(Real)"/> of a register takes an arithmetic port.</summary>
    static abstract TVector Broadcast(Real* from);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b for b between 1e-37 and 1e37, within 1 unit in the last place.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>c - a b, rounded once where the processor can.</summary>
    static abstract TVector NegatedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The greater of each pair; <paramref name="b"/> where either is not a number.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The smaller of each pair; <paramref name="b"/> where either is not a number.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The square root of a normal number above 0, within 1 unit in the last place.</summary>
    static abstract TVector SquareRoot(TVector x);

    /// <summary>1 / x for x between 1e-37 and 1e37, within 1 unit in the last place.</summary>
    static abstract TVector Reciprocal(TVector x);

    /// <summary>0 where |x| is below <see cref="Tiny.Below"/>, else <paramref name="x"/>, which may be no number.</summary>
    static abstract TVector DropTiny(TVector x);

    /// <summary><paramref name="value"/> where <paramref name="condition"/> is positive, else 0.</summary>
    static abstract TVector WherePositive(TVector condition, TVector value);

    /// <summary><paramref name="value"/> where a &gt; b or a is not a number, else <paramref name="otherwise"/>.</summary>
    static abstract TVector WhereGreaterOrNaN(TVector a, TVector b, TVector value, TVector otherwise);

    /// <summary><paramref name="value"/> where a = b, else 0.</summary>
    static abstract TVector WhereEqual(TVector a, TVector b, TVector value);

    /// <summary>
    /// x 2^n for a normal result, where <paramref name="shifted"/> is n + 1.5 * 2^(mantissa bits), so that its lowest
    /// bits are n.
    /// </summary>
    static abstract TVector Scale(TVector x, TVector shifted);

    /// <summary>The sum of a vector's numbers, halves first.</summary>
    static abstract Real Sum(TVector x);

    /// <summary>Adds the four vectors' sums to four numbers in a row.</summary>
    static abstract void AddSums(TVector a, TVector b, TVector c, TVector d, Real* to);
}
