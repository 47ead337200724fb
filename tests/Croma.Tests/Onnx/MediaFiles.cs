using System.Text;
using Croma.Compute;
using Croma.Datasets;
using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>Small pictures and sounds, and models for them.</summary>
internal static class MediaFiles
{
    /// <summary>Patches of 3 frames of 2 bands, at a rate that makes small files.</summary>
    public const string TinyAudio = """{"audio": {"rate": 1000, "window": 8, "hop": 4, "transform": 8, "bands": 2, "lowest": 0, "highest": 500, "floor": 0.001, "patch": 3, "patchHop": 2, "maxSeconds": 2}}""";

    /// <summary>The bytes of 2 x 2 pixels as they are.</summary>
    public const string TinyImage = """{"image": {"size": 2, "fit": "stretch", "mean": [0, 0, 0], "std": [1, 1, 1]}}""";

    public static bool HasFFmpeg => FFmpeg.Version(TestContext.Current.CancellationToken) != null;

    public static void RequireFFmpeg() => Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) == null, "ffmpeg is not installed here");

    /// <summary>16-bit sound of one channel.</summary>
    public static byte[] Wave(int rate, IEnumerable<double> samples) =>
        Wave(rate, [.. samples.SelectMany(s => BitConverter.GetBytes((short)Math.Round(32768 * Math.Clamp(s, -1, 0.9999))))], isFloat: false);

    /// <summary>Sound of one channel as floats, to the bit.</summary>
    public static byte[] FloatWave(int rate, IEnumerable<float> samples) => Wave(rate, [.. samples.SelectMany(BitConverter.GetBytes)], isFloat: true);

    private static byte[] Wave(int rate, byte[] data, bool isFloat)
    {
        var bytes = isFloat ? sizeof(float) : sizeof(short);
        return [.. "RIFF"u8, .. BitConverter.GetBytes(36 + data.Length), .. "WAVEfmt "u8, .. BitConverter.GetBytes(16), (byte)(isFloat ? 3 : 1), 0, 1, 0,
            .. BitConverter.GetBytes(rate), .. BitConverter.GetBytes(bytes * rate), (byte)bytes, 0, (byte)(8 * bytes), 0, .. "data"u8, .. BitConverter.GetBytes(data.Length), .. data];
    }

    public static IEnumerable<double> Noise(ulong seed, int samples)
    {
        var random = new CounterRandom(seed, 3);
        return Enumerable.Range(0, samples).Select(_ => random.Next(-0.5, 0.5));
    }

    /// <summary>A picture of one colour.</summary>
    public static byte[] Picture(byte red, byte green, byte blue, int width = 2, int height = 2) =>
        [.. Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"), .. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })];

    /// <summary>`embedding`: the mean of each colour. `pair` has two outputs, `other` and `more`.</summary>
    public static string ImageModel(string folder, long batch = -1, bool pair = false)
    {
        var graph = new OnnxGraph();
        var mean = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [graph.Input("pixels", batch, 3, 2, 2)])], ("axis", 1L));
        foreach (var name in pair ? (string[])["other", "more"] : ["embedding"])
        {
            graph.AddAs(name, "Identity", [mean]);
            graph.Output(name, batch, 3);
        }
        return Write(folder, "image.onnx", graph);
    }

    /// <summary>A small file whose run wants 805 MB for each picture.</summary>
    public static string GreedyImageModel(string folder)
    {
        var graph = new OnnxGraph();
        var mean = graph.Add("GlobalAveragePool", [graph.Input("pixels", -1, 3, 2, 2)]);
        graph.AddAs("embedding", "Flatten", [graph.Add("GlobalMaxPool", [graph.Add("Expand", [mean, graph.Constant(1, 3, 8192, 8192)])])], ("axis", 1L));
        graph.Output("embedding", -1, 3);
        return Write(folder, "greedy.onnx", graph);
    }

    /// <summary>A patch's numbers as they are.</summary>
    public static string AudioModel(string folder, params long[] shape)
    {
        var graph = new OnnxGraph();
        graph.AddAs("numbers", "Flatten", [graph.Input("patches", shape.Length > 0 ? shape : [-1, 1, 3, 2])], ("axis", 1L));
        graph.Output("numbers", -1, 6);
        return Write(folder, "audio.onnx", graph);
    }

    private static string Write(string folder, string name, OnnxGraph graph)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, graph.ToBytes("test", []));
        return path;
    }
}
