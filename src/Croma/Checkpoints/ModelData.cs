using Croma.Data;

namespace Croma.Checkpoints;

/// <summary>What a model keeps of its data set's manifest.</summary>
/// <param name="Description">A few sentences about the data.</param>
/// <param name="Seed">The seed the data set was made with.</param>
/// <param name="Synthetic">The modalities that a program made rather than people.</param>
/// <param name="Concepts">Concepts of each split.</param>
/// <param name="StrongPairs">Strong pairs.</param>
/// <param name="Provenance">Where everything came from, and its licence.</param>
public sealed record ModelData(string Description, ulong Seed, IReadOnlyList<string> Synthetic, IReadOnlyDictionary<ConceptSplit, int> Concepts, int StrongPairs, IReadOnlyList<Provenance> Provenance)
{
    /// <summary>Sums up a data set.</summary>
    public static ModelData Of(CrossModalDataset dataset) => new(
        dataset.Manifest.Description, dataset.Manifest.Seed, dataset.Manifest.Synthetic, dataset.Concepts.CountBy(c => c.Split).OrderBy(c => c.Key).ToDictionary(), dataset.StrongPairs.Count, dataset.Manifest.Provenance);

    // what a file leaves out is null, whatever the type says
    internal bool IsSound => Description is not null && Synthetic?.Contains(null!) == false && Concepts is not null && Provenance?.Contains(null!) == false;
}
