namespace Croma.Onnx.Export;

/// <summary>An encoder of Croma as operators of ONNX, told from the names of its parameters.</summary>
internal sealed class NetworkGraph(OnnxGraph graph, StoredWeights weights)
{
    private const long ToInt32 = 6;

    public StoredWeights Weights => weights;

    public OnnxGraph Graph => graph;

    /// <summary>The whole encoder, from the model's inputs to its embedding.</summary>
    public (ExportedInput Kind, string Embedding) Encode()
    {
        if (weights.Has("conv.0.weight")) return new ConvGraph(this).Encode();
        if (weights.Has("embedding.weight")) return (ExportedInput.Text, Linear(BothWays(Text("embedding.weight")), "projection"));
        if (weights.Has("lstm.0.weight_ih")) return (ExportedInput.Sequences, Linear(Layers(), "projection"));
        return (ExportedInput.Features, Mlp(graph.Input("features", -1, weights.Shape("layer.0.weight").Rows)));
    }

    /// <summary>x [N, inputs] to [N, outputs].</summary>
    public string Linear(string x, string name)
    {
        var (rows, columns) = weights.Shape(name + ".weight");
        return graph.Add("Gemm", [x, graph.Constant(weights.Read(name + ".weight"), rows, columns), graph.Constant(weights.Read(name + ".bias"), columns)]);
    }

    /// <summary>Layers "layer.0" and so on, ReLU between them.</summary>
    public string Mlp(string x)
    {
        for (var i = 0; weights.Has($"layer.{i}.weight"); i++) x = Linear(i == 0 ? x : graph.Add("Relu", [x]), $"layer.{i}");
        return x;
    }

    /// <summary>Texts as vectors [steps, N, width], and their lengths.</summary>
    public Sequence Text(string table)
    {
        var (rows, columns) = weights.Shape(table);
        var (tokens, lengths) = (graph.IntegerInput("tokens", -1, -1), graph.IntegerInput("lengths", -1));
        var vectors = graph.Add("Gather", [graph.Constant(weights.Read(table), rows, columns), tokens], ("axis", 0L));
        return new Sequence(TimeFirst(vectors), lengths);
    }

    /// <summary>Frames [steps, N, width], and their lengths.</summary>
    public Sequence Frames(int width)
    {
        var (frames, lengths) = (graph.Input("frames", -1, -1, width), graph.IntegerInput("lengths", -1));
        return new Sequence(TimeFirst(frames), lengths);
    }

    /// <summary>An LSTM in each direction, the maximum over time: [N, 2 hidden].</summary>
    public string BothWays(Sequence x) => MaxOverTime(Lstm(x.Values, x.Lengths, "lstm.forward", "lstm.backward"), x.Lengths);

    private string Layers()
    {
        var x = Frames(weights.Shape("lstm.0.weight_ih").Rows);
        string values = x.Values, outputs = "";
        for (var i = 0; weights.Has($"lstm.{i}.weight_ih"); i++)
        {
            outputs = Lstm(values, x.Lengths, $"lstm.{i}");
            values = graph.Add("Squeeze", [outputs, graph.Constant(1)]);
        }
        return MaxOverTime(outputs, x.Lengths);
    }

    /// <summary>An LSTM in one direction, or one in each: [steps, directions, N, hidden].</summary>
    private string Lstm(string x, string lengths, params string[] directions)
    {
        var (inputs, hidden) = (weights.Shape(directions[0] + ".weight_ih").Rows, weights.Shape(directions[0] + ".weight_hh").Rows);
        var input = graph.Constant([.. directions.SelectMany(d => weights.ReadGates(d + ".weight_ih"))], directions.Length, 4 * hidden, inputs);
        var recurrent = graph.Constant([.. directions.SelectMany(d => weights.ReadGates(d + ".weight_hh"))], directions.Length, 4 * hidden, hidden);
        var bias = graph.Constant([.. directions.SelectMany(d => (float[])[.. weights.ReadGates(d + ".bias_ih"), .. weights.ReadGates(d + ".bias_hh")])], directions.Length, 8 * hidden);
        return graph.Add("LSTM", [x, input, recurrent, bias, graph.Add("Cast", [lengths], ("to", ToInt32))],
            ("hidden_size", (long)hidden), ("direction", directions.Length == 1 ? "forward" : "bidirectional"));
    }

    /// <summary>[steps, directions, N, hidden] to [N, directions * hidden], steps behind a sample's end left out.</summary>
    private string MaxOverTime(string y, string lengths)
    {
        var steps = graph.Add("Gather", [graph.Add("Shape", [y]), graph.Scalar(0)]);
        var step = graph.Add("Unsqueeze", [graph.Add("Range", [graph.Scalar(0), steps, graph.Scalar(1)]), graph.Constant(1, 2, 3)]);
        var isWithin = graph.Add("Less", [step, graph.Add("Unsqueeze", [lengths, graph.Constant(0, 1, 3)])]);
        var most = graph.Add("ReduceMax", [graph.Add("Where", [isWithin, y, graph.Constant([float.MinValue])])], ("axes", new long[] { 0 }), ("keepdims", 0L));
        return graph.Add("Flatten", [graph.Add("Transpose", [most], ("perm", new long[] { 1, 0, 2 }))], ("axis", 1L));
    }

    private string TimeFirst(string x) => graph.Add("Transpose", [x], ("perm", new long[] { 1, 0, 2 }));

    /// <summary>Vectors over time [steps, N, width], and how many steps each sample has [N].</summary>
    public readonly record struct Sequence(string Values, string Lengths);
}
