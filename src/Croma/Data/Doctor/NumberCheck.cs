namespace Croma.Data.Doctor;

/// <summary>Are feature vectors and frames numbers that say something?</summary>
internal static class NumberCheck
{
    private const float Unlike = 1000;

    public static IEnumerable<Diagnosis> Run(ModalityData data, CancellationToken cancellation)
    {
        var contents = data.Contents;
        var (least, most, bad, zero) = (new float[contents.Width], new float[contents.Width], new List<string>(), new List<string>());
        Array.Fill(least, float.PositiveInfinity);
        Array.Fill(most, float.NegativeInfinity);
        var (notFinite, zeros) = (0, 0);
        for (var i = 0; i < contents.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = contents.Values(i);
            var (firstBad, any) = (-1, false);
            for (var at = 0; at < row.Length; at++)
            {
                var value = (float)row[at];
                if (!float.IsFinite(value))
                {
                    if (firstBad < 0) firstBad = at;
                    continue;
                }
                any |= value != 0;
                var column = at % contents.Width;
                (least[column], most[column]) = (Math.Min(least[column], value), Math.Max(most[column], value));
            }
            if (firstBad >= 0 && notFinite++ < DatasetDoctor.MostExamples) bad.Add($"{data.Name} {i}: column {firstBad % contents.Width} is {(Half.IsNaN(row[firstBad]) ? "missing (NaN)" : "infinite")}");
            if (firstBad < 0 && !any && zeros++ < DatasetDoctor.MostExamples) zero.Add($"{data.Name} {i}");
        }
        if (notFinite > 0) yield return new Diagnosis(Severity.Problem, "numbers", $"{notFinite} of {contents.Count} samples of '{data.Name}' have missing (NaN) or infinite numbers", bad, "fill them in or leave the samples out: one such number spoils every weight");
        if (zeros > 0) yield return new Diagnosis(zeros * 100 >= contents.Count ? Severity.Warning : Severity.Note, "numbers", $"{zeros} of {contents.Count} samples of '{data.Name}' are zero throughout", zero, "are these failures of what made them? Leave them out");
        if (contents.Count < 2) yield break;

        int[] constant = [.. Enumerable.Range(0, contents.Width).Where(c => least[c] == most[c])];
        if (constant.Length > 0)
            yield return new Diagnosis(constant.Length == contents.Width ? Severity.Problem : constant.Length * 2 > contents.Width ? Severity.Warning : Severity.Note, "numbers",
                $"{constant.Length} of {contents.Width} columns of '{data.Name}' are the same in all samples", [.. constant.Take(DatasetDoctor.MostExamples).Select(c => $"column {c}: {least[c]}")], "they tell nothing: leave them out, or see whether what made them works");
        float[] ranges = [.. Enumerable.Range(0, contents.Width).Where(c => least[c] < most[c]).Select(c => most[c] - least[c]).Order()];
        if (ranges.Length == 0) yield break;
        var (largest, typical) = (ranges[^1], ranges[ranges.Length / 2]);
        if (largest > Unlike * typical || largest > Unlike)
            yield return new Diagnosis(Severity.Warning, "numbers", $"columns of '{data.Name}' are of very different size, or large: the widest spans {largest:G3}, the middle one {typical:G3}",
                [.. Enumerable.Range(0, contents.Width).OrderByDescending(c => most[c] - least[c]).Take(DatasetDoctor.MostExamples).Select(c => $"column {c}: {least[c]:G4} to {most[c]:G4}")],
                "shift and scale each column to mean 0 and variance 1 over meta-train; encoders do not do it");
    }
}
