namespace Croma.Tests;

/// <summary>Texts that are kept in the repository, so that a change of them is seen.</summary>
internal static class Snapshot
{
    /// <summary>Requires a text to be the kept one; with CROMA_WRITE_SNAPSHOTS=1 in the environment it is written instead.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <param name="text">What it is now.</param>
    public static void Require(string path, string text)
    {
        var file = Path.Combine(ReadmeTests.Root, path);
        if (Environment.GetEnvironmentVariable("CROMA_WRITE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.True(File.ReadAllText(file) == text, $"{path} is not what it is now: run this test with CROMA_WRITE_SNAPSHOTS=1, and look at what has changed. Now:\n{text}");
    }
}
