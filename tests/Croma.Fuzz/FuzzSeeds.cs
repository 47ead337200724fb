using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Croma.Classification;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Method;
using Croma.Search;
using Croma.Tasks;

namespace Croma.Fuzz;

/// <summary>Small valid files of every kind, always the same bytes.</summary>
internal sealed class FuzzSeeds : IDisposable
{
    private const int Width = 4, Concepts = 6, SamplesPerPart = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("croma-seeds-").FullName;
    private readonly CrossModalDataset _dataset;
    private readonly TrainedModel _model;

    public FuzzSeeds()
    {
        WriteDataset(Path.Combine(_folder, "features"), sequences: false);
        WriteDataset(Path.Combine(_folder, "sequences"), sequences: true);
        _dataset = CrossModalDataset.Open(Path.Combine(_folder, "features"));
        _model = TrainedModel.Train(_dataset, new TrainingOptions { Configuration = s_configuration, Seed = 1 });
    }

    private static readonly TrainingConfiguration s_configuration = new()
    {
        Encoders = new EncoderOptions { Dimension = 4, Hidden = 16, TextEmbedding = 4, SpeechLayers = 1, FeatureHidden = [5] },
        Training = new MetaOptions { Iterations = 4, InnerSteps = 1, Ways = 2, Shots = 1, AlignmentBatch = 2, ClassifierBatch = 2, AlignmentLoss = "info-nce" },
        Selection = new SelectionOptions { Every = 2, Tasks = 1, Shots = 1, Queries = 1 },
    };

    public static byte[] Labels => "label,name,group,split\ncat,a,\"big, or small\",meta-train\ndog,b,,\n\"the \"\"bird\"\"\",c,x,meta-test\n"u8.ToArray();

    public static byte[] Features => "name,f0,f1,f2\na,1,-2.5,1e-3\nb,0,0.25,7\nc,1,1,1\n"u8.ToArray();

    public static byte[] ManifestTable => "modality,path,text,label,pair,role\nimage,1.txt,,cat,p1,alignment\ntext,,a cat,cat,p1,alignment\ntext,,a dog,dog,,target\n"u8.ToArray();

    public static byte[] ManifestLines => "{\"modality\":\"image\",\"path\":\"1.txt\",\"label\":\"cat\",\"pair\":7}\n{\"modality\":\"text\",\"text\":\"a \\u00e9 cat\",\"label\":\"cat\",\"split\":null}\n"u8.ToArray();

    public static byte[] Configuration => Encoding.UTF8.GetBytes(ConfigurationFile.ToJson(s_configuration));

    /// <summary>A manifest with the file it names beside it.</summary>
    public static FuzzFiles Manifest(string name, byte[] content) => new(name, [(name, content), ("1.txt", "a cat"u8.ToArray())]);

    public static byte[] Safetensors() => Bytes(stream => SafetensorsWriter.Write(stream,
    [
        SafetensorsArray.Of<float>("weights", new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3),
        SafetensorsArray.Of<double>("scalar", new double[] { 0.5 }),
        SafetensorsArray.Of<long>("offsets", new long[] { 0, 2, 3 }, 3),
        SafetensorsArray.Of<Half>("half", new Half[] { (Half)1, (Half)2 }, 2, 1),
        SafetensorsArray.Of<byte>("bytes", new byte[] { 1, 2, 3 }, 3),
        SafetensorsArray.Of<int>("empty", Array.Empty<int>(), 0, 7),
    ], new Dictionary<string, string> { ["made by"] = "nobody", ["\u00e9"] = "x" }));

    public static IEnumerable<byte[]> Arrays() =>
        [Npy("<f4", new float[] { 1, 2, 3, 4, 5, 6 }, "(2, 3)"), Npy("<f2", new Half[] { (Half)1, (Half)2 }, "(2,)"), Npy("|b1", new byte[] { 0, 1, 1 }, "(3, 1)"), Npy("<i8", new long[] { -1, 5 }, "(1, 2)"), Npy("<f8", new double[] { 0.5 }, "()")];

    public static byte[] Archive() => ZipMutation.Write([("features.npy", Npy("<f4", new float[64], "(16, 4)")), ("other.npy", Npy("|u1", new byte[] { 1, 2, 3 }, "(3,)"))], CompressionLevel.Fastest);

    public static byte[] Index()
    {
        var folder = Directory.CreateTempSubdirectory("croma-index-").FullName;
        var path = Path.Combine(folder, "x");
        using (var builder = new IndexBuilder(path, new IndexDescription { Dimension = 3, Role = ModalityRole.Target, Modality = "audio", ModelSha256 = new string('a', 64), Model = "croma" }))
        {
            builder.Add(["one", "zwei \u00fc", ""], [[1, 0, 0], [0, 0.6, 0.8], [0, 0, 0]], new BuildPosition(3, "x"));
            builder.Finish();
        }
        var bytes = File.ReadAllBytes(path);
        Directory.Delete(folder, recursive: true);
        return bytes;
    }

    public byte[] Plan() => EpisodePlan.Create(_dataset, ConceptSplit.MetaTest, 2, 2, 1, 2, 1).WithLabelNoise(0.5).ToJson();

    public byte[] Run()
    {
        var record = new RunRecord
        {
            Method = "croma", Repeat = 0, Seed = 1, Seconds = 1.5, TargetSamples = 8, TargetLabels = 0, BestIteration = 2, ValidationAccuracy = 50,
            Curve = _model.Training!.Curve, Results = [new ShotRecord(1, 75, [50, 100], [1, 2, 3, 4], [0, 1, 0, 1], [0, 1, 1, 1])],
        };
        return Written(record.Write);
    }

    public byte[] Checkpoint()
    {
        var path = Path.Combine(_folder, "checkpoint");
        using var stop = new CancellationTokenSource();
        try
        {
            TrainedModel.Train(_dataset, new TrainingOptions { Configuration = s_configuration, Seed = 1, CheckpointFile = path }, new Stopper(stop), stop.Token).Dispose();
        }
        catch (OperationCanceledException)
        {
            // which leaves the checkpoint
        }
        return File.ReadAllBytes(path);
    }

    public FuzzFiles Model()
    {
        _model.Save(Path.Combine(_folder, "model"));
        return Folder("model");
    }

    public byte[] Classifier()
    {
        var samples = Enumerable.Range(0, _dataset.Target.Count).Where(i => _dataset.Target.Concept(i) < 2).Take(12).ToArray();
        Half[][] values = [.. samples.Select(i => _dataset.Target.Contents.Values(i).ToArray())];
        using var classifier = _model.Adapt(SupportSamples.Of(new MemorySamples(_dataset.Target.Contents.Shape, values), [.. samples.Select((_, i) => i % 2 == 0 ? "a" : "b")]), "ridge");
        return Written(classifier.Save);
    }

    public FuzzFiles Dataset(bool sequences) => Folder(sequences ? "sequences" : "features");

    public void Dispose()
    {
        _model.Dispose();
        _dataset.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private FuzzFiles Folder(string name) =>
        new("", [.. Directory.EnumerateFiles(Path.Combine(_folder, name)).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))]);

    private byte[] Written(Action<string> write)
    {
        var path = Path.Combine(_folder, "written");
        write(path);
        return File.ReadAllBytes(path);
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static byte[] Npy<T>(string descr, T[] values, string shape) where T : unmanaged
    {
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.Latin1.GetBytes(text), .. MemoryMarshal.AsBytes<T>(values)];
    }

    private static void WriteDataset(string folder, bool sequences)
    {
        var writer = sequences
            ? new DatasetWriter("tiny", 1, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", Width, 100))
            : new DatasetWriter("tiny", 1, ModalityWriter.Features("image", Width), ModalityWriter.Features("audio", Width));
        var random = new CounterRandom(1, 1);
        for (var c = 0; c < Concepts; c++) writer.AddConcept($"c{c}", $"Concept {c}", (ConceptSplit)(c / 2), $"cluster {c % 2}");
        for (var c = 0; c < Concepts; c++)
            for (var i = 0; i < 3 * SamplesPerPart; i++)
            {
                var part = (Part)(i / SamplesPerPart);
                var source = sequences ? writer.Source.Add(c, part, i, "text"u8) : writer.Source.Add(c, part, i, Vector(random, 1));
                var target = writer.Target.Add(c, part, i, Vector(random, sequences ? 2 + i % 2 : 1));
                if (part == Part.Alignment) writer.AddPair(source, target);
            }
        writer.Write(folder);
    }

    private static Half[] Vector(CounterRandom random, int rows) => [.. Enumerable.Range(0, rows * Width).Select(_ => (Half)random.NextNormal())];

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Iteration == 2) stop.Cancel();
        }
    }
}
