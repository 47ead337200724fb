using Croma.Method;

namespace Croma.Baselines;

/// <summary>
/// No align (Table 4): e_s and e_t as they start, each by itself, so what retrieval from one to the other finds is
/// chance: the floor. As a classifier it is unimodal fine-tuning. #Target: 0 (0).
/// </summary>
public sealed class NoAlign(MetaParameters meta, MetaOptions options, ulong seed) : FewShotMethod(meta, options, null, seed)
{
    public override string Name => "no-align";

    public override int Iterations => 0;

    public override IterationLosses Iterate(int iteration) => new(double.NaN, double.NaN);
}
