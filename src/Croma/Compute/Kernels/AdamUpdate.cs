using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// Adam's update (Kingma and Ba 2015) of one vector of parameters; the rates are in registers.
/// </summary>
internal readonly unsafe struct AdamUpdate<TSimd, TVector, TMomentum>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TMomentum : IConstant
{
    /// <summary>
    /// Added to the second moment at every step, so that it never becomes zero or too small for a normal number, on which
    /// processors are slow. Its root stays below 1e-12, far below any epsilon of use.
    /// </summary>
    private const float Floor = 1e-27f;

    private readonly TVector _beta1, _beta2, _rootScale, _epsilon;
    private readonly bool _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AdamUpdate(in AdamRates rates)
    {
        (_beta1, _beta2) = (TSimd.Broadcast(rates.Beta1), TSimd.Broadcast(rates.Beta2));
        (_rootScale, _epsilon) = (TSimd.Broadcast(rates.RootScale), TSimd.Broadcast(rates.Epsilon));
        _first = rates.First;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector gradient, Real* p, Real* m, Real* v)
    {
        var second = TSimd.MultiplyAdd(gradient, gradient, TSimd.Broadcast((Real)Floor));
        if (!_first) second = TSimd.MultiplyAdd(_beta2, TSimd.Load(v), second);
        TSimd.Store(second, v);
        var first = gradient;
        if (TMomentum.Value != 0)
        {
            if (!_first) first = TSimd.MultiplyAdd(_beta1, TSimd.Load(m), first);
            TSimd.Store(first, m);
        }
        var denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(second), _rootScale, _epsilon);
        TSimd.Store(TSimd.NegatedMultiplyAdd(first, TSimd.Reciprocal(denominator), TSimd.Load(p)), p);
    }
}
