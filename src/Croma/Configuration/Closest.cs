namespace Croma.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
public static class Closest
{
    // what is longer was no slip of the pen, and comparing it takes time and memory
    private const int Longest = 64;

    /// <summary>"; did you mean 'x'?" or "; it is one of x, y, z".</summary>
    public static string Hint(string given, IReadOnlyList<string> known)
    {
        var best = given.Length > Longest ? null : known.MinBy(name => Distance(given, name));
        return best != null && Distance(given, best) <= Math.Max(2, given.Length / 3)
            ? $"; did you mean '{best}'?"
            : $"; it is one of {string.Join(", ", known)}";
    }

    /// <summary>Levenshtein's edit distance, upper and lower case being the same.</summary>
    public static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.Length];
    }
}
