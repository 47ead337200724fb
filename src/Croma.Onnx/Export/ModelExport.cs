using System.Globalization;
using Croma.Checkpoints;
using Croma.Data.Formats;

namespace Croma.Onnx.Export;

/// <summary>What an exported encoder takes.</summary>
public enum ExportedInput
{
    /// <summary>`tokens` [N, steps], bytes of UTF-8 as 64-bit integers, and `lengths` [N], how many of them each text has.</summary>
    Text,

    /// <summary>`frames` [N, steps, numbers], and `lengths` [N], how many steps each sample has.</summary>
    Sequences,

    /// <summary>`frames` [N, steps, numbers], as many steps as in training.</summary>
    Clips,

    /// <summary>`pixels` [N, 3, height, width], (byte - 127.5) / 63.75.</summary>
    Images,

    /// <summary>`features` [N, numbers].</summary>
    Features,
}

/// <summary>
/// Writes a trained model as ONNX (opset 17): one of its encoders and its classifier, outputs `embedding` [N, dimension]
/// and `logits` [N, ways]. The network is told from the names and shapes of its parameters, so that no data set is needed.
/// </summary>
public static class ModelExport
{
    /// <summary>Writes the file.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="source">Whether the source encoder is meant; otherwise the target's.</param>
    /// <param name="path">The .onnx file, written whole or not at all.</param>
    /// <returns>What the model takes.</returns>
    /// <exception cref="CromaException">The folder holds no model, or a damaged one.</exception>
    public static ExportedInput Write(string folder, bool source, string path)
    {
        var info = ModelFolder.ReadInfo(folder);
        using var file = SafetensorsFile.Open(ModelFolder.WeightsFile(folder));
        var (graph, side) = (new OnnxGraph(), source ? "source" : "target");
        var isShared = file.Tensors.Any(t => t.Name.StartsWith("shared_encoder.", StringComparison.Ordinal));
        var network = new NetworkGraph(graph, new StoredWeights(file, isShared ? "shared_encoder" : side + "_encoder"));
        var (kind, embedding) = isShared ? new SharedGraph(network, side).Encode() : network.Encode();
        graph.AddAs("embedding", "Identity", [embedding]);
        graph.Output("embedding", -1, info.Configuration.Encoders.Dimension);
        var classifier = new NetworkGraph(graph, new StoredWeights(file, "classifier"));
        graph.AddAs("logits", "Identity", [classifier.Linear(graph.Add("Relu", ["embedding"]), "linear")]);
        graph.Output("logits", -1, info.Configuration.Training.Ways);
        AtomicFile.Write(path, graph.ToBytes(CromaVersion.Text,
        [
            ("method", info.Method), ("seed", info.Seed.ToString(CultureInfo.InvariantCulture)), ("dataset", info.Dataset), ("dataset_sha256", info.DatasetSha256),
            ("modality", side), ("input", kind.ToString()),
        ]));
        return kind;
    }
}
