using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>Which phase sees which classes: as the input says, or drawn from the seed.</summary>
internal static class SplitDraw
{
    /// <summary>Target samples that a class of meta-validation or meta-test should have: 5 shots and 10 queries.</summary>
    public const int EnoughSamples = 15;

    private const int LeastClasses = 6, UsualWays = 5, ClassesForUsualWays = 18;

    /// <summary>The split of each label. Classes of one cluster are in one split where pairs are weak.</summary>
    /// <exception cref="CromaException">The input contradicts itself, or has too few classes to draw from.</exception>
    public static ConceptSplit[] Of(string[] labels, Dictionary<string, int> place, string?[] clusters, int[] targets, IEnumerable<ImportItem> items, bool weak, ulong seed) =>
        Given(labels, place, items) is not { } given ? Draw(labels, clusters, targets, weak, seed)
        : weak ? RequireClustersWhole(labels, clusters, given) : given;

    private static ConceptSplit[]? Given(string[] labels, Dictionary<string, int> place, IEnumerable<ImportItem> items)
    {
        var firsts = new ImportItem?[labels.Length];
        foreach (var item in items.Where(i => i.Split is not null))
        {
            ref var first = ref firsts[place[item.Label]];
            if ((first ??= item).Split != item.Split)
                throw new CromaException($"{item.Where}: the class '{item.Label}' is of {item.Split} here and of {first.Split} in {first.Where}; splits are of whole classes: what is tested are classes never seen");
        }
        if (Array.TrueForAll(firsts, f => f is null)) return null;
        var without = Array.IndexOf(firsts, null);
        return without < 0 ? [.. firsts.Select(f => f!.Split!.Value)] : throw new CromaException($"the class '{labels[without]}' has no 'split', others have; give one to every class or to none");
    }

    private static ConceptSplit[] RequireClustersWhole(string[] labels, string?[] clusters, ConceptSplit[] splits)
    {
        foreach (var cluster in labels.Index().Where(l => clusters[l.Index] is not null).GroupBy(l => clusters[l.Index]!))
            if (cluster.FirstOrDefault(l => splits[l.Index] != splits[cluster.First().Index]) is { Item: not null } odd)
                throw new CromaException($"the classes '{cluster.First().Item}' and '{odd.Item}' of the group '{cluster.Key}' are in different splits; a group that pairs the modalities is of one");
        return splits;
    }

    /// <summary>
    /// About 0.6 / 0.2 / 0.2 of the classes that have target samples; from 18 of them on at least 5 each for meta-validation
    /// and meta-test, whose classes are those with enough target samples as far as there are such.
    /// </summary>
    private static ConceptSplit[] Draw(string[] labels, string?[] clusters, int[] targets, bool weak, ulong seed)
    {
        var samples = new int[labels.Length];
        foreach (var label in targets) samples[label]++;
        var classes = samples.Count(s => s > 0);
        if (classes < LeastClasses) throw new CromaException($"there are {classes} classes with target samples; at least {LeastClasses} are needed, 2 each to train on, to choose by and to test on: add classes, or say which is for what in the column 'split'");
        var wanted = classes >= ClassesForUsualWays ? Math.Max(UsualWays, classes / 5) : Math.Max(2, classes / 4);

        int[][] units = [.. Enumerable.Range(0, labels.Length).GroupBy(i => weak && clusters[i] is { } cluster ? (0, cluster) : (1, labels[i])).Select(g => g.ToArray())];
        new CounterRandom(seed, CounterRandom.Stream("import/splits")).Shuffle(units.AsSpan());
        var left = units.Where(u => Classes(u) > 0).OrderByDescending(u => u.Where(c => samples[c] > 0).Min(c => Math.Min(EnoughSamples, samples[c]))).ToList();
        var splits = new ConceptSplit[labels.Length];
        foreach (var split in new[] { ConceptSplit.MetaTest, ConceptSplit.MetaValidation })
        {
            var taken = 0;
            foreach (var unit in left.ToList()) if (taken + Classes(unit) <= wanted) Take(unit);
            // clusters larger than the share that is wanted
            foreach (var unit in left.OrderBy(Classes).ToList()) if (taken < 2 && left.Count > 2) Take(unit);

            void Take(int[] unit)
            {
                foreach (var label in unit) splits[label] = split;
                taken += Classes(unit);
                left.Remove(unit);
            }
        }
        return splits;

        int Classes(int[] unit) => unit.Count(c => samples[c] > 0);
    }
}
