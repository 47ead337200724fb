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
    /// processors are slow. Its root stays below 1e-13, far below any epsilon of use.
    /// </summary>
    private const float Floor = 1e-30f;

    private readonly TVector _step, _epsilon, _rootScale;
    private readonly TVector _beta1, _rest1, _beta2, _rest2;
    private readonly bool _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AdamUpdate(in AdamRates rates)
    {
        (_step, _epsilon, _rootScale) = (TSimd.Broadcast(rates.Step), TSimd.Broadcast(rates.Epsilon), TSimd.Broadcast(rates.RootScale));
        (_beta1, _rest1) = (TSimd.Broadcast(rates.Beta1), TSimd.Broadcast(rates.Rest1));
        (_beta2, _rest2) = (TSimd.Broadcast(rates.Beta2), TSimd.Broadcast(rates.Rest2));
        _first = rates.First;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector gradient, Real* p, Real* m, Real* v)
    {
        var second = TSimd.MultiplyAdd(TSimd.Multiply(_rest2, gradient), gradient, TSimd.Broadcast((Real)Floor));
        if (!_first) second = TSimd.MultiplyAdd(_beta2, TSimd.Load(v), second);
        TSimd.Store(second, v);
        var first = gradient;
        if (TMomentum.Value != 0)
        {
            first = TSimd.Multiply(_rest1, first);
            if (!_first) first = TSimd.MultiplyAdd(_beta1, TSimd.Load(m), first);
            TSimd.Store(first, m);
        }
        var denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(second), _rootScale, _epsilon);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Multiply(_step, first), TSimd.Reciprocal(denominator), TSimd.Load(p)), p);
    }
}
