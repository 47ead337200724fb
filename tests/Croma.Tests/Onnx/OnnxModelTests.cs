using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>Models in ONNX Runtime.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_made_here_is_described_and_run()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), Write());
        var input = Assert.Single(model.Inputs);
        Assert.Equal(("x", true), (input.Name, input.IsFloat));
        Assert.Equal([-1L, 2], input.Shape);
        Assert.Equal(["y"], model.Outputs.Select(o => o.Name));
        // relu(x W + b) with W = [[1, 2, 3], [4, 5, 6]], b = [-10, 0, 10]
        var (values, shape) = model.Run([1, 2, -1, 0.5f], [2, 2], "y");
        Assert.Equal([2L, 3], shape);
        Assert.Equal([0, 12, 25, 0, 0.5f, 10], values);
    }

    [Fact]
    public void One_model_answers_many_threads_alike()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), Write());
        Parallel.For(0, 64, i => Assert.Equal([Math.Max(0, i - 10), 2 * i, 3 * i + 10], model.Run([i, 0], [1, 2], "y").Values));
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, 6, "takes floats [any, 2], not 6 numbers as [2, 3]")]
    [InlineData(new long[] { 3, 2 }, 4, "not 4 numbers as [3, 2]")]
    [InlineData(new long[] { 0, 2 }, 0, "not 0 numbers as [0, 2]")]
    [InlineData(new long[] { 4611686018427387904, 2 }, 4, "not 4 numbers")]
    public void What_does_not_fit_is_refused(long[] shape, int count, string message)
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), Write());
        Assert.Contains(message, Assert.Throws<OnnxException>(() => model.Run(new float[count], shape, "y")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_not_there_is_refused()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), Write());
        Assert.Contains("no output 'z': it has y", Assert.Throws<OnnxException>(() => model.Run([1, 2], [1, 2], "z")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_the_runtime_refuses_is_one_line_with_its_reason()
    {
        var graph = new OnnxGraph();
        graph.AddAs("y", "NoSuchOperator", [graph.Input("x", -1, 2)]);
        graph.Output("y", -1, 2);
        File.WriteAllBytes(_folder["bad.onnx"], graph.ToBytes("test", []));
        var message = Assert.Throws<OnnxException>(() => new OnnxModel(OnnxLibrary.Require(), _folder["bad.onnx"])).Message;
        Assert.Contains("NoSuchOperator", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_run_that_takes_too_long_is_stopped()
    {
        var graph = new OnnxGraph();
        var (x, weight) = (graph.Input("x", -1, 400), graph.Constant(new float[400 * 400], 400, 400));
        for (var i = 0; i < 2000; i++) x = graph.Add("MatMul", [x, weight]);
        graph.AddAs("y", "Identity", [x]);
        graph.Output("y", -1, 400);
        File.WriteAllBytes(_folder["long.onnx"], graph.ToBytes("test", []));
        using var model = new OnnxModel(OnnxLibrary.Require(), _folder["long.onnx"]) { Time = TimeSpan.FromMilliseconds(20) };
        var error = Assert.Throws<OnnxException>(() => model.Run(new float[4000 * 400], [4000, 400], "y")).Message;
        Assert.Contains("took longer than 0.02 s and was stopped", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        using var patient = new OnnxModel(OnnxLibrary.Require(), _folder["long.onnx"]);
        Assert.Equal(400, patient.Run(new float[400], [1, 400], "y").Values.Length);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("secret.bin")]
    public void Weights_outside_the_file_are_not_read(string location)
    {
        File.WriteAllBytes(_folder["secret.bin"], new byte[8]);
        Directory.CreateDirectory(_folder["models"]);
        // a tensor of two floats with data_location 1 and external_data { location }
        byte[] name = [.. "location"u8], place = System.Text.Encoding.UTF8.GetBytes(location);
        byte[] entry = [0x0a, (byte)name.Length, .. name, 0x12, (byte)place.Length, .. place];
        byte[] tensor = [0x08, 2, 0x10, 1, 0x42, 1, (byte)'w', 0x6a, (byte)entry.Length, .. entry, 0x70, 1];
        byte[] graph = [0x2a, (byte)tensor.Length, .. tensor];
        File.WriteAllBytes(_folder["models/m.onnx"], [0x08, 8, 0x3a, (byte)graph.Length, .. graph]);
        Assert.Contains("takes weights from other files", Assert.ThrowsAny<CromaException>(() => new OnnxModel(OnnxLibrary.Require(), _folder["models/m.onnx"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_not_there_or_another_is_one_line()
    {
        Assert.Contains("There is no ONNX Runtime library", Assert.Throws<OnnxException>(() => OnnxRuntime.Load(_folder["libonnxruntime.so"])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["text.so"], "no library");
        Assert.Contains("cannot be loaded", Assert.Throws<OnnxException>(() => OnnxRuntime.Load(_folder["text.so"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pretrained_encoders_give_their_published_figures()
    {
        var runtime = OnnxLibrary.Require();
        using var audio = new OnnxModel(runtime, OnnxLibrary.RequireShared("data/encoders/yamnet.onnx"));
        var patch = new float[96 * 64];
        Array.Fill(patch, MathF.Log(0.001f));
        Assert.Equal(24.983, audio.Run(patch, [1, 1, 96, 64], "embedding").Values.Sum(), 0.001);
        var scores = audio.Run(patch, [1, 1, 96, 64], "scores").Values;
        Assert.Equal((494, 0.78932), (scores.IndexOf(scores.Max()), Math.Round(scores.Max(), 5)));

        using var image = new OnnxModel(runtime, OnnxLibrary.RequireShared("data/encoders/mobilenet-v2.onnx"));
        var embedding = image.Run(new float[3 * 224 * 224], [1, 3, 224, 224], "embedding").Values;
        Assert.Equal((0.00778, 0.02472), (Math.Round(embedding[0], 5), Math.Round(embedding[1], 5)));
        Assert.Equal(129.281, embedding.Sum(), 0.001);
    }

    private string Write() => Write(_folder["model.onnx"]);

    /// <summary>Writes relu(x W + b).</summary>
    internal static string Write(string path)
    {
        var graph = new OnnxGraph();
        var sum = graph.Add("Gemm", [graph.Input("x", -1, 2), graph.Constant([1f, 2, 3, 4, 5, 6], 2, 3), graph.Constant([-10f, 0, 10], 3)]);
        graph.AddAs("y", "Relu", [sum]);
        graph.Output("y", -1, 3);
        File.WriteAllBytes(path, graph.ToBytes("test", [("made by", "a test")]));
        return path;
    }
}
