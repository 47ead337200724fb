using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets;

/// <summary>Draws which concepts meta-test and meta-validation see; the others are meta-train.</summary>
internal static class ConceptSplits
{
    /// <summary>The split of each concept.</summary>
    /// <param name="stream">Names the draw.</param>
    /// <param name="mayBeUnseen">Whether a concept has enough samples for meta-test; there are at least as many as are drawn.</param>
    /// <param name="validation">Concepts of meta-validation.</param>
    /// <param name="test">Concepts of meta-test.</param>
    /// <param name="seed">The recipe's seed.</param>
    public static ConceptSplit[] Draw(string stream, IReadOnlyList<bool> mayBeUnseen, int validation, int test, ulong seed)
    {
        int[] able = [.. Enumerable.Range(0, mayBeUnseen.Count).Where(c => mayBeUnseen[c])];
        new CounterRandom(seed, CounterRandom.Stream(stream)).Shuffle(able.AsSpan());
        var splits = new ConceptSplit[mayBeUnseen.Count];
        foreach (var c in able[..test]) splits[c] = ConceptSplit.MetaTest;
        foreach (var c in able[test..(test + validation)]) splits[c] = ConceptSplit.MetaValidation;
        return splits;
    }
}
