namespace Croma.Data.Doctor;

/// <summary>Are samples that belong together (takes of one recording, texts of one document) used for one thing?</summary>
internal static class GroupCheck
{
    public static IEnumerable<Diagnosis> Run(CrossModalDataset dataset)
    {
        var samples = new[] { dataset.Source, dataset.Target }.SelectMany(data => Enumerable.Range(0, data.Count).Select(i => (Data: data, Sample: i)))
            .Where(s => s.Data.Group(s.Sample) != ModalityData.NoGroup).GroupBy(s => s.Data.Group(s.Sample)).ToList();
        var parts = samples.Where(g => g.Select(s => s.Data.Part(s.Sample)).Distinct().Count() > 1).ToList();
        if (parts.Count > 0)
            yield return new Diagnosis(Severity.Problem, "leak", $"{parts.Count} of {samples.Count} groups of samples that belong together are used for several things",
                [.. parts.Take(DatasetDoctor.MostExamples).Select(g => Example(dataset, g, s => s.Data.Part(s.Sample)))], "use all samples of a group for one thing (with 'croma import': a column 'origin')");
    }

    private static string Example(CrossModalDataset dataset, IEnumerable<(ModalityData Data, int Sample)> group, Func<(ModalityData Data, int Sample), Part> by) =>
        string.Join(" and ", group.DistinctBy(by).Select(s => DatasetDoctor.Name(dataset, s.Data, s.Sample)));
}
