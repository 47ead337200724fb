using System.Text;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Encoders;

namespace Croma.Tests.Browser;

/// <summary>Small models that were trained on made-up tones, colours and letters with words beside them, prepared as imported files are.</summary>
internal static class PageModels
{
    private const int Concepts = 20, HeldOut = 5, OfEach = 12, Side = 16;

    private static TrainingConfiguration Configuration { get; } = TinyConfiguration.Value with
    {
        Encoders = TinyConfiguration.Value.Encoders with { Convolution = new ConvOptions { ImageFilters = 16, ImageBlocks = 2, ClipFilters = 16, ClipBlocks = 2 } },
        Adaptation = TinyConfiguration.Value.Adaptation with { Steps = 40 },
        Input = TinyConfiguration.Value.Input with { MaxSteps = 24, FrameStacking = 4 },
    };

    /// <summary>Trains all of them.</summary>
    /// <param name="sounds">Folder of the data set of sounds; of the model with "-model" behind.</param>
    /// <param name="pictures">The same of pictures.</param>
    /// <param name="sentences">The same of texts.</param>
    public static void Train(string sounds, string pictures, string sentences)
    {
        var random = new CounterRandom(22, 1);
        Write(sounds, ModalityWriter.Frames("sound", 40, 100), Preparation.Sound(1), (writer, c, part) =>
        {
            var pitch = 150 * Math.Pow(1.18, c) * (1 + 0.02 * random.NextNormal());
            var wave = Things.Wave((ulong)random.Next(1 << 20), (t, noise) => 0.4 * Math.Sin(2 * Math.PI * pitch * t) + 0.02 * noise.NextNormal());
            var sample = writer.Add(c, part, ModalityData.NoGroup, ClipFrames.Of(wave));
            writer.AddMedia(sample, ".wav", Things.File(wave));
            return sample;
        });
        Write(pictures, ModalityWriter.Images("picture", Side, Side), Preparation.Picture, (writer, c, part) =>
        {
            var shift = random.Next(8);
            byte[] pixels = [.. Enumerable.Range(0, 32 * 32).SelectMany(at => ((at % 32 + shift) / (1 + c % 5) + at / 32 / (1 + c / 5)) % 2 == 0 ? new[] { (byte)(12 * c), (byte)(240 - 11 * c), (byte)(60 * (c % 4)) } : [(byte)200, 200, 200])];
            return writer.Add(c, part, ModalityData.NoGroup, SquarePixels.Of(new DecodedPicture(pixels, 32, 32), Side));
        });
        Write(sentences, ModalityWriter.Bytes("sentence"), null, (writer, c, part) =>
            writer.Add(c, part, ModalityData.NoGroup, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 6 + random.Next(6)).Select(_ => (char)('a' + (c + random.Next(3)) % 26))))));
    }

    private static void Write(string folder, ModalityWriter target, string? preparation, Func<ModalityWriter, int, Part, int> add)
    {
        target.Preparation = preparation;
        var writer = new DatasetWriter(Path.GetFileName(folder), 1, ModalityWriter.Bytes("words"), target);
        for (var c = 0; c < Concepts; c++) writer.AddConcept($"c{c}", $"number {c + 1}", c < Concepts - 2 * HeldOut ? ConceptSplit.MetaTrain : c < Concepts - HeldOut ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest);
        for (var c = 0; c < Concepts; c++)
            foreach (var part in Enum.GetValues<Part>())
                for (var i = 0; i < OfEach; i++)
                {
                    var source = writer.Source.Add(c, part, ModalityData.NoGroup, Encoding.UTF8.GetBytes(new string((char)('a' + c), 3 + i % 4)));
                    var sample = add(writer.Target, c, part);
                    if (part == Part.Alignment) writer.AddPair(source, sample);
                }
        writer.Write(folder);
        using var dataset = CrossModalDataset.Open(folder);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = Configuration });
        model.Save(folder + "-model");
    }
}
