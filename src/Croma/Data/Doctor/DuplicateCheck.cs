namespace Croma.Data.Doctor;

/// <summary>What duplicates mean: leaks, contradicting labels, or only less data than there seems to be.</summary>
internal static class DuplicateCheck
{
    // shares from which on figures are no longer what they seem
    private const double ExactLeak = 0.01, NearLeak = 0.05, Contradiction = 0.05, Repetition = 0.1;

    public static IEnumerable<Diagnosis> Run(CrossModalDataset dataset, ModalityData data, bool isTarget, DuplicateSets duplicates, int shots, bool near)
    {
        var check = near ? "near-duplicates" : "duplicates";
        var same = near ? data.Kind == ModalityKind.Bytes ? "the same but for case, spaces and punctuation" : "nearly the same" : "exactly the same";
        if (duplicates.Remark is { } remark) yield return new Diagnosis(Severity.Note, check, remark, [], "divide the data set to look through all of it");
        if (duplicates.Sets.Count == 0) yield break;
        if (isTarget)
            foreach (var finding in Leaks(dataset, data, duplicates, shots, near, check, same)) yield return finding;

        var contradicting = duplicates.Sets.Where(s => s.Select(data.Concept).Distinct().Count() > 1).ToList();
        var contradictingSamples = contradicting.Sum(s => s.Length);
        if (contradicting.Count > 0)
            yield return new Diagnosis(near ? Severity.Note : contradictingSamples >= Contradiction * data.Count ? Severity.Problem : Severity.Warning, check,
                $"{contradictingSamples} samples of '{data.Name}' are {same} as ones of another class", Examples(dataset, data, contradicting), "correct the labels, or leave out what shows no one class");

        var repeated = duplicates.Sets.Sum(s => s.Length - 1);
        yield return new Diagnosis(!near && repeated >= Repetition * data.Count ? Severity.Warning : Severity.Note, check,
            $"{repeated} of {data.Count} samples of '{data.Name}' are {same} as an earlier one", Examples(dataset, data, duplicates.Sets), "keep one of each: they are less data than they seem");
    }

    /// <summary>Samples by which methods are tested that were also trained on, or of which one is shown and the other asked about.</summary>
    private static IEnumerable<Diagnosis> Leaks(CrossModalDataset dataset, ModalityData data, DuplicateSets duplicates, int shots, bool near, string check, string same)
    {
        var tested = Enumerable.Range(0, data.Count).Count(IsTested);
        var inTraining = duplicates.Sets.Where(s => s.Any(IsTested) && s.Any(IsTrain)).ToList();
        var leaked = inTraining.Sum(s => s.Count(IsTested));
        if (leaked > 0)
            yield return new Diagnosis(Of(leaked), "leak", $"{leaked} of {tested} samples of '{data.Name}' by which methods are chosen or tested are {same} as ones of meta-train", Examples(dataset, data, inTraining),
                "leave them out of one or the other: what was seen in training says nothing of the unseen");

        var tasks = Enumerable.Range(0, data.Count).Where(IsTested).CountBy(data.Concept).ToDictionary();
        var twins = duplicates.Sets.SelectMany(s => s.Where(IsTested).GroupBy(data.Concept)).Where(g => g.Count() > 1 && !AreOfOneGroup(g)).Select(g => g.ToArray()).ToList();
        // of a query's n - 1 fellows of its class, `shots` are shown
        var met = twins.Sum(t => t.Length * Math.Min(1, (t.Length - 1.0) * shots / (tasks[data.Concept(t[0])] - 1)) / tasks[data.Concept(t[0])]) / Math.Max(1, tasks.Count);
        if (twins.Count > 0)
            yield return new Diagnosis(met >= ExactLeak ? Severity.Problem : Severity.Warning, check,
                $"{twins.Sum(t => t.Length)} of {tested} samples of '{data.Name}' for tasks of unseen classes are {same} as another of their class: with {shots} shots, about {100 * met:0.0} % of what is asked was shown", Examples(dataset, data, twins),
                "keep one of each, or give them one origin");

        Severity Of(int count) => count >= (near ? NearLeak : ExactLeak) * tested ? Severity.Problem : Severity.Warning;
        ConceptSplit Split(int sample) => dataset.Concepts[data.Concept(sample)].Split;
        bool IsTrain(int sample) => Split(sample) == ConceptSplit.MetaTrain;
        bool IsTested(int sample) => !IsTrain(sample) && data.Part(sample) == Part.Target;
        bool AreOfOneGroup(IEnumerable<int> samples) => samples.Select(data.Group).Distinct().ToList() is [not ModalityData.NoGroup];
    }

    private static string[] Examples(CrossModalDataset dataset, ModalityData data, IEnumerable<int[]> sets) =>
        [.. sets.Take(DatasetDoctor.MostExamples).Select(s => string.Join(" = ", s.DistinctBy(i => (data.Concept(i), data.Part(i))).Concat(s).Distinct().Take(2).Select(i => DatasetDoctor.Name(dataset, data, i))))];
}
