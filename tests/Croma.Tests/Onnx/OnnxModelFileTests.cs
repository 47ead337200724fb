using Croma.Compute;
using Croma.Data.Formats;
using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>A model's file comes from anyone.</summary>
public sealed class OnnxModelFileTests
{
    private static byte[] Sound
    {
        get
        {
            var graph = new OnnxGraph();
            graph.AddAs("y", "Transpose", [graph.Add("Relu", [graph.Input("x", -1, 2)])], ("perm", new long[] { 1, 0 }));
            graph.Constant([1f, 2]);
            graph.Output("y", 2, -1);
            return graph.ToBytes("test", [("key", "value")]);
        }
    }

    [Fact]
    public void A_sound_model_is_accepted() => OnnxModelFile.Check("model.onnx", Sound);

    // field 7 of the model: the graph; 5: an initialiser; 14: its data_location; 13: external_data
    [Theory]
    [InlineData(new byte[] { 0x3a, 4, 0x2a, 2, 0x70, 1 }, "takes weights from other files")]
    [InlineData(new byte[] { 0x3a, 4, 0x2a, 2, 0x6a, 0 }, "takes weights from other files")]
    // the same within a node's attribute, its subgraph, a sparse initialiser
    [InlineData(new byte[] { 0x3a, 8, 0x0a, 6, 0x2a, 4, 0x2a, 2, 0x70, 1 }, "takes weights from other files")]
    [InlineData(new byte[] { 0x3a, 10, 0x0a, 8, 0x2a, 6, 0x32, 4, 0x2a, 2, 0x70, 1 }, "takes weights from other files")]
    [InlineData(new byte[] { 0x3a, 6, 0x7a, 4, 0x0a, 2, 0x70, 1 }, "takes weights from other files")]
    [InlineData(new byte[] { 0x08, 8 }, "has no graph")]
    [InlineData(new byte[] { }, "has no graph")]
    [InlineData(new byte[] { 0x3a, 200, 0 }, "longer than what holds it")]
    [InlineData(new byte[] { 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 }, "longer than what holds it")]
    [InlineData(new byte[] { 0xff, 0xff }, "ends within a number")]
    [InlineData(new byte[] { 0x3b, 0 }, "no valid type")]
    [InlineData(new byte[] { 0x02, 0 }, "no valid number")]
    public void An_unsound_model_is_refused(byte[] bytes, string message) =>
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => OnnxModelFile.Check("model.onnx", bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void Graphs_within_graphs_end_somewhere()
    {
        // node, attribute, graph
        byte[] graph = [];
        for (var i = 0; i < 40; i++) graph = In(0x0a, In(0x2a, In(0x32, graph)));
        Assert.Contains("more than 16 deep", Assert.Throws<DataFormatException>(() => OnnxModelFile.Check("model.onnx", In(0x3a, graph))).Message, StringComparison.Ordinal);

        static byte[] In(byte key, byte[] content) => content.Length < 128 ? [key, (byte)content.Length, .. content] : [key, (byte)(content.Length | 128), (byte)(content.Length >> 7), .. content];
    }

    [Fact]
    public void Whatever_is_done_to_a_model_only_says_so()
    {
        var random = new CounterRandom(1, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Sound;
            for (var change = random.Next(4); change >= 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                OnnxModelFile.Check("model.onnx", bytes);
            }
            catch (DataFormatException e)
            {
                Assert.InRange(e.Offset, 0, bytes.Length);
            }
        }
    }
}
