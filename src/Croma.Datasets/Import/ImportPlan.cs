using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>Where the samples of a modality go.</summary>
/// <param name="Concept">Each sample's class.</param>
/// <param name="Part">What each is used for.</param>
/// <param name="Group">Samples that belong together (of one pair id or origin); <see cref="ModalityData.NoGroup"/> for others.</param>
internal sealed record Placement(int[] Concept, Part[] Part, int[] Group);

/// <summary>What becomes of the input: classes and their splits, what each sample is used for, pairs.</summary>
internal sealed record ImportPlan(PairKind Kind, IReadOnlyList<Concept> Concepts, Placement Source, Placement Target, IReadOnlyList<StrongPair> Pairs)
{
    /// <summary>Draws a plan from the seed. Samples joined by a pair id or an origin are used for one thing only.</summary>
    /// <exception cref="CromaException">Nothing pairs the modalities, or what the input says contradicts itself.</exception>
    public static ImportPlan Create(ImportSide source, ImportSide target, PairKind? wanted, ulong seed, List<string> notes)
    {
        var kind = wanted ?? Pairing.Infer(source.Items, target.Items);
        string[] labels = [.. source.Items.Concat(target.Items).Select(i => i.Label).Distinct().Order(StringComparer.Ordinal)];
        var place = labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        int[] sources = [.. source.Items.Select(i => place[i.Label])], targets = [.. target.Items.Select(i => place[i.Label])];

        var units = Unit.Join(source.Items, target.Items, byFileName: kind == PairKind.Id);
        var pairs = kind == PairKind.Id ? Pairing.Strong(source.Items, target.Items) : [];
        var clusters = Pairing.Clusters(kind, labels, place, source, target, notes);
        if (kind == PairKind.Id) RequireBoth(labels, sources, targets, source.Modality, target.Modality);
        var splits = SplitDraw.Of(labels, place, clusters, targets, source.Items.Concat(target.Items), weak: kind != PairKind.Id, seed);

        var parts = new PartDraw(sources, targets, splits, clusters, pairs, seed).Of(units);
        int[] groups = [.. units.Select(u => u.Samples.Count > 1 ? 1 : 0)];
        for (int i = 0, next = 0; i < groups.Length; i++) groups[i] = groups[i] == 1 ? next++ : ModalityData.NoGroup;
        var (s, t) = (Place(sources, 0), Place(targets, sources.Length));
        if (kind != PairKind.Id) DropOneSided(clusters, s, t);
        return new ImportPlan(kind, [.. labels.Select((label, i) => new Concept(label, label, splits[i], clusters[i]))], s, t, [.. pairs.Where(p => s.Part[p.Source] == Part.Alignment)]);

        Placement Place(int[] concepts, int first)
        {
            var (part, group) = (new Part[concepts.Length], new int[concepts.Length]);
            foreach (var (i, unit) in units.Index())
                foreach (var sample in unit.Samples)
                    if (sample >= first && sample < first + concepts.Length) (part[sample - first], group[sample - first]) = (parts[i], groups[i]);
            return new Placement(concepts, part, group);
        }
    }

    private static void RequireBoth(string[] labels, int[] sources, int[] targets, string source, string target)
    {
        foreach (var (concepts, modality) in new[] { (sources, source), (targets, target) })
            if (labels.Where((_, i) => !concepts.Contains(i)).ToList() is [var first, ..] missing)
                throw new CromaException($"{missing.Count} of {labels.Length} classes ('{first}') have no samples of '{modality}'; with pairs by id every class needs samples in both modalities: remove them, or pair by group (--pairs group)");
    }

    /// <summary>A cluster is a weak pair where both modalities have alignment samples of it, and otherwise none.</summary>
    private static void DropOneSided(string?[] clusters, Placement source, Placement target)
    {
        var both = Aligned(source).Intersect(Aligned(target)).ToHashSet();
        for (var i = 0; i < clusters.Length; i++)
            if (!both.Contains(clusters[i])) clusters[i] = null;

        IEnumerable<string?> Aligned(Placement side) => side.Concept.Where((_, i) => side.Part[i] == Part.Alignment).Select(c => clusters[c]);
    }
}

/// <summary>Samples that must be used for one thing: of one pair id, of one origin, or both by a chain of them.</summary>
/// <param name="Samples">Samples of the source, then of the target modality behind them.</param>
/// <param name="Part">What the user says they are for, or null.</param>
internal sealed record Unit(IReadOnlyList<int> Samples, Part? Part)
{
    /// <summary>All samples, in units in the order of their first samples.</summary>
    /// <exception cref="CromaException">A unit's samples have different roles.</exception>
    public static IReadOnlyList<Unit> Join(IReadOnlyList<ImportItem> source, IReadOnlyList<ImportItem> target, bool byFileName)
    {
        ImportItem[] items = [.. source, .. target];
        int[] above = [.. Enumerable.Range(0, items.Length)];
        var firsts = new Dictionary<(char Kind, string Key), int>();
        foreach (var (i, item) in items.Index())
        {
            Link('p', item.Pair ?? (byFileName ? item.FileName : null), i);
            Link('o', item.Origin, i);
        }
        return [.. Enumerable.Range(0, items.Length).GroupBy(Root).OrderBy(g => g.Key).Select(g => new Unit([.. g], PartOf(items, g)))];

        void Link(char kind, string? key, int i)
        {
            if (key is null || firsts.TryAdd((kind, key), i)) return;
            var (a, b) = (Root(firsts[(kind, key)]), Root(i));
            above[Math.Max(a, b)] = Math.Min(a, b);
        }

        int Root(int i)
        {
            while (above[i] != i) i = above[i] = above[above[i]];
            return i;
        }
    }

    private static Part? PartOf(ImportItem[] items, IEnumerable<int> samples)
    {
        ImportItem? first = null;
        foreach (var item in samples.Select(i => items[i]).Where(i => i.Part is not null))
        {
            if ((first ??= item).Part != item.Part) throw new CromaException($"{item.Where}: the role is {item.Part}, and {first.Part} of {first.Where}, to which it belongs by its pair id or origin; what belongs together has one role");
        }
        return first?.Part;
    }
}
