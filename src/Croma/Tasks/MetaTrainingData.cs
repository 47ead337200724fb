using Croma.Compute;
using Croma.Data;
using Croma.Method;

namespace Croma.Tasks;

/// <summary>
/// What a method is handed for meta-training, of meta-train concepts only. Each kind holds what its methods may read
/// and no more; of a modality that is <see cref="SampleContents"/>, which cannot tell concepts. The table's columns '#Target'
/// and '#Target (labels)' are computed from it.
/// </summary>
public abstract class TrainingData
{
    private protected TrainingData() { }

    /// <summary>Target samples handed over: the table's column '#Target'.</summary>
    public abstract int TargetSamples { get; }

    /// <summary>Of these, with labels.</summary>
    public virtual int TargetLabels => 0;

    /// <summary>Source samples handed over, whatever for; null: none.</summary>
    internal virtual SamplePool? SourcePool => null;

    /// <summary>Target samples handed over, whatever for; null: none.</summary>
    internal virtual SamplePool? TargetPool => null;

    /// <summary>Alignment samples of a modality that belong to meta-train concepts, in the data set's order.</summary>
    private protected static IEnumerable<int> AlignmentSamples(CrossModalDataset dataset, ModalityData modality) =>
        Enumerable.Range(0, modality.Count).Where(i => modality.Part(i) == Part.Alignment && dataset.Concepts[modality.Concept(i)].Split == ConceptSplit.MetaTrain);

    /// <summary>The same by cluster, clusters in the order of their names.</summary>
    /// <exception cref="CromaException">The data set has no clusters.</exception>
    private protected static IEnumerable<(string Cluster, int[] Samples)> ByCluster(CrossModalDataset dataset, ModalityData modality)
    {
        var clusters = AlignmentSamples(dataset, modality).Where(i => dataset.Concepts[modality.Concept(i)].Cluster is not null)
            .GroupBy(i => dataset.Concepts[modality.Concept(i)].Cluster!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToArray();
        if (clusters.Length == 0)
            throw new CromaException($"'{dataset.Name}' has no clusters of meta-train concepts, so there are no weak labels or weak pairs: give its concepts a \"cluster\", or choose another method.");
        return clusters.Select(g => (g.Key, g.ToArray()));
    }

    /// <summary>The samples of each cluster that has some in both modalities.</summary>
    private protected static IReadOnlyList<WeakPair> WeakPairs(CrossModalDataset dataset) =>
        [.. ByCluster(dataset, dataset.Source).Join(ByCluster(dataset, dataset.Target), s => s.Cluster, t => t.Cluster, (s, t) => new WeakPair(s.Samples, t.Samples))];
}

/// <summary>Pairs of the two modalities, strong or weak, and labelled source samples. Target labels are not in here.</summary>
public abstract class PairedTrainingData : TrainingData
{
    private protected PairedTrainingData(CrossModalDataset dataset)
    {
        (Source, Target) = (dataset.Source.Contents, dataset.Target.Contents);
        SourceSamples = LabelledSamples.OfSource(dataset);
    }

    public SampleContents Source { get; }

    public SampleContents Target { get; }

    /// <summary>Source classification: labelled source samples, disjoint from the pairs.</summary>
    public LabelledSamples SourceSamples { get; }

    internal override SamplePool? SourcePool => SamplePool.Of(SourceSamples);

    /// <summary>Strong pairs where the data set has some, otherwise the weak ones of its clusters.</summary>
    public static PairedTrainingData Of(CrossModalDataset dataset) =>
        dataset.StrongPairs.Count > 0 ? new MetaTrainingData(dataset) : new WeaklyPairedTrainingData(dataset);

    /// <summary>Samples T_a, an alignment task.</summary>
    /// <param name="options">Batch, and how pairs are drawn.</param>
    /// <param name="random">The task's own stream.</param>
    internal abstract AlignmentTask NewTask(MetaOptions options, CounterRandom random);
}

/// <summary>Strong pairs, the labels of their source side, and labelled source samples.</summary>
public sealed class MetaTrainingData : PairedTrainingData
{
    public MetaTrainingData(CrossModalDataset dataset) : base(dataset)
    {
        Pairs = [.. dataset.StrongPairs.Where(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain)];
        PairsByConcept = [.. Pairs.GroupBy(p => dataset.Source.Concept(p.Source)).OrderBy(g => g.Key).Select(g => g.ToArray())];
    }

    /// <summary>Strong pairs (x_s, x_t): sample numbers in the two modalities.</summary>
    public IReadOnlyList<StrongPair> Pairs { get; }

    /// <summary>The same by the label of their source side.</summary>
    public IReadOnlyList<StrongPair[]> PairsByConcept { get; }

    public override int TargetSamples => Pairs.Count;

    internal override SamplePool? TargetPool => new(Target, [.. Pairs.Select(p => p.Target).Distinct()]);

    internal override AlignmentTask NewTask(MetaOptions options, CounterRandom random) => new StrongAlignmentTask(this, options.AlignmentBatch, options.PairDrawing, random);
}

/// <summary>Labelled source samples and labelled target samples: only for methods that say they read them.</summary>
/// <param name="dataset">The data.</param>
/// <param name="labelNoise">The rate at which target labels are wrong (section 5.4).</param>
/// <param name="seed">Draws which.</param>
public sealed class TargetLabelledTrainingData(CrossModalDataset dataset, double labelNoise = 0, ulong seed = 0) : TrainingData
{
    public LabelledSamples SourceSamples { get; } = LabelledSamples.OfSource(dataset);

    /// <summary>Target classification in meta-training, disjoint from the pairs.</summary>
    public LabelledSamples TargetLabelledSamples { get; } =
        new LabelledSamples(dataset, dataset.Target, ConceptSplit.MetaTrain, Part.Target).WithNoise(labelNoise, new CounterRandom(seed, CounterRandom.Stream("noise of meta-train")));

    public override int TargetSamples => TargetLabelledSamples.Count;

    public override int TargetLabels => TargetLabelledSamples.Count;

    internal override SamplePool? SourcePool => SamplePool.Of(SourceSamples);

    internal override SamplePool? TargetPool => SamplePool.Of(TargetLabelledSamples);
}

/// <summary>Labelled source samples alone.</summary>
public sealed class SourceTrainingData(CrossModalDataset dataset) : TrainingData
{
    public LabelledSamples SourceSamples { get; } = LabelledSamples.OfSource(dataset);

    public override int TargetSamples => 0;

    internal override SamplePool? SourcePool => SamplePool.Of(SourceSamples);
}

/// <summary>Target samples that nobody labelled or paired.</summary>
public class UnlabelledTrainingData(CrossModalDataset dataset) : TrainingData
{
    public SampleContents Target { get; } = dataset.Target.Contents;

    /// <summary>Sample numbers.</summary>
    public IReadOnlyList<int> Samples { get; } = [.. AlignmentSamples(dataset, dataset.Target)];

    public override int TargetSamples => Samples.Count;

    internal override SamplePool? TargetPool => new(Target, Samples);
}

/// <summary>The same and labelled source samples: what unsupervised domain adaptation reads.</summary>
public sealed class UnpairedTrainingData(CrossModalDataset dataset) : UnlabelledTrainingData(dataset)
{
    public LabelledSamples SourceSamples { get; } = LabelledSamples.OfSource(dataset);

    internal override SamplePool? SourcePool => SamplePool.Of(SourceSamples);
}

/// <summary>Target samples with weak labels, the clusters that the data set puts concepts into; the concepts are not in here.</summary>
public sealed class WeaklyLabelledTrainingData(CrossModalDataset dataset) : TrainingData
{
    public SampleContents Target { get; } = dataset.Target.Contents;

    /// <summary>The clusters' samples.</summary>
    public LabelledSamples Clusters { get; } = new(dataset.Target.Contents, [.. ByCluster(dataset, dataset.Target).Select(c => c.Samples)]);

    public override int TargetSamples => Clusters.Count;

    internal override SamplePool? TargetPool => SamplePool.Of(Clusters);
}

/// <summary>A weak pair (X_s, X_t): all alignment samples of one cluster in the two modalities; who belongs to whom is not known.</summary>
public sealed record WeakPair(int[] Source, int[] Target);

/// <summary>Pairs and nothing besides, no label of either side: strong ones where the data set has some, each a pair of sets of one, otherwise weak ones.</summary>
public sealed class PairsTrainingData(CrossModalDataset dataset) : TrainingData
{
    public SampleContents Source { get; } = dataset.Source.Contents;

    public SampleContents Target { get; } = dataset.Target.Contents;

    public IReadOnlyList<WeakPair> Pairs { get; } = dataset.StrongPairs.Count > 0
        ? [.. dataset.StrongPairs.Where(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain).Select(p => new WeakPair([p.Source], [p.Target]))]
        : WeakPairs(dataset);

    public override int TargetSamples => Pairs.Sum(p => p.Target.Length);
}

/// <summary>Weak pairs and labelled source samples.</summary>
public sealed class WeaklyPairedTrainingData(CrossModalDataset dataset) : PairedTrainingData(dataset)
{
    public IReadOnlyList<WeakPair> Pairs { get; } = WeakPairs(dataset);

    public override int TargetSamples => Pairs.Sum(p => p.Target.Length);

    internal override SamplePool? TargetPool => new(Target, [.. Pairs.SelectMany(p => p.Target)]);

    internal override AlignmentTask NewTask(MetaOptions options, CounterRandom random) => new WeakAlignmentTask(this, options.AlignmentBatch, options.SamplesOfSet, random);
}
