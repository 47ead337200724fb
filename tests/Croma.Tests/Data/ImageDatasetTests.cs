using Croma.Data;
using Croma.Encoders;
using Croma.Tasks;

namespace Croma.Tests.Data;

/// <summary>Data sets of images, and those without strong pairs.</summary>
public sealed class ImageDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_read_back_and_become_numbers_pixel_by_pixel()
    {
        Images().Write(_folder.Path);
        using var dataset = CrossModalDataset.Open(_folder.Path);
        Assert.Equal((ModalityKind.Images, 2, 1, 6, 2), (dataset.Source.Kind, dataset.Source.Contents.Shape.ImageHeight, dataset.Source.Contents.Shape.ImageWidth, dataset.Source.Contents.Width, dataset.Source.Count));
        Assert.Equal([0, 51, 102, 153, 204, 255], dataset.Source.Contents.Pixels(1).ToArray());
        Assert.Equal(3, dataset.Manifest.FormatVersion);
        var batch = new InputBatch();
        new SampleReader(dataset.Source.Contents, new InputOptions()).Read(batch, [1]);
        // red, green and blue of the upper pixel, then of the lower one
        Assert.Equal([-2, -0.4f, 1.2f, -1.2f, 0.4f, 2], batch.Values.ToArray().Select(v => MathF.Round(v, 5)));
        Assert.Throws<InvalidOperationException>(() => dataset.Source.Contents.CopyFrames(0, 0, 1, new float[6]));
        Assert.Throws<InvalidOperationException>(() => dataset.Target.Contents.Pixels(0).Length);
        Assert.Empty(Check(_folder.Path));
    }

    [Theory]
    [InlineData("\"height\": 2", "\"height\": 3", "features")]
    [InlineData("\"height\": 2", "\"height\": 0", "height")]
    [InlineData("\"kind\": \"images\"", "\"kind\": \"features\"", "height")]
    [InlineData("\"formatVersion\": 3", "\"formatVersion\": 2", "formatVersion")]
    public void A_faulty_manifest_of_images_is_refused(string old, string replacement, string reason)
    {
        Images().Write(_folder.Path);
        var text = File.ReadAllText(_folder["manifest.json"]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(_folder["manifest.json"], text.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Contains(reason, Assert.ThrowsAny<CromaException>(() => CrossModalDataset.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-samples", "the concept 'c' has no samples")]
    [InlineData("one-sided", "the cluster 'z' has no samples of 'audio' in the part Alignment")]
    [InlineData("splits", "the cluster 'y' is in more than one split")]
    public void Without_strong_pairs_concepts_may_be_of_one_modality_and_clusters_of_both(string fault, string what)
    {
        var writer = Images();
        switch (fault)
        {
            case "no-samples": writer.AddConcept("c", "C", ConceptSplit.MetaTrain); break;
            case "one-sided": writer.Source.Add(writer.AddConcept("c", "C", ConceptSplit.MetaTrain, "z"), Part.Alignment, ModalityData.NoGroup, new byte[6]); break;
            case "splits": writer.Source.Add(writer.AddConcept("c", "C", ConceptSplit.MetaTest, "y"), Part.Alignment, ModalityData.NoGroup, new byte[6]); break;
        }
        writer.Write(_folder.Path);
        Assert.Contains(what, Assert.Single(Check(_folder.Path)).What, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DatasetFinding> Check(string folder) => DatasetCheck.Run(folder, TestContext.Current.CancellationToken);

    /// <summary>A concept of two images and one of a sound, joined by the cluster y.</summary>
    private static DatasetWriter Images()
    {
        var writer = new DatasetWriter("pictures", 1, ModalityWriter.Images("image", 2, 1), ModalityWriter.Features("audio", 2));
        var (image, sound) = (writer.AddConcept("a", "A", ConceptSplit.MetaTrain, "y"), writer.AddConcept("b", "B", ConceptSplit.MetaTrain, "y"));
        writer.Source.Add(image, Part.Alignment, ModalityData.NoGroup, new byte[6]);
        writer.Source.Add(image, Part.Source, ModalityData.NoGroup, (byte[])[0, 51, 102, 153, 204, 255]);
        writer.Target.Add(sound, Part.Alignment, 1, [(Half)1, (Half)2]);
        return writer;
    }
}
