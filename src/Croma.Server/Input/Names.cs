using System.Text;
using Croma.Server.Api;

namespace Croma.Server.Input;

/// <summary>What clients call classes, samples and classifiers. None of it becomes part of a path.</summary>
internal static class Names
{
    private const int Longest = 100;

    /// <summary>A class's name or a classifier's: 1 to 100 characters, none of them for control, without white space around it.</summary>
    public static string Require(string? name, string what)
    {
        var trimmed = name?.Trim().Normalize(NormalizationForm.FormC) ?? "";
        if (trimmed.Length is 0 or > Longest) throw RequestProblem.Unusable($"The name of {what} has {trimmed.Length} characters; it must have from 1 to {Longest}.");
        return trimmed.Any(char.IsControl) ? throw RequestProblem.Unusable($"The name of {what} has control characters: leave them out.") : trimmed;
    }

    /// <summary>A sample's name: of a path its last part, cut, without control characters; a stand-in where nothing is left.</summary>
    public static string OfSample(string? name, string otherwise)
    {
        if (name is null) return otherwise;
        var last = string.Concat(name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return last.Length == 0 ? otherwise : last[..Math.Min(last.Length, Longest)];
    }

    /// <summary>Refuses classes that people would take for one: names that differ in case only.</summary>
    public static void RefuseLookAlikes(IEnumerable<string> classes)
    {
        var alike = classes.Distinct(StringComparer.Ordinal).GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.ToList();
        if (alike is not null) throw RequestProblem.Unusable($"The classes '{alike[0]}' and '{alike[1]}' differ in case only: give them one name, or names that differ.");
    }
}
