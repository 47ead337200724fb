using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Croma.Cli;

namespace Croma.Tests.Docs;

/// <summary>What the pages promise: links that lead somewhere, commands that exist, C# that compiles and is run.</summary>
public sealed partial class DocPageTests
{
    public static TheoryData<string> Pages => [.. DocPage.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string path)
    {
        var page = DocPage.Named(path);
        foreach (var link in page.Links.Where(l => !l.StartsWith("https://", StringComparison.Ordinal)))
        {
            var (file, anchor) = link.Split('#') is [var f, var a] ? (f, a) : (link, null);
            var full = file.Length == 0 ? page.Path : Path.GetRelativePath(ReadmeTests.Root, Path.Combine(ReadmeTests.Root, Path.GetDirectoryName(page.Path)!, file));
            Assert.True(File.Exists(Path.Combine(ReadmeTests.Root, full)) || Directory.Exists(Path.Combine(ReadmeTests.Root, full)), $"{path}: '{link}' leads nowhere");
            if (anchor != null) Assert.True(DocPage.Named(full).Anchors.Contains(anchor), $"{path}: '{link}': '{full}' has no such heading");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_have_the_options_that_they_are_given(string path)
    {
        var root = CommandLine.Create();
        foreach (var line in DocPage.Named(path).ShellLines.Where(l => l.StartsWith("./croma ", StringComparison.Ordinal)))
        {
            var parsed = root.Parse([.. CommandLineParser.SplitCommandLine(Redirection().Replace(line, "")).Skip(1)], new ParserConfiguration { ResponseFileTokenReplacer = null });
            Assert.True(parsed.Errors.Count == 0, $"{path}: {line}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_in_CSharp_are_parts_of_what_is_compiled_and_run(string path)
    {
        foreach (var block in DocPage.Named(path).Blocks("csharp"))
            Assert.True(s_compiled.Any(source => source.Contains(Squeeze(block), StringComparison.Ordinal)), $"{path}: no sample and no test has\n{block}");
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_index()
    {
        var (reached, left) = (new HashSet<string>(), new Queue<string>(["docs/README.md"]));
        while (left.TryDequeue(out var path))
            if (DocPage.All.Any(page => page.Path == path) && reached.Add(path))
                foreach (var link in DocPage.Named(path).Links.Select(l => l.Split('#')[0]).Where(l => l.EndsWith(".md", StringComparison.Ordinal) && !l.StartsWith("https://", StringComparison.Ordinal)))
                    left.Enqueue(Path.GetRelativePath(ReadmeTests.Root, Path.Combine(ReadmeTests.Root, Path.GetDirectoryName(path)!, link)));
        Assert.Empty(DocPage.All.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && path.Count(c => c == '/') == 1).Except(reached));
        Assert.Contains("docs/README.md", DocPage.Named("README.md").Links);
    }

    [Fact]
    public void Pictures_are_drawings_with_a_title_and_without_scripts()
    {
        var pictures = Directory.GetFiles(Path.Combine(ReadmeTests.Root, "docs", "pictures"), "*.svg");
        Assert.NotEmpty(pictures);
        Assert.All(pictures, file =>
        {
            var svg = XDocument.Load(file).Root!;
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.Contains(svg.Elements(), e => e.Name.LocalName == "title");
            Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script" || e.Attributes().Any(a => a.Name.LocalName == "href"));
        });
    }

    private static readonly List<string> s_compiled = [.. new[] { "samples", Path.Combine("tests", "Croma.Tests") }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(ReadmeTests.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(file => Squeeze(FolderOfTest().Replace(File.ReadAllText(file), "\"$1\"")))];

    private static string Squeeze(string text) => Spaces().Replace(text, " ");

    /// <summary>A test runs an example in a folder of its own: `folder["data/mine"]` there is "data/mine" on the page.</summary>
    [GeneratedRegex("folder\\[\"([^\"]*)\"\\]")]
    private static partial Regex FolderOfTest();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\s[<>|].*$")]
    private static partial Regex Redirection();
}
