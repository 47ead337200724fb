namespace Croma.Data.Doctor;

/// <summary>Are there classes and samples enough, and evenly?</summary>
internal static class SampleCounts
{
    private const int Uneven = 10, FewPairs = 50, FewClassesOfPairs = 8, FewTrainClasses = 10;

    public static IReadOnlyList<SplitCounts> Of(CrossModalDataset dataset)
    {
        return [.. Enum.GetValues<ConceptSplit>().Select(split => new SplitCounts(split, dataset.Concepts.Count(c => c.Split == split),
            Range(dataset.Source, split, Part.Alignment), Range(dataset.Target, split, Part.Alignment), Range(dataset.Source, split, Part.Source), Range(dataset.Target, split, Part.Target)))];

        CountRange Range(ModalityData data, ConceptSplit split, Part part)
        {
            var counts = PerConcept(dataset, data, split, part);
            return counts.Count == 0 ? default : new CountRange(counts.Count, counts.Values.Min(), counts.Values.Max());
        }
    }

    public static IEnumerable<Diagnosis> Check(CrossModalDataset dataset, IReadOnlyList<SplitCounts> counts, DoctorOptions options)
    {
        foreach (var split in new[] { ConceptSplit.MetaValidation, ConceptSplit.MetaTest })
            foreach (var finding in Unseen(dataset, split, options)) yield return finding;
        foreach (var finding in Seen(dataset, options)) yield return finding;
        foreach (var finding in Alignment(dataset, counts[0])) yield return finding;
        foreach (var (data, part) in new[] { (dataset.Source, Part.Source), (dataset.Source, Part.Alignment), (dataset.Target, Part.Alignment) })
        {
            var own = PerConcept(dataset, data, ConceptSplit.MetaTrain, part);
            if (own.Count < 2 || own.Values.Max() < Uneven * own.Values.Min()) continue;
            var (fewest, most) = (own.MinBy(c => (c.Value, c.Key)), own.MaxBy(c => (c.Value, -c.Key)));
            yield return new Diagnosis(Severity.Warning, "imbalance", $"of '{data.Name}' for {DatasetDoctor.PartName(part)} the largest class of meta-train has {most.Value} samples and the smallest {fewest.Value}",
                [Named(dataset, most), Named(dataset, fewest)], "add samples of the small classes, or leave some of the large ones out: batches drawn from pairs and sets see mostly the large ones");
        }
    }

    /// <summary>Classes that tasks of meta-validation or meta-test are drawn from.</summary>
    private static IEnumerable<Diagnosis> Unseen(CrossModalDataset dataset, ConceptSplit split, DoctorOptions options)
    {
        var (name, needed) = (DatasetDoctor.SplitName(split), options.Shots + options.Queries);
        var own = PerConcept(dataset, dataset.Target, split, Part.Target);
        if (own.Count < options.Ways)
            yield return new Diagnosis(Severity.Problem, "classes", $"{name} has {own.Count} classes with '{dataset.Target.Name}' for target tasks; {options.Ways}-way tasks need {options.Ways}", [],
                own.Count >= 2 ? $"ask for fewer: --ways {own.Count} here and in training and evaluation; or move classes to {name}" : $"move classes to {name} (the column 'split' of an import)");
        var few = own.Where(c => c.Value < needed).OrderBy(c => c.Value).ThenBy(c => c.Key).ToList();
        if (few.Count > 0)
            yield return new Diagnosis(Severity.Problem, "samples", $"{few.Count} of {own.Count} classes of {name} have fewer than the {needed} target samples that {options.Shots} shots and {options.Queries} queries need",
                [.. few.Take(DatasetDoctor.MostExamples).Select(c => Named(dataset, c))],
                few[0].Value > options.Queries ? $"add samples, or ask for at most {few[0].Value - options.Queries} shots"
                : few[0].Value > options.Shots ? $"add samples, or ask for at most {few[0].Value - options.Shots} queries (--queries)" : "add samples, or leave these classes out");
    }

    /// <summary>Classes that classification is learnt from.</summary>
    private static IEnumerable<Diagnosis> Seen(CrossModalDataset dataset, DoctorOptions options)
    {
        var own = PerConcept(dataset, dataset.Source, ConceptSplit.MetaTrain, Part.Source);
        var enough = own.Count(c => c.Value >= options.Shots);
        if (enough < options.Ways)
            yield return new Diagnosis(Severity.Problem, "classes", $"meta-train has {enough} classes with {options.Shots} or more samples of '{dataset.Source.Name}' for source tasks; {options.Ways}-way tasks need {options.Ways}",
                [.. own.OrderBy(c => c.Value).Take(DatasetDoctor.MostExamples).Select(c => Named(dataset, c))], "add labelled source samples that are in no pair, or classes");
        else if (own.Count - enough is > 0 and var few)
            yield return new Diagnosis(Severity.Warning, "samples", $"{few} of {own.Count} classes of meta-train have fewer than {options.Shots} samples of '{dataset.Source.Name}' for source tasks and are not drawn",
                [.. own.Where(c => c.Value < options.Shots).OrderBy(c => c.Value).Take(DatasetDoctor.MostExamples).Select(c => Named(dataset, c))], "add samples, or train with fewer shots");
        if (enough >= options.Ways && own.Count < FewTrainClasses)
            yield return new Diagnosis(Severity.Warning, "classes", $"meta-train has {own.Count} classes; what is learnt from fewer than {FewTrainClasses} seldom carries over to classes never seen", [], "add classes to train on, even rough ones");
    }

    private static IEnumerable<Diagnosis> Alignment(CrossModalDataset dataset, SplitCounts train)
    {
        if (dataset.StrongPairs.Count > 0)
        {
            var pairs = dataset.StrongPairs.Count(p => dataset.Concepts[dataset.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain);
            if (pairs == 0) yield return new Diagnosis(Severity.Problem, "pairs", "no pair is of a class of meta-train, so that nothing can be aligned", [], "give classes with pairs to meta-train");
            else if (pairs < FewPairs) yield return new Diagnosis(Severity.Warning, "pairs", $"meta-train has {pairs} pairs; alignment from fewer than {FewPairs} is weak", [], "pair more samples, or compare with --method unimodal-pretraining before trusting alignment");
            if (pairs > 0 && train.AlignmentSource.Classes < FewClassesOfPairs)
                yield return new Diagnosis(Severity.Warning, "pairs", $"the pairs of meta-train are of {train.AlignmentSource.Classes} classes; a batch of {FewClassesOfPairs} takes one of each class", [], $"pair samples of more classes, or set alignmentBatch to at most {train.AlignmentSource.Classes}");
            yield break;
        }
        var sets = Clusters(dataset.Source).Intersect(Clusters(dataset.Target)).Count();
        if (sets < 2)
            yield return new Diagnosis(Severity.Problem, "pairs", $"meta-train has {sets} weak pairs (groups with alignment samples in both modalities) and no strong ones; alignment needs two or more", [], "pair samples by id, or give groups that both modalities have to more classes of meta-train");

        IEnumerable<string> Clusters(ModalityData data) =>
            (from i in Enumerable.Range(0, data.Count) let c = dataset.Concepts[data.Concept(i)] where data.Part(i) == Part.Alignment && c is { Split: ConceptSplit.MetaTrain, Cluster: not null } select c.Cluster).Distinct();
    }

    private static Dictionary<int, int> PerConcept(CrossModalDataset dataset, ModalityData data, ConceptSplit split, Part part) =>
        Enumerable.Range(0, data.Count).Where(i => data.Part(i) == part && dataset.Concepts[data.Concept(i)].Split == split).CountBy(data.Concept).ToDictionary();

    private static string Named(CrossModalDataset dataset, KeyValuePair<int, int> count) => $"{dataset.Concepts[count.Key].Id}: {count.Value}";
}
