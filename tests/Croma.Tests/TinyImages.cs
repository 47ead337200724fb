using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>A small made-up data set of images and clips: classes of the two are concepts of their own, joined by clusters only.</summary>
internal static class TinyImages
{
    public const int Side = 8, Steps = 16, Bands = 16, AlignmentOfClass = 14;

    public const int TrainClusters = 6, HeldOutClusters = 5;

    /// <summary>Small convolutional encoders.</summary>
    public static TrainingConfiguration Configuration { get; } = TinyConfiguration.Value with
    {
        Encoders = TinyConfiguration.Value.Encoders with { Convolution = new ConvOptions { ImageFilters = 16, ImageBlocks = 2, ClipFilters = 16, ClipBlocks = 2 } },
        Input = TinyConfiguration.Value.Input with { MaxSteps = Steps, FrameStacking = 1 },
        Adaptation = TinyConfiguration.Value.Adaptation with { Steps = 60 },
    };

    public static CrossModalDataset Create(string folder)
    {
        Write(folder);
        return CrossModalDataset.Open(folder);
    }

    public static void Write(string folder)
    {
        var writer = new DatasetWriter("tiny-images", 1, ModalityWriter.Images("image", Side, Side), ModalityWriter.Frames("audio", Bands, 25));
        var random = new CounterRandom(12, 1);
        for (var cluster = 0; cluster < TrainClusters + 2 * HeldOutClusters; cluster++)
        {
            var split = cluster < TrainClusters ? ConceptSplit.MetaTrain : cluster < TrainClusters + HeldOutClusters ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest;
            var image = writer.AddConcept($"image.{cluster}", $"Image {cluster}", split, $"cluster {cluster}");
            double[] colour = Draw(random, 3), sound = Draw(random, Bands);
            for (var i = 0; i < 2 * AlignmentOfClass; i++)
                writer.Source.Add(image, i < AlignmentOfClass ? Part.Alignment : Part.Source, ModalityData.NoGroup, (byte[])[.. Enumerable.Range(0, 3 * Side * Side).Select(n => (byte)Math.Clamp(128 + 40 * (colour[n / (Side * Side)] + 0.3 * random.NextNormal()), 0, 255))]);
            var clip = writer.AddConcept($"sound.{cluster}", $"Sound {cluster}", split, $"cluster {cluster}");
            for (var i = 0; i < AlignmentOfClass + 20; i++)
                writer.Target.Add(clip, i < AlignmentOfClass ? Part.Alignment : Part.Target, ModalityData.NoGroup, (Half[])[.. Enumerable.Range(0, Steps * Bands).Select(n => (Half)(sound[n % Bands] + 0.3 * random.NextNormal()))]);
        }
        writer.Write(folder);
    }

    private static double[] Draw(CounterRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
}
