using Croma.Data;

namespace Croma.Tasks;

/// <summary>Samples of one modality with their concepts: what classification tasks are drawn from.</summary>
public sealed class LabelledSamples
{
    /// <summary>Collects the samples of one part that belong to concepts of one split.</summary>
    internal LabelledSamples(CrossModalDataset dataset, ModalityData modality, ConceptSplit split, Part part)
    {
        Modality = modality;
        Concepts = [.. Enumerable.Range(0, dataset.Concepts.Count).Where(c => dataset.Concepts[c].Split == split)];
        var byConcept = Enumerable.Range(0, modality.Count).Where(i => modality.Part(i) == part).ToLookup(modality.Concept);
        Samples = [.. Concepts.Select(c => byConcept[c].ToArray())];
    }

    public ModalityData Modality { get; }

    /// <summary>The data set's numbers of the concepts.</summary>
    public IReadOnlyList<int> Concepts { get; }

    /// <summary>Samples of each concept, in the order of <see cref="Concepts"/>.</summary>
    public IReadOnlyList<int[]> Samples { get; }

    public int Count => Samples.Sum(s => s.Length);
}

/// <summary>
/// All that a method without target labels may read in meta-training: pairs, the labels of their source side, and
/// labelled source samples, of meta-train concepts only. Target labels are not in here.
/// </summary>
public class MetaTrainingData
{
    public MetaTrainingData(CrossModalDataset dataset)
    {
        (Source, Target) = (dataset.Source, dataset.Target);
        SourceSamples = new LabelledSamples(dataset, dataset.Source, ConceptSplit.MetaTrain, Part.Source);
        Pairs = [.. dataset.StrongPairs.Where(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain)];
        PairsByConcept = [.. Pairs.GroupBy(p => dataset.Source.Concept(p.Source)).OrderBy(g => g.Key).Select(g => g.ToArray())];
    }

    public ModalityData Source { get; }

    public ModalityData Target { get; }

    /// <summary>Source classification: labelled source samples, disjoint from the pairs.</summary>
    public LabelledSamples SourceSamples { get; }

    /// <summary>Strong pairs (x_s, x_t): sample numbers in the two modalities.</summary>
    public IReadOnlyList<StrongPair> Pairs { get; }

    /// <summary>The same by the label of their source side.</summary>
    public IReadOnlyList<StrongPair[]> PairsByConcept { get; }

    /// <summary>Target samples handed over: the table's column '#Target'.</summary>
    public virtual int TargetSamples => Pairs.Count;

    /// <summary>Of these, with labels.</summary>
    public virtual int TargetLabels => 0;
}

/// <summary>The same with labelled target samples of meta-train concepts: only for methods that say they read them.</summary>
public sealed class TargetLabelledMetaTrainingData(CrossModalDataset dataset) : MetaTrainingData(dataset)
{
    /// <summary>Target classification in meta-training, disjoint from the pairs.</summary>
    public LabelledSamples TargetLabelledSamples { get; } = new(dataset, dataset.Target, ConceptSplit.MetaTrain, Part.Target);

    public override int TargetSamples => TargetLabelledSamples.Count;

    public override int TargetLabels => TargetLabelledSamples.Count;
}
