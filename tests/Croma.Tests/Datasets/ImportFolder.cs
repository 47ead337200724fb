using Croma.Compute;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.Import;
using Croma.Tests.Data;

namespace Croma.Tests.Datasets;

/// <summary>Made-up input of people's own: 20 classes of 30 samples, whose vectors lie around a place of their class.</summary>
internal sealed class ImportFolder : IDisposable
{
    public const int Classes = 20, Samples = 30, Width = 8;

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public static string Class(int number) => $"class{number:00}";

    /// <summary>Writes a text.</summary>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, with the folders above it.</summary>
    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>The vectors of all samples, class after class.</summary>
    public static float[] Vectors(int seed, int count = Classes * Samples)
    {
        var random = new CounterRandom((ulong)seed, 1);
        float[][] centres = [.. Enumerable.Range(0, Classes).Select(_ => Draw(1))];
        return [.. Enumerable.Range(0, count).SelectMany(i => centres[i / Samples % Classes].Zip(Draw(0.3f), (a, b) => a + b))];

        float[] Draw(float scale) => [.. Enumerable.Range(0, Width).Select(_ => scale * (float)random.NextNormal())];
    }

    /// <summary>A feature file and the labels beside it.</summary>
    /// <param name="name">Without an ending.</param>
    /// <param name="seed">Draws the vectors.</param>
    /// <param name="columns">The labels' header.</param>
    /// <param name="row">A line of them: of the sample's class and its number there.</param>
    public string WriteFeatures(string name, int seed, string columns = "label,pair", Func<int, int, string>? row = null)
    {
        Write(name + ".labels.csv", Labels(columns, row ?? ((c, i) => $"{Class(c)},{c}-{i}")));
        return Write(name + ".npy", NpyFiles.Of(Vectors(seed), Classes * Samples, Width));
    }

    public static string Labels(string columns, Func<int, int, string> row) =>
        $"{columns}\n{string.Concat(Enumerable.Range(0, Classes).SelectMany(c => Enumerable.Range(0, Samples).Select(i => row(c, i) + "\n")))}";

    /// <summary>A folder tree of texts.</summary>
    public string WriteTexts(string name, int samples = Samples)
    {
        for (var c = 0; c < Classes; c++)
            for (var i = 0; i < samples; i++) Write($"{name}/{Class(c)}/{i:000}.txt", $"text {i * 7919 % 1000} of {(char)('a' + c)}\n");
        return this[name];
    }

    /// <summary>A folder tree of arrays, one a file.</summary>
    public string WriteArrays(string name, int samples, params long[] shape)
    {
        var numbers = (int)shape.Aggregate(1L, (a, b) => a * b);
        for (var c = 0; c < Classes; c++)
            for (var i = 0; i < samples; i++) Write($"{name}/{Class(c)}/{i:000}.npy", NpyFiles.Of([.. Enumerable.Range(0, numbers).Select(n => (float)(c + 0.01 * i + n))], shape));
        return this[name];
    }

    /// <summary>Imports and opens.</summary>
    public CrossModalDataset Import(string source, string target, string? manifest = null, PairKind? pairs = null, string to = "set", int threads = 1, ulong seed = 1)
    {
        Importer.Run(Options(source, target, manifest, to) with { Pairs = pairs, Threads = threads, Seed = seed });
        Assert.Empty(DatasetCheck.Run(this[to]));
        return CrossModalDataset.Open(this[to]);
    }

    /// <summary>Imports and requires that it is refused, leaving nothing.</summary>
    public string Refuse(string source, string target, string? manifest = null, PairKind? pairs = null)
    {
        var error = Assert.ThrowsAny<CromaException>(() => Importer.Run(Options(source, target, manifest, "set") with { Pairs = pairs }));
        Assert.False(Directory.Exists(this["set"]));
        Assert.Empty(Directory.GetDirectories(Path, "*.tmp"));
        return error.Message;
    }

    public ImportOptions Options(string source, string target, string? manifest = null, string to = "set") => new(this[to], source, target, manifest);

    public void Dispose() => _folder.Dispose();
}
