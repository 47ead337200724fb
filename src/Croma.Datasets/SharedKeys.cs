namespace Croma.Datasets;

/// <summary>Puts things into groups by what they have in common.</summary>
internal static class SharedKeys
{
    /// <summary>
    /// The group of each thing, numbered from 0 by the first of each: things that share a key are of one group, and so are
    /// things that are joined by others.
    /// </summary>
    /// <param name="keys">The keys of each thing.</param>
    public static int[] Groups(IReadOnlyList<IReadOnlyList<string>> keys)
    {
        int[] parents = [.. Enumerable.Range(0, keys.Count)];
        var firstOfKey = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
            foreach (var key in keys[i])
            {
                if (firstOfKey.TryAdd(key, i)) continue;
                var (a, b) = (Root(i), Root(firstOfKey[key]));
                parents[Math.Max(a, b)] = Math.Min(a, b);
            }
        var numbers = new Dictionary<int, int>();
        return [.. Enumerable.Range(0, keys.Count).Select(i =>
        {
            var root = Root(i);
            numbers.TryAdd(root, numbers.Count);
            return numbers[root];
        })];

        int Root(int i)
        {
            while (parents[i] != i) i = parents[i] = parents[parents[i]];
            return i;
        }
    }
}
