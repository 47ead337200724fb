namespace Croma.Datasets;

/// <summary>What a file says, as messages quote it: a message is a line, whatever the file says.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>A text, cut where it is long.</summary>
    public static string Short(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...");
}
