using Croma.Checkpoints;
using Croma.Classification;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.Checks;
using Croma.Evaluation;
using Croma.Search;
using Croma.Tasks;

namespace Croma.Fuzz;

/// <summary>All kinds of files that Croma reads.</summary>
public static class FuzzKinds
{
    private const int AtOnce = 1 << 12;

    /// <summary>The kinds, each with valid files; making them takes a second or two.</summary>
    public static IReadOnlyList<FuzzKind> All()
    {
        using var seeds = new FuzzSeeds();
        FuzzKind[] kinds =
        [
            new("safetensors", [FuzzFiles.Of("x.safetensors", FuzzSeeds.Safetensors())], Reading(path =>
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var tensor in file.Tensors) Touch(file, tensor);
            })),
            new("npy", [.. FuzzSeeds.Arrays().Select(a => FuzzFiles.Of("x.npy", a))], Reading(path =>
            {
                using var array = NpyReader.Open(path);
                ReadAll(array);
            })),
            new("npz", [FuzzFiles.Of("x.npz", FuzzSeeds.Archive())], Reading(path =>
            {
                using var archive = NpzFile.Open(path);
                foreach (var name in archive.Names)
                    using (var array = archive.Read(name)) ReadAll(array);
            })),
            new("labels", [FuzzFiles.Of("x.labels.csv", FuzzSeeds.Labels)], Checking),
            new("features", [FuzzFiles.Of("x.csv", FuzzSeeds.Features)], Checking),
            new("manifest", [FuzzSeeds.Manifest("m.csv", FuzzSeeds.ManifestTable), FuzzSeeds.Manifest("m.jsonl", FuzzSeeds.ManifestLines)], Checking),
            new("configuration", [FuzzFiles.Of("x.json", FuzzSeeds.Configuration)], Reading(path => ConfigurationFile.Read(path))),
            new("run", [FuzzFiles.Of("x.json", seeds.Run())], Reading(path => RunRecord.Read(path))),
            new("plan", [FuzzFiles.Of("x.json", seeds.Plan())], Reading(path => EpisodePlan.Read(path))),
            new("checkpoint", [FuzzFiles.Of("x.safetensors", seeds.Checkpoint())], Reading(path => TrainingPosition.Read(path))),
            new("model", [seeds.Model()], Reading(path =>
            {
                using var model = TrainedModel.Load(path);
            })),
            new("classifier", [FuzzFiles.Of("x.safetensors", seeds.Classifier())], Reading(path =>
            {
                using var classifier = FewShotClassifier.Load(path);
            })),
            new("index", [FuzzFiles.Of("x.safetensors", FuzzSeeds.Index())], Reading(path =>
            {
                using var index = EmbeddingIndex.Open(path);
                index.Check();
                if (index.Count > 0) index.Name(index.Count - 1);
            })),
            new("dataset", [seeds.Dataset(sequences: false), seeds.Dataset(sequences: true)], Reading(path =>
            {
                using var dataset = CrossModalDataset.Open(path);
                Touch(dataset.Source);
                Touch(dataset.Target);
            })),
        ];
        // whatever a file says it is, it goes through the check that finds out
        FuzzFiles[] all = [.. kinds.SelectMany(k => k.Seeds)];
        return [.. kinds, new FuzzKind("check", all, Checking)];
    }

    private static string? Checking(string path) => FormatCheck.Run(path).Findings is [var first, ..] ? first.ToString() : null;

    private static Func<string, string?> Reading(Action<string> read) => path =>
    {
        read(path);
        return null;
    };

    private static void Touch(SafetensorsFile file, SafetensorsTensor tensor)
    {
        if (tensor.Count == 0) return;
        switch (tensor.Type)
        {
            case SafetensorsType.F16: _ = file.Values<Half>(tensor, tensor.Count - 1, 1)[0]; break;
            case SafetensorsType.F32: _ = file.Values<float>(tensor, tensor.Count - 1, 1)[0]; break;
            case SafetensorsType.F64: _ = file.Values<double>(tensor, tensor.Count - 1, 1)[0]; break;
            case SafetensorsType.I32: _ = file.Values<int>(tensor, tensor.Count - 1, 1)[0]; break;
            case SafetensorsType.I64: _ = file.Values<long>(tensor, tensor.Count - 1, 1)[0]; break;
            default: _ = file.Values<byte>(tensor, tensor.Count - 1, 1)[0]; break;
        }
    }

    private static void Touch(ModalityData data)
    {
        for (var i = 0; i < data.Count; i++)
            _ = data.Kind switch
            {
                ModalityKind.Bytes => data.Contents.Bytes(i).Length,
                ModalityKind.Images => data.Contents.Pixels(i).Length,
                _ => data.Contents.Values(i).Length,
            };
    }

    private static void ReadAll(NpyReader array)
    {
        var values = new float[Math.Min(array.Count, AtOnce)];
        for (var left = array.Count; left > 0; left -= AtOnce) array.Read(values.AsSpan(0, (int)Math.Min(left, AtOnce)));
    }
}
