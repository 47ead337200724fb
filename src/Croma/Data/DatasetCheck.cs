using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>Something wrong with a data set.</summary>
/// <param name="Where">The file, and the place in it.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Right">What would be right.</param>
public sealed record DatasetFinding(string Where, string What, string Right)
{
    /// <inheritdoc/>
    public override string ToString() => Right.Length == 0 ? $"{Where}: {What}" : $"{Where}: {What}; {Right}";
}

/// <summary>
/// Checks a data-set folder from end to end: checksums, shapes, offsets and ranges, finite values, and that nothing leaks
/// between the three parts. A bad folder is reported, never thrown.
/// </summary>
public static class DatasetCheck
{
    private const int MaximumFindingsOfAKind = 5;

    /// <summary>What is wrong with the data set in <paramref name="folder"/>; empty where it is sound.</summary>
    public static IReadOnlyList<DatasetFinding> Run(string folder, CancellationToken cancellation = default)
    {
        var findings = new List<DatasetFinding>();
        try
        {
            CheckSums(folder, DatasetManifestReader.Read(folder).Manifest, findings, cancellation);
            using var dataset = CrossModalDataset.Open(folder);
            CheckModality(dataset, dataset.Source, dataset.Manifest.Source.File, findings, cancellation);
            CheckModality(dataset, dataset.Target, dataset.Manifest.Target.File, findings, cancellation);
            if (dataset.StrongPairs.Count == 0) CheckConceptsOfOneModality(dataset, findings);
            CheckGroups(dataset, findings);
            CheckPairs(dataset, findings);
            CheckMedia(dataset, findings, cancellation);
        }
        catch (DataFormatException e)
        {
            findings.Add(new DatasetFinding(e.Offset < 0 ? e.File : $"{e.File}, byte {e.Offset}", e.Reason, ""));
        }
        catch (Exception e) when (e is CromaException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new DatasetFinding(folder, e.Message, ""));
        }
        return findings;
    }

    private static void CheckSums(string folder, DatasetManifest manifest, List<DatasetFinding> findings, CancellationToken cancellation)
    {
        foreach (var (name, expected) in manifest.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || new FileInfo(path).LinkTarget is not null) continue; // opening the data set reports it
            using var stream = File.OpenRead(path);
            var sha = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (sha != expected.Sha256) findings.Add(new DatasetFinding(path, $"the SHA-256 is {sha}", $"the manifest says {expected.Sha256}"));
        }
    }

    private static void CheckModality(CrossModalDataset dataset, ModalityData data, string file, List<DatasetFinding> findings, CancellationToken cancellation)
    {
        var where = Path.Combine(dataset.Folder, file);
        var perConcept = new int[dataset.Concepts.Count];
        var (notFinite, empty) = (0, 0);
        for (var i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            perConcept[data.Concept(i)]++;
            if (data.Contents.Length(i) == 0 && empty++ < MaximumFindingsOfAKind)
                findings.Add(new DatasetFinding($"{where}, sample {i}", "the sample is empty", "every sample needs at least one element"));
            if (data.Contents.Shape.HoldsVectors && FirstNotFinite(data.Contents.Values(i)) is var at and >= 0 && notFinite++ < MaximumFindingsOfAKind)
                findings.Add(new DatasetFinding($"{where}, sample {i}, row {at / data.Contents.Width}, column {at % data.Contents.Width}", "the value is not a finite number", "values must be finite"));
        }
        if (dataset.StrongPairs.Count == 0) return;
        for (var concept = 0; concept < perConcept.Length; concept++)
            if (perConcept[concept] == 0)
                findings.Add(new DatasetFinding(where, $"the concept '{dataset.Concepts[concept].Id}' has no samples of '{data.Name}'", "every concept of a data set with strong pairs needs samples in both modalities"));
    }

    /// <summary>Without strong pairs a concept may be of one modality; what joins the modalities are clusters.</summary>
    private static void CheckConceptsOfOneModality(CrossModalDataset dataset, List<DatasetFinding> findings)
    {
        var manifest = Path.Combine(dataset.Folder, DatasetManifest.FileName);
        var (source, target) = (Held(dataset.Source), Held(dataset.Target));
        for (var concept = 0; concept < dataset.Concepts.Count; concept++)
            if (!source.Any.Contains(concept) && !target.Any.Contains(concept))
                findings.Add(new DatasetFinding(manifest, $"the concept '{dataset.Concepts[concept].Id}' has no samples", "every concept needs samples in one modality or in both"));
        foreach (var cluster in dataset.Concepts.Index().Where(c => c.Item.Cluster is not null).GroupBy(c => c.Item.Cluster!))
        {
            foreach (var (data, held) in new[] { (dataset.Source, source.Alignment), (dataset.Target, target.Alignment) })
                if (!cluster.Any(c => held.Contains(c.Index)))
                    findings.Add(new DatasetFinding(manifest, $"the cluster '{cluster.Key}' has no samples of '{data.Name}' in the part {Part.Alignment}", "a weak pair has samples in both modalities"));
            if (cluster.Select(c => c.Item.Split).Distinct().Count() > 1)
                findings.Add(new DatasetFinding(manifest, $"the cluster '{cluster.Key}' is in more than one split", "concepts that a cluster joins across modalities must be of one split"));
        }
    }

    private static (HashSet<int> Any, HashSet<int> Alignment) Held(ModalityData data)
    {
        var samples = Enumerable.Range(0, data.Count).ToArray();
        return ([.. samples.Select(data.Concept)], [.. samples.Where(i => data.Part(i) == Part.Alignment).Select(data.Concept)]);
    }

    private static void CheckGroups(CrossModalDataset dataset, List<DatasetFinding> findings)
    {
        var partOf = new Dictionary<int, Part>();
        var reported = new HashSet<int>();
        foreach (var (data, file) in new[] { (dataset.Source, dataset.Manifest.Source.File), (dataset.Target, dataset.Manifest.Target.File) })
            for (var i = 0; i < data.Count; i++)
            {
                var group = data.Group(i);
                if (group == ModalityData.NoGroup || partOf.TryAdd(group, data.Part(i)) || partOf[group] == data.Part(i)) continue;
                if (reported.Add(group) && reported.Count <= MaximumFindingsOfAKind)
                    findings.Add(new DatasetFinding($"{Path.Combine(dataset.Folder, file)}, sample {i}",
                        $"group {group} is in the part {data.Part(i)} here and in {partOf[group]} elsewhere", "a group may be in one part only, in both modalities"));
            }
    }

    private static void CheckPairs(CrossModalDataset dataset, List<DatasetFinding> findings)
    {
        var (source, target) = (dataset.Source, dataset.Target);
        var seen = new HashSet<StrongPair>();
        var (wrong, pairs) = (0, dataset.StrongPairs);
        for (var i = 0; i < pairs.Count && wrong < MaximumFindingsOfAKind; i++)
        {
            var (s, t) = (pairs[i].Source, pairs[i].Target);
            (string What, string Right)? fault =
                source.Part(s) != Part.Alignment || target.Part(t) != Part.Alignment
                    ? ($"it pairs a sample of the part {source.Part(s)} with one of {target.Part(t)}", "both must be of the part Alignment")
                : source.Concept(s) != target.Concept(t)
                    ? ($"it pairs '{dataset.Concepts[source.Concept(s)].Id}' with '{dataset.Concepts[target.Concept(t)].Id}'", "both must be of one concept")
                : source.Group(s) != target.Group(t)
                    ? ($"it pairs group {source.Group(s)} with group {target.Group(t)}", "both must be of one group")
                : !seen.Add(pairs[i]) ? ("it repeats an earlier pair", "each pair may come once") : null;
            if (fault is not { } found) continue;
            wrong++;
            findings.Add(new DatasetFinding($"{Path.Combine(dataset.Folder, DatasetManifest.PairsFile)}, pair {i}", found.What, found.Right));
        }
    }

    private static void CheckMedia(CrossModalDataset dataset, List<DatasetFinding> findings, CancellationToken cancellation)
    {
        if (MediaIndex.Read(dataset.Folder, dataset.Sha256) is not { } index) return;
        var wrong = 0;
        foreach (var (data, entries) in new[] { (dataset.Source, index.Source), (dataset.Target, index.Target) })
            foreach (var entry in entries)
            {
                cancellation.ThrowIfCancellationRequested();
                var media = data.Media(entry.Sample)!;
                try
                {
                    var sha = Convert.ToHexStringLower(SHA256.HashData(media.Read()));
                    if (sha != entry.Sha256 && wrong++ < MaximumFindingsOfAKind) findings.Add(new DatasetFinding(media.Path, $"the SHA-256 is {sha}", $"{MediaIndex.FileName} says {entry.Sha256}"));
                }
                catch (CromaException e)
                {
                    if (wrong++ < MaximumFindingsOfAKind) findings.Add(new DatasetFinding(media.Path, e.Message, ""));
                }
            }
    }

    /// <summary>The index of the first NaN or infinity (all exponent bits set), or -1.</summary>
    private static int FirstNotFinite(ReadOnlySpan<Half> values)
    {
        const ushort exponent = 0x7C00;
        var bits = MemoryMarshal.Cast<Half, ushort>(values);
        for (var i = 0; i < bits.Length; i++)
            if ((bits[i] & exponent) == exponent) return i;
        return -1;
    }
}
