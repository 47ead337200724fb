using System.Reflection;
using System.Text.RegularExpressions;

namespace Croma.Tests.Docs;

/// <summary>What SECURITY.md and docs/reliability.md say is kept by a test, and checked by a class, is.</summary>
public sealed partial class NamedInDocsTests
{
    private static readonly HashSet<string> s_types =
    [
        .. new[] { typeof(CromaVersion), typeof(Croma.Datasets.NpmPackage), typeof(Croma.Onnx.OnnxModel), typeof(Croma.Server.CromaServer), typeof(Croma.Cli.CommandLine), typeof(NamedInDocsTests) }
            .SelectMany(t => t.Assembly.GetTypes()).Select(t => t.Name),
    ];

    [Theory, InlineData("SECURITY.md"), InlineData("docs/reliability.md")]
    public void Every_class_that_is_named_is_there(string page)
    {
        var named = Tables(page).SelectMany(t => t).SelectMany(row => row.Skip(1)).SelectMany(cell => Name().Matches(cell).Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.InRange(named.Count, 20, 200);
        Assert.Empty(named.Except(s_types));
    }

    [Theory, InlineData("SECURITY.md", "test"), InlineData("docs/reliability.md", "kept by"), InlineData("docs/reliability.md", "test that keeps it")]
    public void Every_line_names_a_test(string page, string column)
    {
        var rows = Tables(page).Where(t => t[0][^1] == column).SelectMany(t => t.Skip(2)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(Name().Matches(row[^1]).Any(m => IsTest(m.Groups[1].Value)), $"{page}: '{row[0]}' names no test"));
    }

    private static bool IsTest(string name) => typeof(NamedInDocsTests).Assembly.GetTypes().Any(t => t.Name == name && t.GetMethods().Any(m => m.GetCustomAttributes<FactAttribute>().Any()));

    /// <summary>A page's tables: rows of cells, the second the line below the head.</summary>
    private static IEnumerable<List<string[]>> Tables(string page)
    {
        List<string[]> table = [];
        foreach (var line in File.ReadLines(Path.Combine(ReadmeTests.Root, page)).Append(""))
        {
            if (line.StartsWith('|')) table.Add(line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries));
            else if (table.Count > 0)
            {
                yield return table;
                table = [];
            }
        }
    }

    [GeneratedRegex("`([A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*)`")]
    private static partial Regex Name();
}
