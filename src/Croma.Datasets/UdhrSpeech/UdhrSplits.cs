using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>
/// Which languages each phase sees and what each paragraph is used for; both drawn from the seed alone.
/// </summary>
internal static class UdhrSplits
{
    /// <summary>Paragraphs kept for target classification; every language has all of them.</summary>
    public const int TargetPlaces = 20;

    private const double MetaTrainShare = 0.8, MetaValidationShare = 0.1;

    /// <summary>The split of each of <paramref name="count"/> languages: 0.8 / 0.1 / the rest, rounded down.</summary>
    public static ConceptSplit[] OfLanguages(int count, ulong seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new CounterRandom(seed, CounterRandom.Stream("udhr-speech/languages")).Shuffle<int>(order);
        var (train, validation) = ((int)(MetaTrainShare * count), (int)(MetaValidationShare * count));
        var splits = new ConceptSplit[count];
        for (var i = 0; i < count; i++)
            splits[order[i]] = i < train ? ConceptSplit.MetaTrain : i < train + validation ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest;
        return splits;
    }

    /// <summary>The cluster of each language: its family, where two or more languages of meta-train are in it; otherwise null.</summary>
    public static string?[] Clusters(IReadOnlyList<string?> families, IReadOnlyList<ConceptSplit> splits) =>
        [.. families.Select(family => family is not null && families.Zip(splits).Count(l => l.First == family && l.Second == ConceptSplit.MetaTrain) > 1 ? family : null)];

    /// <summary>
    /// The part of each place, the same for all languages: 20 of the places that every language has are for target
    /// classification; the others go to alignment and to source classification by halves.
    /// </summary>
    /// <param name="inEveryLanguage">For each place, whether no language lacks it.</param>
    /// <param name="seed">The recipe's seed.</param>
    public static Part[] OfPlaces(IReadOnlyList<bool> inEveryLanguage, ulong seed)
    {
        var random = new CounterRandom(seed, CounterRandom.Stream("udhr-speech/paragraphs"));
        var common = Enumerable.Range(0, inEveryLanguage.Count).Where(place => inEveryLanguage[place]).ToArray();
        random.Shuffle<int>(common);
        var target = common.Take(TargetPlaces).ToHashSet();
        var others = Enumerable.Range(0, inEveryLanguage.Count).Where(place => !target.Contains(place)).ToArray();
        random.Shuffle<int>(others);
        var parts = new Part[inEveryLanguage.Count];
        foreach (var place in target) parts[place] = Part.Target;
        foreach (var place in others[(others.Length / 2)..]) parts[place] = Part.Source;
        return parts;
    }
}
