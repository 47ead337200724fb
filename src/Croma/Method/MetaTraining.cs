using Croma.Compute;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>
/// CroMA, cross-modal meta-alignment: Algorithm 1 of the paper. The source modality has labels, pairs link it to the
/// target, and no target label is read: there is none in <see cref="PairedTrainingData"/>. Weak pairs are sets of samples
/// that share a cluster; Eq. 3 makes it the row `croma-weak`.
/// </summary>
public sealed class MetaTraining : FewShotMethod
{
    private readonly PairedTrainingData _data;
    private readonly MetaAlignment _alignment;
    private readonly MetaClassification _classification;

    /// <param name="name">The row's name.</param>
    /// <param name="meta">e_s^meta, e_t^meta and phi^meta, initialised.</param>
    /// <param name="options">n, epsilon, losses and batches.</param>
    /// <param name="data">Pairs and labelled source samples of the meta-train concepts.</param>
    /// <param name="input">How much of a sample the encoders see.</param>
    /// <param name="duet">The threads.</param>
    /// <param name="seed">Draws every task.</param>
    public MetaTraining(string name, MetaParameters meta, MetaOptions options, PairedTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        (Name, _data) = (name, data);
        var (sources, targets) = (new SampleReader(data.Source, input), new SampleReader(data.Target, input));
        _alignment = new MetaAlignment(meta, options, sources, targets, duet);
        _classification = new MetaClassification(meta, meta.Network.SourceEncoder, meta.SourceEncoder, options.ClassifierMovesEncoder, options, sources, duet);
    }

    public override string Name { get; }

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => [.. _alignment.Optimizers, .. _classification.Optimizers];

    /// <summary>One pass through the loop of Algorithm 1.</summary>
    public override IterationLosses Iterate(int iteration)
    {
        // Sample alignment task T_a of pairs {x_s, x_t}, or {X_s, X_t}
        var alignmentTask = _data.NewTask(Options, Random("T_a", iteration));

        // e_s := e_s^meta, e_t := e_t^meta;  compute e~_s, e~_t after n gradient steps on the alignment loss (Eq. 2, Eq. 3)
        // e_s^meta <- e_s^meta + epsilon (e~_s - e_s^meta),  e_t^meta <- e_t^meta + epsilon (e~_t - e_t^meta)
        var alignmentLoss = _alignment.Learn(alignmentTask, Random("windows of T_a", iteration));

        // Sample source modality task T_s of {x_s, y_s}
        var sourceTask = new ClassificationTask(_data.SourceSamples, Options.Ways, Options.Shots, Random("T_s", iteration));

        // phi := phi^meta;  compute phi~ after n gradient steps on the cross-entropy of phi(e_s(x_s))
        // phi^meta <- phi^meta + epsilon (phi~ - phi^meta)
        var classificationLoss = _classification.Learn(sourceTask, Random("batches of T_s", iteration));

        return new IterationLosses(alignmentLoss, classificationLoss);
    }

    public override void Dispose()
    {
        _alignment.Dispose();
        _classification.Dispose();
        base.Dispose();
    }
}
