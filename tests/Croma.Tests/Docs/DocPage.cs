using System.Text.RegularExpressions;

namespace Croma.Tests.Docs;

/// <summary>A page that people read: README.md and others beside it, the one in the packages, and what lies below docs.</summary>
/// <param name="Path">From the repository's root.</param>
/// <param name="Text">Its Markdown.</param>
internal sealed partial record DocPage(string Path, string Text)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocPage> All { get; } = [.. Directory.EnumerateFiles(ReadmeTests.Root, "*.md").Append(System.IO.Path.Combine(ReadmeTests.Root, "src", "Package", "README.md")).Concat(Directory.EnumerateFiles(System.IO.Path.Combine(ReadmeTests.Root, "docs"), "*.md", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal).Select(file => new DocPage(System.IO.Path.GetRelativePath(ReadmeTests.Root, file), File.ReadAllText(file)))];

    public static DocPage Named(string path) => All.Single(page => page.Path == path);

    /// <summary>The fenced blocks of a language.</summary>
    public IEnumerable<string> Blocks(string language) => Fence().Matches(Text).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    /// <summary>The lines of shell blocks, a line that ends in a backslash with the next.</summary>
    public IEnumerable<string> ShellLines => Blocks("sh").SelectMany(block => block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>The targets of links and pictures outside of code.</summary>
    public IEnumerable<string> Links => Link().Matches(Prose).Select(m => m.Groups[1].Value);

    /// <summary>The names by which its headings can be linked to.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose).Select(m => string.Concat(m.Groups[1].Value.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'));

    private string Prose => Fence().Replace(Text, "");

    [GeneratedRegex("```([a-z]*)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
