using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>What samples are used for: alignment, source tasks or target tasks. A unit's samples are always for one thing.</summary>
/// <param name="sources">The class of each source sample.</param>
/// <param name="targets">The class of each target sample; samples are numbered behind the source's.</param>
/// <param name="splits">The split of each class.</param>
/// <param name="clusters">The cluster of each class, or null.</param>
/// <param name="pairs">Strong pairs; without any, clusters pair.</param>
/// <param name="seed">Draws who goes where.</param>
internal sealed class PartDraw(int[] sources, int[] targets, ConceptSplit[] splits, string?[] clusters, IReadOnlyList<StrongPair> pairs, ulong seed)
{
    /// <summary>Target samples of an unseen class that are wanted for its tasks: 10 shots and 10 queries.</summary>
    private const int TargetsOfUnseenClass = 20;

    private readonly HashSet<int> _paired = [.. pairs.SelectMany(p => new[] { p.Source, sources.Length + p.Target })];

    /// <summary>The part of each unit.</summary>
    public Part[] Of(IReadOnlyList<Unit> units)
    {
        var parts = new Part[units.Count];
        foreach (var own in Enumerable.Range(0, units.Count).GroupBy(i => Concept(units[i].Samples[0])))
        {
            int[] order = [.. own];
            new CounterRandom(seed, CounterRandom.Stream("import/parts", own.Key)).Shuffle(order);
            var (counts, paired) = (new Counts(), order.Count(i => IsPaired(units[i])));
            // what is not drawn comes first: it counts towards what is wanted
            foreach (var i in order.OrderBy(i => IsDrawn(units[i], own.Key) ? 1 : 0))
            {
                var unit = units[i];
                var (s, t) = (unit.Samples.Count(x => x < sources.Length), unit.Samples.Count(x => x >= sources.Length));
                parts[i] = unit.Part ?? (pairs.Count > 0 ? OfStrong(unit, own.Key, t, counts, paired) : OfWeak(own.Key, s, t, counts));
                counts.Add(parts[i], s, t);
            }
        }
        return parts;
    }

    private bool IsDrawn(Unit unit, int concept) => unit.Part is null && (pairs.Count > 0 ? IsPaired(unit) : clusters[concept] is not null);

    private bool IsPaired(Unit unit) => unit.Samples.Any(_paired.Contains);

    /// <summary>Samples without a partner go to tasks. Of pairs, seen classes give a quarter each to source and target tasks, unseen ones what target tasks want, and half at least.</summary>
    private Part OfStrong(Unit unit, int concept, int targetsOfUnit, Counts counts, int paired)
    {
        if (!IsPaired(unit)) return targetsOfUnit > 0 ? Part.Target : Part.Source;
        var seen = splits[concept] == ConceptSplit.MetaTrain;
        var quarter = paired < 3 ? 0 : Math.Max(1, paired / 4);
        if (counts.Target < (seen ? quarter : Math.Max(TargetsOfUnseenClass, paired / 2))) return Part.Target;
        return seen && counts.Source < quarter ? Part.Source : Part.Alignment;
    }

    /// <summary>Classes in no cluster go to tasks. Of others, half of a seen class is for alignment; of an unseen one the source's samples, and the target's that its tasks do not want.</summary>
    private Part OfWeak(int concept, int s, int t, Counts counts)
    {
        var seen = splits[concept] == ConceptSplit.MetaTrain;
        if (clusters[concept] is null) return t == 0 || (seen && s > 0) ? Part.Source : Part.Target;
        if (!seen) return t > 0 && counts.Target < Math.Max(TargetsOfUnseenClass, counts.AlignedTargets) ? Part.Target : Part.Alignment;
        return s > 0 ? counts.AlignedSources <= counts.Source ? Part.Alignment : Part.Source : counts.AlignedTargets <= counts.Target ? Part.Alignment : Part.Target;
    }

    private int Concept(int sample) => sample < sources.Length ? sources[sample] : targets[sample - sources.Length];

    /// <summary>Samples of a class that are placed already.</summary>
    private sealed class Counts
    {
        public int Source { get; private set; }

        public int Target { get; private set; }

        public int AlignedSources { get; private set; }

        public int AlignedTargets { get; private set; }

        public void Add(Part part, int sources, int targets)
        {
            if (part == Part.Source) Source += sources;
            else if (part == Part.Target) Target += targets;
            else (AlignedSources, AlignedTargets) = (AlignedSources + sources, AlignedTargets + targets);
        }
    }
}
