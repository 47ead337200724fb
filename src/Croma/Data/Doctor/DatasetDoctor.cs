namespace Croma.Data.Doctor;

/// <summary>
/// Looks at a data set as an experienced colleague would before training on it: are there samples enough, is the same thing
/// on both sides of a comparison, are the numbers and texts what they should be. <see cref="DatasetCheck"/> is about the
/// files; this is about what they hold.
/// </summary>
public static class DatasetDoctor
{
    /// <summary>Examines a data set.</summary>
    /// <param name="dataset">What is examined.</param>
    /// <param name="options">What it is to be used for; null: the defaults.</param>
    /// <param name="progress">Told the share that is done, 0 ... 1.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DoctorReport Examine(CrossModalDataset dataset, DoctorOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DoctorOptions();
        var (counts, findings) = (SampleCounts.Of(dataset), new List<Diagnosis>());
        findings.AddRange(SampleCounts.Check(dataset, counts, options));
        findings.AddRange(PairCheck.Run(dataset));
        findings.AddRange(GroupCheck.Run(dataset));
        ModalityData[] modalities = [dataset.Source, dataset.Target];
        foreach (var (i, modality) in modalities.Index())
        {
            var isTarget = i == 1;
            if (modality.Kind == ModalityKind.Bytes) findings.AddRange(TextCheck.Run(modality, cancellation));
            else if (modality.Kind == ModalityKind.Images) findings.AddRange(ImageCheck.Run(modality, cancellation));
            else findings.AddRange(NumberCheck.Run(modality, cancellation));
            progress?.Report((i + 0.3) / modalities.Length);
            var exact = Duplicates.Exact(modality, cancellation);
            findings.AddRange(DuplicateCheck.Run(dataset, modality, isTarget, exact, options.Shots, near: false));
            var near = modality.Kind == ModalityKind.Bytes ? Duplicates.OfSpelling(modality, exact, cancellation) : NearVectors.Find(modality, exact, cancellation);
            findings.AddRange(DuplicateCheck.Run(dataset, modality, isTarget, near, options.Shots, near: true));
            progress?.Report((i + 1.0) / modalities.Length);
        }
        return new DoctorReport(counts, [.. findings.OrderByDescending(f => f.Severity)]);
    }

    /// <summary>At most so many examples of a finding.</summary>
    internal const int MostExamples = 5;

    /// <summary>A sample as findings call it.</summary>
    internal static string Name(CrossModalDataset dataset, ModalityData modality, int sample) =>
        $"{modality.Name} {sample} ('{dataset.Concepts[modality.Concept(sample)].Id}', {SplitName(dataset.Concepts[modality.Concept(sample)].Split)}, {PartName(modality.Part(sample))})";

    internal static string SplitName(ConceptSplit split) => split switch { ConceptSplit.MetaTrain => "meta-train", ConceptSplit.MetaValidation => "meta-validation", _ => "meta-test" };

    internal static string PartName(Part part) => part switch { Part.Alignment => "alignment", Part.Source => "source tasks", _ => "target tasks" };
}
