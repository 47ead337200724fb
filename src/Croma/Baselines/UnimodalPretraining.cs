using Croma.Method;

namespace Croma.Baselines;

/// <summary>
/// Unimodal pre-training: nothing happens in meta-training. A fresh e_t (random here: there is no pretrained encoder
/// of this modality) and a fresh phi are fine-tuned on the k labelled samples. #Target: 0 (0).
/// </summary>
public sealed class UnimodalPretraining(MetaParameters meta, MetaOptions options, ulong seed) : FewShotMethod(meta, options, null, seed)
{
    public override string Name => "unimodal-pretraining";

    public override int Iterations => 0;

    public override IterationLosses Iterate(int iteration) => new(double.NaN, double.NaN);
}
