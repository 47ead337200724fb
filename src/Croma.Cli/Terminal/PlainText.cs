namespace Croma.Cli.Terminal;

/// <summary>Names and reasons come out of files: what would steer a terminal is not written to one.</summary>
internal static class PlainText
{
    /// <summary>One line of text, each character of control a '?'.</summary>
    public static string Of(string line) => Without(line, "");

    /// <summary>The same of a page, whose line ends and tabs stay.</summary>
    public static string OfLines(string page) => Without(page, "\n\t");

    private static string Without(string text, string kept) => text.Any(c => Steers(c, kept)) ? string.Concat(text.Select(c => Steers(c, kept) ? '?' : c)) : text;

    private static bool Steers(char c, string kept) => char.IsControl(c) && !kept.Contains(c, StringComparison.Ordinal);
}
