using System.Text;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;

[assembly: AssemblyFixture(typeof(Croma.Tests.Server.ServerModels))]

namespace Croma.Tests.Server;

/// <summary>Small trained models of every kind of target, made when a test first asks, and gone after the last.</summary>
public sealed class ServerModels : IDisposable
{
    public const int Width = 6, Side = 8;

    private const int PerPart = 8, TrainConcepts = 10, HeldOut = 5, Bands = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly Lock _lock = new();

    /// <summary>Features to features; the data set beside it has media.</summary>
    public string Features => Of("features", folder => TinyDataset.Write(folder, samplesPerPart: PerPart, media: true));

    /// <summary>Texts to sounds.</summary>
    public string Sounds => Of("sounds", folder => Write(folder, ModalityWriter.Bytes("words"), new ModalityWriterOf(ModalityWriter.Frames("sound", Bands, 100), "sound 1, 2 s"),
        (writer, concept, part, i, random) => writer.Add(concept, part, i, Text(concept, random)), (writer, concept, part, i, random) => writer.Add(concept, part, i, Numbers(concept, random, 8 * Bands))));

    /// <summary>Texts to pictures of 8 x 8 pixels.</summary>
    public string Pictures => Of("pictures", folder => Write(folder, ModalityWriter.Bytes("words"), new ModalityWriterOf(ModalityWriter.Images("picture", Side, Side), "picture 1"),
        (writer, concept, part, i, random) => writer.Add(concept, part, i, Text(concept, random)), (writer, concept, part, i, random) => writer.Add(concept, part, i, Pixels(concept, random))));

    /// <summary>Features to texts.</summary>
    public string Texts => Of("texts", folder => Write(folder, ModalityWriter.Features("numbers", Width), new ModalityWriterOf(ModalityWriter.Bytes("words"), null),
        (writer, concept, part, i, random) => writer.Add(concept, part, i, Numbers(concept, random, Width)), (writer, concept, part, i, random) => writer.Add(concept, part, i, Text(concept, random))));

    /// <summary>The data set that a model was trained on.</summary>
    public static string DatasetOf(string model) => model + "-data";

    public void Dispose() => _folder.Dispose();

    private string Of(string name, Action<string> write)
    {
        var folder = _folder[name];
        lock (_lock)
        {
            if (Directory.Exists(folder)) return folder;
            write(DatasetOf(folder));
            using var dataset = CrossModalDataset.Open(DatasetOf(folder));
            var tiny = TinyImages.Configuration;
            var configuration = tiny with
            {
                Training = tiny.Training with { Iterations = 2 }, Selection = tiny.Selection with { Every = 2, Tasks = 1 }, Adaptation = tiny.Adaptation with { Steps = 5 },
                Input = tiny.Input with { MaxTextLength = 16 },
            };
            using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = configuration, Seed = 3 });
            model.Save(folder);
        }
        return folder;
    }

    private static void Write(string folder, ModalityWriter source, ModalityWriterOf target, Func<ModalityWriter, int, Part, int, CounterRandom, int> addSource, Func<ModalityWriter, int, Part, int, CounterRandom, int> addTarget)
    {
        target.Writer.Preparation = target.Preparation;
        var (writer, random) = (new DatasetWriter(Path.GetFileName(folder), 1, source, target.Writer), new CounterRandom(21, 1));
        for (var c = 0; c < TrainConcepts + 2 * HeldOut; c++)
            writer.AddConcept($"c{c}", $"Concept {c}", c < TrainConcepts ? ConceptSplit.MetaTrain : c < TrainConcepts + HeldOut ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest, $"cluster {c % 5}");
        for (var c = 0; c < TrainConcepts + 2 * HeldOut; c++)
            for (var i = 0; i < 3 * PerPart; i++)
            {
                var part = (Part)(i / PerPart);
                var (s, t) = (addSource(writer.Source, c, part, i, random), addTarget(writer.Target, c, part, i, random));
                if (part == Part.Alignment) writer.AddPair(s, t);
            }
        writer.Write(folder);
    }

    private static byte[] Text(int concept, CounterRandom random) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 8).Select(_ => (char)('a' + (3 * concept + random.Next(4)) % 26))));

    private static Half[] Numbers(int concept, CounterRandom random, int count) => [.. Enumerable.Range(0, count).Select(n => (Half)(Math.Sin(concept * (n % Bands + 1)) + 0.3 * random.NextNormal()))];

    private static byte[] Pixels(int concept, CounterRandom random) => [.. Enumerable.Range(0, 3 * Side * Side).Select(n => (byte)Math.Clamp(128 + 90 * Math.Sin(concept * (n / (Side * Side) + 1)) + 10 * random.NextNormal(), 0, 255))];

    private sealed record ModalityWriterOf(ModalityWriter Writer, string? Preparation);
}
