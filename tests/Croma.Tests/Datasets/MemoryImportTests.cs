using Croma.Data;
using Croma.Datasets.Import;

namespace Croma.Tests.Datasets;

/// <summary>Data sets of what is in memory.</summary>
public sealed class MemoryImportTests : IDisposable
{
    private const int Classes = 20, Samples = 30, Width = 3;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_and_sequences_become_a_sound_data_set()
    {
        Importer.Run(_folder["data"], Words(), ImportSamples.Sequences("motion", Width, Windows()), cancellation: Token);
        using var dataset = CrossModalDataset.Open(_folder["data"]);
        Assert.Equal(("words", ModalityKind.Bytes, Classes * Samples), (dataset.Source.Name, dataset.Source.Kind, dataset.Source.Count));
        Assert.Equal(("motion", ModalityKind.Frames, Width), (dataset.Target.Name, dataset.Target.Kind, dataset.Target.Contents.Width));
        Assert.All(dataset.StrongPairs, p => Assert.Equal(dataset.Source.Concept(p.Source), dataset.Target.Concept(p.Target)));
        Assert.NotEmpty(dataset.StrongPairs);
        Assert.Equal("text 3 of c1", System.Text.Encoding.UTF8.GetString(dataset.Source.Contents.Bytes(Samples + 3)));
        Assert.Equal(new[] { (Half)1, (Half)3, (Half)0 }, dataset.Target.Contents.Values(Samples + 3)[..Width].ToArray());
        Assert.Empty(DatasetCheck.Run(_folder["data"], Token));
    }

    [Fact]
    public void The_same_samples_and_seed_give_the_same_bytes_and_another_seed_another_draw()
    {
        Importer.Run(_folder["a/data"], Words(), ImportSamples.Vectors("v", Vectors()), cancellation: Token);
        Importer.Run(_folder["b/data"], Words(), ImportSamples.Vectors("v", Vectors()), cancellation: Token);
        Importer.Run(_folder["c/data"], Words(), ImportSamples.Vectors("v", Vectors()), seed: 2, cancellation: Token);
        string[] hashes = [.. new[] { "a/data", "b/data", "c/data" }.Select(name =>
        {
            using var dataset = CrossModalDataset.Open(_folder[name]);
            return dataset.Sha256;
        })];
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public void What_is_said_of_samples_is_kept()
    {
        var samples = Vectors().Select((s, i) => s with { Group = $"g{i / Samples % 5}", Split = (ConceptSplit)(i / Samples % 3), Part = i == 7 ? Part.Target : null });
        Importer.Run(_folder["data"], Words(), ImportSamples.Vectors("v", samples, "by hand"), cancellation: Token);
        using var dataset = CrossModalDataset.Open(_folder["data"]);
        Assert.Equal("g4", dataset.Concepts.Single(c => c.Id == "c9").Cluster);
        Assert.Equal(ConceptSplit.MetaValidation, dataset.Concepts.Single(c => c.Id == "c19").Split);
        Assert.Equal(Part.Target, dataset.Target.Part(7));
        Assert.Equal("by hand", dataset.Target.Contents.Shape.Preparation);
    }

    [Fact]
    public void Faulty_samples_are_named()
    {
        Assert.Contains("'v' has no samples", Message(() => ImportSamples.Vectors("v", [])), StringComparison.Ordinal);
        Assert.Contains("sample 1 of 'v': it has 2 numbers, the first 3", Message(() => ImportSamples.Vectors("v", [new("a", [1, 2, 3]), new("a", [1, 2])])), StringComparison.Ordinal);
        Assert.Contains("sample 0 of 'v': it has 4 numbers", Message(() => ImportSamples.Sequences("v", 3, [new("a", [1, 2, 3, 4])])), StringComparison.Ordinal);
        Assert.Contains("sample 1 of 't': the text is empty", Message(() => ImportSamples.Texts("t", [new("a", "x"), new("a", "")])), StringComparison.Ordinal);
        Assert.Contains("sample 0 of 't': the label is empty", Message(() => ImportSamples.Texts("t", [new(" ", "x")])), StringComparison.Ordinal);
        Assert.Contains("sample 0 of 'v': row 0, column 1: the value is missing (NaN)", Message(() =>
            Importer.Run(_folder["data"], Words(), ImportSamples.Vectors("v", Vectors().Select(s => s with { Value = [1, float.NaN] })), cancellation: Token)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(_folder["data/mine"], "");
        Assert.Contains("is not empty", Message(() => Importer.Run(_folder["data"], Words(), ImportSamples.Vectors("v", Vectors()), cancellation: Token)), StringComparison.Ordinal);
    }

    private static string Message(Action action) => Assert.ThrowsAny<CromaException>(action).Message;

    private static ImportSamples Words() => ImportSamples.Texts("words", Texts());

    private static IEnumerable<ImportSample<string>> Texts() => Each((c, i) => new ImportSample<string>($"c{c}", $"text {i} of c{c}", $"{c}/{i}"));

    private static IEnumerable<ImportSample<float[]>> Vectors() => Each((c, i) => new ImportSample<float[]>($"c{c}", [c, i], $"{c}/{i}"));

    private static IEnumerable<ImportSample<float[]>> Windows() => Each((c, i) => new ImportSample<float[]>($"c{c}", [.. Enumerable.Range(0, 2 + i % 3).SelectMany(step => new float[] { c, i, step })], $"{c}/{i}"));

    private static IEnumerable<T> Each<T>(Func<int, int, T> make) => from c in Enumerable.Range(0, Classes) from i in Enumerable.Range(0, Samples) select make(c, i);
}
