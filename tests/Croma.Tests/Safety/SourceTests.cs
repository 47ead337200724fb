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

    [Fact]
    public void Files_are_written_whole_or_not_at_all()
    {
        string[] writers =
        [
            // the one that does it
            Path.Combine("src", "Croma", "Data", "Formats", "AtomicFile.cs"),
            // grows for hours; counts only as far as its state says, which is written whole
            Path.Combine("src", "Croma", "Search", "IndexBuilder.cs"),
            // logs grow row by row; what no checkpoint counts is cut off when the training goes on
            Path.Combine("src", "Croma", "Monitoring", "EventFile.cs"),
            Path.Combine("src", "Croma", "Monitoring", "ScalarLog.cs"),
            // a lock holds nothing
            Path.Combine("src", "Croma", "Checkpoints", "RunLock.cs"),
            // no other run reads it
            Path.Combine("src", "Croma.Datasets", "ScratchFile.cs"),
            // likewise, for ffmpeg
            Path.Combine("src", "Croma.Server", "Input", "SampleDecoder.cs"),
        ];
        Assert.Equal(writers.Order(StringComparer.Ordinal), s_sources.Where(s => s.Path.StartsWith("src", StringComparison.Ordinal) && Writing().IsMatch(s.Text)).Select(s => s.Path).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"File\.(WriteAll|AppendAll|Append|Create\(|CreateText|OpenWrite|Copy|Move|Replace)|new StreamWriter\(|FileMode\.(Create|OpenOrCreate|Append|Truncate)|FileAccess\.(Write|ReadWrite)")]
    private static partial Regex Writing();

    [GeneratedRegex(@"new ProcessStartInfo\(([^()]*)\)")]
    private static partial Regex Starts();

    [GeneratedRegex(@"UseShellExecute = true|\.Arguments\b|\bArguments = |Process\.Start\(\s*(""|\$|string)|ProcessStartInfo\s*\{")]
    private static partial Regex Pasted();

    [GeneratedRegex(@"ExtractToDirectory|ExtractToFile")]
    private static partial Regex Unpacking();
}
