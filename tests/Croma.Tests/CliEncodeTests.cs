using Croma.Data.Formats;
using Croma.Tests.Onnx;

namespace Croma.Tests;

/// <summary>`croma encode` and `croma export` as a user starts them.</summary>
public sealed class CliEncodeTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public CliEncodeTests()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        for (var i = 0; i < 3; i++) File.WriteAllBytes(_folder[$"pictures/{i}.ppm"], MediaFiles.Picture((byte)i, 1, 2));
        File.WriteAllText(_folder["tiny.pre.json"], MediaFiles.TinyImage);
        MediaFiles.ImageModel(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_are_encoded_and_told_of_in_JSON()
    {
        Require();
        File.WriteAllText(_folder["pictures/notes.txt"], "");
        var result = await Encode("pictures", "--out", "out.safetensors", "--quiet", "--json", "-");
        Assert.Equal((0, "croma: not encoded, as their names do not end as those of pictures do: pictures/notes.txt\n"), (result.Code, result.Error));
        Assert.Equal((3, 3, 3), (result.Json.GetProperty("inputs").GetInt32(), result.Json.GetProperty("encoded").GetInt32(), result.Json.GetProperty("dimension").GetInt32()));
        Assert.Equal("out.safetensors", result.Json.GetProperty("out").GetString());
        Assert.Equal("row,name\n0,pictures/0.ppm\n1,pictures/1.ppm\n2,pictures/2.ppm\n", await File.ReadAllTextAsync(_folder["out.names.csv"], TestContext.Current.CancellationToken));
        using var file = SafetensorsFile.Open(_folder["out.safetensors"]);
        Assert.Equal([0, 1, 2, 1, 1, 2, 2, 1, 2], file.Values<float>(file.Require("features", SafetensorsType.F32, 2)).ToArray());
    }

    [Fact]
    public async Task A_model_whose_run_wants_more_than_half_of_the_memory_is_stopped()
    {
        Require();
        MediaFiles.GreedyImageModel(_folder.Path);
        var result = await CliProcess.RunWith("DOTNET_GCHeapHardLimit=0x18000000", _folder.Path, "encode", "pictures/0.ppm", "--model", "greedy.onnx", "--preprocess", "tiny.pre.json", "--out", "out.safetensors", "--quiet");
        Assert.Contains("memory", result.RequireOneLineOfError(), StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(_folder["out.safetensors"]));
    }

    [Fact]
    public async Task A_broken_file_is_named_and_fails_the_job_or_is_left_out()
    {
        Require();
        await File.WriteAllTextAsync(_folder["pictures/1.ppm"], "no picture", TestContext.Current.CancellationToken);
        var failed = await Encode("pictures", "--out", "out.safetensors", "--quiet", "--json", "-");
        Assert.Equal(2, failed.Code);
        Assert.StartsWith("croma: pictures/1.ppm: it is no picture in a format that is read here (PNG,", failed.Error, StringComparison.Ordinal);
        Assert.Equal("pictures/1.ppm", failed.Json.GetProperty("failed")[0].GetProperty("path").GetString());
        Assert.False(File.Exists(_folder["out.safetensors"]));

        var skipped = await Encode("pictures", "--out", "out.safetensors", "--quiet", "--on-error", "skip");
        Assert.Equal((0, "out.safetensors: 2 rows of 3 numbers; their paths are in out.names.csv\nleft out: 1 of 3 files\n"), (skipped.Code, skipped.Out));
        Assert.StartsWith("croma: pictures/1.ppm: ", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_a_table_are_encoded()
    {
        OnnxLibrary.Require();
        TextFiles.Model(_folder.Path);
        await File.WriteAllTextAsync(_folder["vocab.txt"], TextFiles.WordPiece, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["text.pre.json"], """{"text": {"tokenizer": "vocab.txt"}}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["titles.csv"], "name,label,text\na,x,the cat\nb,y,the\n", TestContext.Current.CancellationToken);
        var result = await _folder.Run("encode", "titles.csv", "--model", "text.onnx", "--preprocess", "text.pre.json", "--out", "out.safetensors", "--quiet", "--json", "-");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(2, result.Json.GetProperty("encoded").GetInt32());
        Assert.Equal("row,name\n0,a\n1,b\n", await File.ReadAllTextAsync(_folder["out.names.csv"], TestContext.Current.CancellationToken));
        using var file = SafetensorsFile.Open(_folder["out.safetensors"]);
        Assert.Equal([4, 18.5f, 10 / 3f, 38 / 3f], file.Values<float>(file.Require("features", SafetensorsType.F32, 2)).ToArray());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task An_interrupted_run_is_gone_on_with_to_the_same_bytes(string signal)
    {
        Require();
        for (var i = 0; i < 600; i++) await File.WriteAllBytesAsync(_folder[$"pictures/{i:000}.ppm"], MediaFiles.Picture((byte)i, (byte)(i / 256), 2), TestContext.Current.CancellationToken);
        string[] arguments = ["encode", "pictures", "--model", "image.onnx", "--preprocess", "tiny.pre.json", "--threads", "1"];
        using (var process = CliProcess.Start(_folder.Path, [.. arguments, "--out", "out.safetensors"]))
        {
            await process.FirstError;
            process.Signal(signal);
            await process.End();
        }
        foreach (var name in (string[])["out", "whole"])
        {
            if (File.Exists(_folder[name + ".safetensors"])) continue;
            Assert.Equal(0, (await _folder.Run([.. arguments, "--quiet", "--out", name + ".safetensors"])).Code);
        }
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.safetensors"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["out.safetensors"], TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_folder["out.safetensors.partial"]));
    }

    [Fact]
    public async Task A_trained_model_is_exported()
    {
        await _folder.Train("model", "sequences");
        var result = await _folder.Run("export", "--model", "model", "--onnx", "model.onnx");
        Assert.Equal((0, "model.onnx: the target encoder (Sequences) and the classifier of model\n", ""), (result.Code, result.Out, result.Error));
        var source = await _folder.Run("export", "--model", "model", "--onnx", "source.onnx", "--modality", "source", "--json", "-");
        Assert.Equal("Text", source.Json.GetProperty("input").GetString());
        using var model = new Croma.Onnx.OnnxModel(OnnxLibrary.Require(), _folder["source.onnx"]);
        Assert.Equal(["tokens", "lengths"], model.Inputs.Select(i => i.Name));
    }

    [Theory]
    [InlineData("encode pictures --model image.onnx --preprocess tiny.pre.json --out out.npy --onnxruntime nowhere.so", "no ONNX Runtime library 'nowhere.so'")]
    [InlineData("encode pictures --model image.onnx --preprocess mobilenet --out out.safetensors", "no preprocessing 'mobilenet': give mobilenet-v2 or yamnet, or a JSON file")]
    [InlineData("encode pictures --model image.onnx --preprocess tiny.pre.json --out out.safetensors --shard 3/2", "--shard takes I/N")]
    [InlineData("encode pictures --model image.onnx --preprocess tiny.pre.json --out out.safetensors --batch 0", "--batch takes a whole number from 1 to 4096")]
    [InlineData("encode pictures --model image.onnx --preprocess tiny.pre.json --out out.safetensors --on-error skpi", "--on-error cannot be 'skpi'; did you mean 'skip'?")]
    [InlineData("encode @nowhere --model image.onnx --preprocess tiny.pre.json --out out.safetensors", "no list 'nowhere'")]
    [InlineData("encode --model image.onnx --preprocess tiny.pre.json --out out.safetensors", "INPUTS")]
    [InlineData("export --model nowhere --onnx x.onnx", "'nowhere' holds no model")]
    [InlineData("export --model model --onnx x.onnx --modality targte", "no modality 'targte'; did you mean 'target'?")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string arguments, string message) =>
        Assert.Contains(message, (await _folder.Run(arguments.Split(' '))).RequireOneLineOfError(), StringComparison.Ordinal);

    [Fact]
    public async Task A_model_that_is_none_or_does_not_fit_is_one_line()
    {
        Require();
        Assert.Contains("this is no ONNX model", (await _folder.Run("encode", "pictures", "--model", "tiny.pre.json", "--preprocess", "tiny.pre.json", "--out", "x.safetensors")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("There is no ONNX model 'none.onnx'", (await _folder.Run("encode", "pictures", "--model", "none.onnx", "--preprocess", "tiny.pre.json", "--out", "x.safetensors")).RequireOneLineOfError(), StringComparison.Ordinal);
        Assert.Contains("takes floats [any, 3, 2, 2]", (await _folder.Run("encode", "pictures", "--model", "image.onnx", "--preprocess", "mobilenet-v2", "--out", "x.safetensors")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    private static void Require()
    {
        OnnxLibrary.Require();
        MediaFiles.RequireFFmpeg();
    }

    private Task<CliResult> Encode(params IEnumerable<string> more) => _folder.Run(["encode", "--model", "image.onnx", "--preprocess", "tiny.pre.json", .. more]);
}
