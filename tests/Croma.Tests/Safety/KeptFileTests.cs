using Croma.Datasets.Checks;
using Croma.Fuzz;

namespace Croma.Tests.Safety;

/// <summary>
/// Files of every released version (tests/kept/VERSION), which this one must open. Files of a new version are added by
/// `dotnet run --project tests/Croma.Fuzz -- --write tests/kept/VERSION`; those of earlier ones are never changed.
/// </summary>
public sealed class KeptFileTests
{
    private static readonly string s_kept = Path.Combine(ReadmeTests.Root, "tests", "kept");

    private static readonly Lazy<IReadOnlyList<FuzzKind>> s_kinds = new(() => [.. FuzzKinds.All().Where(k => k.Name != "check")]);

    public static TheoryData<string> Versions => [.. Directory.GetDirectories(s_kept).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_files_of_this_version() => Assert.Contains(CromaVersion.Text, Versions.Select(v => v.Data));

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_kind_of_file_of_an_earlier_version_is_read(string version)
    {
        foreach (var kind in s_kinds.Value)
            foreach (var path in KeptFiles.Paths(Path.Combine(s_kept, version), kind))
            {
                Assert.True(File.Exists(path) || Directory.Exists(path), path);
                Assert.Null(kind.Read(path));
                Assert.Empty(FormatCheck.Run(path, TestContext.Current.CancellationToken).Findings);
            }
    }
}
