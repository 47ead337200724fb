using Croma.Tests.Data;

namespace Croma.Tests.Docs;

/// <summary>The commands of the how-to pages, run in a folder with a small data set data/mine, a model runs/mine, labelled samples in new and others in unlabelled.</summary>
public sealed class HowToTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_commands_of_the_how_to_pages_run()
    {
        TinyDataset.Write(_folder["data/mine"], samplesPerPart: 24, trainConcepts: 20);
        foreach (var (i, sample) in new[] { "new/left/0", "new/left/1", "new/right/0", "new/right/1", "unlabelled/0" }.Index())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[sample])!);
            File.WriteAllBytes(_folder[sample + ".npy"], NpyFiles.Of(Enumerable.Range(0, 6).Select(d => (float)Math.Sin(i / 2 * (d + 1) + 0.1 * i)).ToArray(), 6));
        }
        await Run("./croma train --data data/mine --profile small --out runs/mine --quiet");
        foreach (var page in new[] { "docs/choosing.md", "docs/retrieval.md", "docs/reproducing.md" })
        {
            var lines = DocPage.Named(page).ShellLines.ToList();
            Assert.NotEmpty(lines);
            foreach (var line in lines) await Run(line);
        }
    }

    private async Task Run(string line)
    {
        Assert.StartsWith("./croma ", line, StringComparison.Ordinal);
        var result = await CliProcess.Run(_folder.Path, line.Split(' ')[1..]);
        Assert.True(result.Code == 0, $"{line}: {result.Error}");
        Assert.NotEqual("", result.Out);
    }
}
