namespace Croma.Data.Doctor;

/// <summary>Are pairs where they should be, and is everything for alignment paired?</summary>
internal static class PairCheck
{
    public static IEnumerable<Diagnosis> Run(CrossModalDataset dataset)
    {
        if (dataset.StrongPairs.Count == 0) return Unclustered(dataset);
        return [.. Misplaced(dataset), .. Unpaired(dataset)];
    }

    private static IEnumerable<Diagnosis> Misplaced(CrossModalDataset dataset)
    {
        var (source, target) = (dataset.Source, dataset.Target);
        var outside = dataset.StrongPairs.Where(p => source.Part(p.Source) != Part.Alignment || target.Part(p.Target) != Part.Alignment).ToList();
        if (outside.Count > 0)
            yield return new Diagnosis(Severity.Problem, "leak", $"{outside.Count} of {dataset.StrongPairs.Count} pairs are with samples that are for tasks: alignment would see what is tested", Examples(dataset, outside), "pair samples of the part alignment only");
        var mixed = dataset.StrongPairs.Where(p => source.Concept(p.Source) != target.Concept(p.Target)).ToList();
        if (mixed.Count > 0)
            yield return new Diagnosis(Severity.Problem, "pairs", $"{mixed.Count} of {dataset.StrongPairs.Count} pairs join samples of different classes", Examples(dataset, mixed), "a pair shows one thing: correct the labels or the pairs");
    }

    private static IEnumerable<Diagnosis> Unpaired(CrossModalDataset dataset)
    {
        HashSet<int> sources = [.. dataset.StrongPairs.Select(p => p.Source)], targets = [.. dataset.StrongPairs.Select(p => p.Target)];
        foreach (var (data, paired) in new[] { (dataset.Source, sources), (dataset.Target, targets) })
        {
            int[] left = [.. Enumerable.Range(0, data.Count).Where(i => data.Part(i) == Part.Alignment && !paired.Contains(i))];
            if (left.Length > 0)
                yield return new Diagnosis(Severity.Warning, "unpaired", $"{left.Length} samples of '{data.Name}' for alignment are in no pair and are not used",
                    [.. left.Take(DatasetDoctor.MostExamples).Select(i => DatasetDoctor.Name(dataset, data, i))], "pair them, or give them to source or target tasks");
        }
    }

    private static IEnumerable<Diagnosis> Unclustered(CrossModalDataset dataset)
    {
        foreach (var data in new[] { dataset.Source, dataset.Target })
        {
            int[] left = [.. Enumerable.Range(0, data.Count).Where(i => data.Part(i) == Part.Alignment && dataset.Concepts[data.Concept(i)].Cluster is null)];
            if (left.Length > 0)
                yield return new Diagnosis(Severity.Note, "unpaired", $"{left.Length} samples of '{data.Name}' for alignment are of classes in no group and are not used",
                    [.. left.Take(DatasetDoctor.MostExamples).Select(i => DatasetDoctor.Name(dataset, data, i))], "give their classes a group that both modalities have");
        }
    }

    private static string[] Examples(CrossModalDataset dataset, List<StrongPair> pairs) =>
        [.. pairs.Take(DatasetDoctor.MostExamples).Select(p => $"{DatasetDoctor.Name(dataset, dataset.Source, p.Source)} with {DatasetDoctor.Name(dataset, dataset.Target, p.Target)}")];
}
