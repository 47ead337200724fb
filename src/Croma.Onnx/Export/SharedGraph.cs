using Croma.Encoders;

namespace Croma.Onnx.Export;

/// <summary>One modality's way through an encoder that both share (<see cref="SharedEncoder"/>).</summary>
internal sealed class SharedGraph(NetworkGraph network, string side)
{
    public (ExportedInput Kind, string Embedding) Encode()
    {
        var (graph, weights) = (network.Graph, network.Weights);
        var (table, entry) = (side + ".embedding.weight", side + ".linear");
        var isSequence = weights.Has("lstm.forward.weight_ih");
        if (weights.Has(table)) return (ExportedInput.Text, network.Mlp(network.BothWays(network.Text(table))));
        var width = weights.Shape(weights.Has(entry + ".weight") ? entry + ".weight" : isSequence ? "lstm.forward.weight_ih" : "layer.0.weight").Rows;
        if (!isSequence) return (ExportedInput.Features, network.Mlp(Enter(graph.Input("features", -1, width))));
        var frames = network.Frames(width);
        return (ExportedInput.Sequences, network.Mlp(network.BothWays(frames with { Values = Enter(frames.Values) })));

        string Enter(string x)
        {
            if (!weights.Has(entry + ".weight")) return x;
            var (rows, columns) = weights.Shape(entry + ".weight");
            var product = graph.Add("MatMul", [x, graph.Constant(weights.Read(entry + ".weight"), rows, columns)]);
            return graph.Add("Add", [product, graph.Constant(weights.Read(entry + ".bias"), columns)]);
        }
    }
}
