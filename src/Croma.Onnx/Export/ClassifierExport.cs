using System.Globalization;
using Croma.Baselines;
using Croma.Classification;
using Croma.Data.Formats;

namespace Croma.Onnx.Export;

/// <summary>
/// Writes a few-shot classifier as ONNX (opset 17), outputs `embedding` [N, dimension], `logits` [N, classes] and
/// `probabilities` [N, classes], softmax(logits / temperature). Its metadata names the classes, one a line.
/// </summary>
public static class ClassifierExport
{
    // what stands under a division by a length that may be zero
    private const float Tiny = 1e-30f;

    /// <summary>Writes the file.</summary>
    /// <param name="classifier">The classifier's file.</param>
    /// <param name="path">The .onnx file, written whole or not at all.</param>
    /// <returns>What the model takes.</returns>
    /// <exception cref="CromaException">There is no classifier, or a damaged one.</exception>
    public static ExportedInput Write(string classifier, string path)
    {
        // read by the program's own reader first, which says what is wrong with a file
        using var made = FewShotClassifier.Load(classifier);
        using var file = SafetensorsFile.Open(classifier);
        var (graph, model) = (new OnnxGraph(), made.Model);
        var network = new NetworkGraph(graph, new StoredWeights(file, "target_encoder"));
        var isShared = Networks.Create(model.Method, model.Configuration, model.Source!, model.Target!).IsShared;
        var (kind, embedding) = isShared ? new SharedGraph(network, "target").Encode() : network.Encode();
        graph.AddAs("embedding", "Identity", [embedding]);
        var (ways, d) = (made.Classes.Count, model.Configuration.Encoders.Dimension);
        graph.Output("embedding", -1, d);
        var (weights, biases) = (Values(file, "head.weights"), Values(file, "head.biases"));
        graph.AddAs("logits", "Gemm", [made.IsFineTuned ? graph.Add("Relu", ["embedding"]) : Placed(graph, Values(file, "centre")), graph.Constant(weights, ways, d), graph.Constant(biases, ways)], ("transB", 1L));
        graph.Output("logits", -1, ways);
        graph.AddAs("probabilities", "Softmax", [graph.Add("Div", ["logits", graph.Constant([(float)made.Temperature], 1)])], ("axis", 1L));
        graph.Output("probabilities", -1, ways);
        AtomicFile.Write(path, graph.ToBytes(CromaVersion.Text,
        [
            ("method", model.Method), ("head", made.Head), ("dataset", model.Dataset), ("dataset_sha256", model.DatasetSha256), ("modality", "target"), ("input", kind.ToString()),
            ("seed", model.Seed.ToString(CultureInfo.InvariantCulture)), ("classes", string.Join('\n', made.Classes)),
        ]));
        return kind;
    }

    /// <summary>Embeddings less the centre, at length 1.</summary>
    private static string Placed(OnnxGraph graph, float[] centre)
    {
        var moved = graph.Add("Sub", ["embedding", graph.Constant(centre, centre.Length)]);
        var length = graph.Add("Max", [graph.Add("ReduceL2", [moved], ("axes", new long[] { 1 }), ("keepdims", 1L)), graph.Constant([Tiny], 1)]);
        return graph.Add("Div", [moved, length]);
    }

    private static float[] Values(SafetensorsFile file, string name) => [.. file.Values<double>(file.Find(name)!).ToArray().Select(v => (float)v)];
}
