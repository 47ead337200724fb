using Croma.Compute;

namespace Croma.Datasets.Wilderness;

/// <summary>
/// Gives every language chapters that no other has, as the paper does ("every language corresponded to a different set of
/// chapters"), and draws its utterances from them.
/// </summary>
internal static class WildernessChapters
{
    /// <summary>The utterances of each language, in an order that the seed draws.</summary>
    /// <param name="languages">The languages.</param>
    /// <param name="wanted">Utterances of a language.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="CromaException">The chapters do not suffice.</exception>
    public static IReadOnlyList<Utterance[]> Choose(IReadOnlyList<WildernessLanguage> languages, int wanted, ulong seed)
    {
        var byChapter = languages.Select(l => l.Utterances.ToLookup(u => u.Chapter, StringComparer.Ordinal)).ToList();
        string[] chapters = [.. byChapter.SelectMany(c => c.Select(g => g.Key)).Distinct().Order(StringComparer.Ordinal)];
        new CounterRandom(seed, CounterRandom.Stream("wilderness/chapters")).Shuffle(chapters.AsSpan());
        var own = languages.Select(_ => new List<Utterance>()).ToList();
        // rare chapters first, to the language that has least: it may have nothing else
        foreach (var chapter in chapters.OrderBy(chapter => byChapter.Count(c => c.Contains(chapter))))
        {
            var poorest = Enumerable.Range(0, languages.Count).Where(l => byChapter[l].Contains(chapter)).MinBy(l => own[l].Count);
            own[poorest].AddRange(byChapter[poorest][chapter]);
        }
        for (var l = 0; l < languages.Count; l++)
            if (own[l].Count < wanted)
                throw new CromaException($"'{languages[l].Id}' has {own[l].Count} utterances in chapters that no other language uses; {wanted} are needed: there are {chapters.Length} chapters for {languages.Count} languages, so leave some languages out.");
        return [.. own.Select((utterances, l) =>
        {
            Utterance[] drawn = [.. utterances];
            new CounterRandom(seed, CounterRandom.Stream("wilderness/utterances", l)).Shuffle(drawn.AsSpan());
            return drawn[..wanted];
        })];
    }
}
