using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>What joins the two modalities.</summary>
internal static class Pairing
{
    private const int MostPairsOfId = 100;

    /// <summary>Pair ids where both modalities have some, otherwise groups.</summary>
    /// <exception cref="CromaException">There are neither: only the user can say what pairs them.</exception>
    public static PairKind Infer(IReadOnlyList<ImportItem> source, IReadOnlyList<ImportItem> target)
    {
        if (source.Any(i => i.Pair is not null) && target.Any(i => i.Pair is not null)) return PairKind.Id;
        if (source.Any(i => i.Group is not null) && target.Any(i => i.Group is not null)) return PairKind.Group;
        var names = source.Select(i => i.FileName).Intersect(target.Select(i => i.FileName)).Count(n => n is not null);
        throw new CromaException("nothing says which samples of the two modalities belong together: give a column 'pair' or 'group', "
            + (names > 0 ? $"or --pairs id to take files of one class and name for pairs (there are {names}), " : "or folders GROUP/CLASS/FILE, ")
            + "or --pairs label to take the samples of a class for each other's (which reads target labels)");
    }

    /// <summary>Strong pairs: all samples of an id with each other across the modalities.</summary>
    public static IReadOnlyList<StrongPair> Strong(IReadOnlyList<ImportItem> source, IReadOnlyList<ImportItem> target)
    {
        var (targets, pairs) = (target.Index().Where(t => Key(t.Item) is not null).ToLookup(t => Key(t.Item)!, StringComparer.Ordinal), new List<StrongPair>());
        foreach (var (s, item) in source.Index())
        {
            if (Key(item) is not { } id) continue;
            var before = pairs.Count;
            foreach (var (t, other) in targets[id])
            {
                if (other.Label != item.Label) throw new CromaException($"{other.Where}: the pair id '{id}' is of '{other.Label}' here and of '{item.Label}' in {item.Where}; a pair is of one class");
                pairs.Add(new StrongPair(s, t));
            }
            if (pairs.Count - before > MostPairsOfId) throw new CromaException($"{item.Where}: the pair id '{id}' has {pairs.Count - before} samples in the other modality; a pair id names one thing, at most {MostPairsOfId} times: is it a group?");
        }
        return pairs.Count > 0 ? pairs : throw new CromaException("no pair id is in both modalities, so that nothing is paired: a pair has the same id in both");

        static string? Key(ImportItem item) => item.Pair ?? item.FileName;
    }

    /// <summary>The cluster of each class, or null: its group, or with <see cref="PairKind.Label"/> itself.</summary>
    public static string?[] Clusters(PairKind kind, string[] labels, Dictionary<string, int> place, ImportSide source, ImportSide target, List<string> notes)
    {
        var clusters = new string?[labels.Length];
        if (kind == PairKind.Label)
            foreach (var label in source.Items.Select(i => i.Label).Intersect(target.Items.Select(i => i.Label))) clusters[place[label]] = label;
        else AddGroups(source.Items.Concat(target.Items), place, clusters);
        if (kind == PairKind.Id) return clusters;

        var both = Held(source).Intersect(Held(target)).ToHashSet();
        var oneSided = clusters.Where(c => c is not null && !both.Contains(c)).Distinct().Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < clusters.Length; i++)
            if (clusters[i] is { } cluster && !both.Contains(cluster)) clusters[i] = null;
        if (both.Count == 0)
            throw new CromaException(kind == PairKind.Label ? "no class has samples in both modalities, so that labels pair nothing: are they spelt alike?" : "no group has samples in both modalities, so that nothing is paired: classes that belong together need the same 'group' in both");
        if (oneSided.Count > 0) notes.Add($"{oneSided.Count} groups are in one modality only and pair nothing ({string.Join(", ", oneSided.Take(3))}{(oneSided.Count > 3 ? ", ..." : "")}).");
        return clusters;

        IEnumerable<string> Held(ImportSide side) => side.Items.Select(i => clusters[place[i.Label]]).OfType<string>().Distinct();
    }

    private static void AddGroups(IEnumerable<ImportItem> items, Dictionary<string, int> place, string?[] clusters)
    {
        var firsts = new Dictionary<string, ImportItem>(StringComparer.Ordinal);
        foreach (var item in items.Where(i => i.Group is not null))
        {
            if (!firsts.TryAdd(item.Label, item) && firsts[item.Label].Group != item.Group)
                throw new CromaException($"{item.Where}: the class '{item.Label}' is in the group '{item.Group}' here and in '{firsts[item.Label].Group}' in {firsts[item.Label].Where}; a group is a coarse class of classes. For takes of one recording, person or document use the column 'origin'");
            clusters[place[item.Label]] = item.Group;
        }
    }
}
