using Croma.Compute;
using Croma.Data;

namespace Croma.Tasks;

/// <summary>Samples of one modality by class: what classification tasks are drawn from.</summary>
public sealed class LabelledSamples
{
    /// <summary>Collects the samples of one part that belong to concepts of one split.</summary>
    internal LabelledSamples(CrossModalDataset dataset, ModalityData modality, ConceptSplit split, Part part)
    {
        Contents = modality.Contents;
        Concepts = [.. Enumerable.Range(0, dataset.Concepts.Count).Where(c => dataset.Concepts[c].Split == split)];
        var byConcept = Enumerable.Range(0, modality.Count).Where(i => modality.Part(i) == part).ToLookup(modality.Concept);
        Samples = [.. Concepts.Select(c => byConcept[c].ToArray())];
    }

    /// <summary>The same samples with symmetric noise on their labels, among the same concepts.</summary>
    internal LabelledSamples WithNoise(double rate, CounterRandom random)
    {
        SymmetricNoise.RequireRate(rate);
        if (rate == 0) return this;
        var (samples, classes) = Flatten();
        var said = samples.Index().ToLookup(s => SymmetricNoise.Apply(classes[s.Index], Concepts.Count, rate, random), s => s.Item);
        return new LabelledSamples(Contents, Concepts, [.. Enumerable.Range(0, Concepts.Count).Select(c => said[c].ToArray())]);
    }

    /// <summary>Samples under classes of another kind than concepts, numbered from 0.</summary>
    internal LabelledSamples(SampleContents contents, IReadOnlyList<int[]> samples)
    {
        (Contents, Samples) = (contents, samples);
        Concepts = [.. Enumerable.Range(0, samples.Count)];
    }

    private LabelledSamples(SampleContents contents, IReadOnlyList<int> concepts, IReadOnlyList<int[]> samples) => (Contents, Concepts, Samples) = (contents, concepts, samples);

    /// <summary>What the modality's samples hold; which concept each is of, only <see cref="Samples"/> says, of those listed.</summary>
    public SampleContents Contents { get; }

    /// <summary>The data set's numbers of the concepts, or of whatever else the classes are.</summary>
    public IReadOnlyList<int> Concepts { get; }

    /// <summary>Samples of each concept, in the order of <see cref="Concepts"/>.</summary>
    public IReadOnlyList<int[]> Samples { get; }

    public int Count => Samples.Sum(s => s.Length);

    /// <summary>All samples and their classes as positions in <see cref="Concepts"/>.</summary>
    internal (int[] Samples, int[] Classes) Flatten() =>
        ([.. Samples.SelectMany(s => s)], [.. Samples.SelectMany((s, position) => Enumerable.Repeat(position, s.Length))]);

    /// <summary>The labelled source samples of the meta-train concepts.</summary>
    internal static LabelledSamples OfSource(CrossModalDataset dataset) => new(dataset, dataset.Source, ConceptSplit.MetaTrain, Part.Source);
}
