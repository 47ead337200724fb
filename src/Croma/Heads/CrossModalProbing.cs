namespace Croma.Heads;

/// <summary>
/// Source samples of the same classes as further shots (Lin et al. 2023, "Multimodality Helps Unimodality"): ridge
/// regression on both modalities, whose strength is chosen on the target's samples.
/// </summary>
public sealed class CrossModalProbing : LinearHead
{
    public override string Name => "cross-modal-probing";

    public override bool ReadsSource => true;

    public override LinearScores Fit(LabelledEmbeddings support, LabelledEmbeddings? source)
    {
        if (source == null || source.Ways != support.Ways) throw new ArgumentException("Cross-modal probing needs source samples of the support's classes.", nameof(source));
        return RidgeHead.Fit([.. support.Rows, .. source.Rows], [.. support.Labels, .. source.Labels], support.Ways, support.Rows.Count);
    }
}
