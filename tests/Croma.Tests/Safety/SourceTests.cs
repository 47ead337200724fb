using System.Text.RegularExpressions;

namespace Croma.Tests.Safety;

/// <summary>What the sources themselves must hold: no command line is pasted together, nothing is unpacked by the names in an archive.</summary>
public sealed partial class SourceTests
{
    private static readonly (string Path, string Text)[] s_sources =
    [
        .. new[] { "src", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(ReadmeTests.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Select(path => (Path.GetRelativePath(ReadmeTests.Root, path), File.ReadAllText(path))),
    ];

    [Fact]
    public void Programs_are_started_in_two_places_with_their_arguments_as_a_list()
    {
        var starts = s_sources.SelectMany(s => Starts().Matches(s.Text).Select(m => $"{s.Path}: {m.Groups[1].Value}")).Order(StringComparer.Ordinal);
        // the second is a command line that the user of --peer typed, for the user's own shell: no data is in it
        Assert.Equal([$"{Path.Combine("src", "Croma.Cli", "Bench", "Peer.cs")}: \"/bin/sh\", [\"-c\", command]", $"{Path.Combine("src", "Croma.Datasets", "ChildProcess.cs")}: program, arguments"], starts);
        Assert.All(s_sources, s => Assert.False(Pasted().IsMatch(s.Text), s.Path));
    }

    [Fact]
    public void No_archive_is_unpacked_to_disk() =>
        Assert.All(s_sources, s => Assert.False(Unpacking().IsMatch(s.Text), s.Path));

    [GeneratedRegex(@"new ProcessStartInfo\(([^()]*)\)")]
    private static partial Regex Starts();

    [GeneratedRegex(@"UseShellExecute = true|\.Arguments\b|\bArguments = |Process\.Start\(\s*(""|\$|string)|ProcessStartInfo\s*\{")]
    private static partial Regex Pasted();

    [GeneratedRegex(@"ExtractToDirectory|ExtractToFile")]
    private static partial Regex Unpacking();
}
