using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>Files through a model.</summary>
public sealed class FeatureEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mean", 1)]
    [InlineData("mean", 4)]
    [InlineData("max", 3)]
    public void A_sound_s_features_are_pooled_over_its_patches(string pooling, int batch)
    {
        MediaFiles.RequireFFmpeg();
        using var model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.AudioModel(_folder.Path));
        var preprocessing = PreprocessingReader.Parse(MediaFiles.TinyAudio.Replace("\"maxSeconds\"", $"\"pooling\": \"{pooling}\", \"maxSeconds\"", StringComparison.Ordinal), "test");
        int[] lengths = [40, 3, 16, 25, 24];
        string[] files = [.. lengths.Select((length, i) => Write($"{i}.wav", MediaFiles.Wave(1000, MediaFiles.Noise((ulong)i, length))))];
        var encoded = new FeatureEncoder(model, preprocessing, batch).Encode([.. files.Select(file => new EncodingInput(file))], _folder["scratch"], TestContext.Current.CancellationToken);
        for (var i = 0; i < files.Length; i++)
        {
            float[] samples = [.. MediaFiles.Noise((ulong)i, lengths[i]).Select(s => (float)(Math.Round(32768 * s) / 32768))];
            float[][] patches = [.. preprocessing.Audio!.Apply(samples).Select(p => p.ToArray())];
            Assert.Equal(1 + Math.Max(0, (lengths[i] - 16) / 8), patches.Length);
            for (var n = 0; n < 6; n++) Assert.Equal(pooling == "max" ? patches.Max(p => p[n]) : patches.Average(p => p[n]), encoded[i].Features![n], 1e-5f);
        }
    }

    [Theory]
    [InlineData(-1, 3, 2)]
    [InlineData(-1, 3, 2, 1)]
    [InlineData(4, 1, 3, 2)]
    public void A_patch_has_the_shape_that_the_model_takes(params int[] shape)
    {
        MediaFiles.RequireFFmpeg();
        using var model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.AudioModel(_folder.Path, [.. shape.Select(d => (long)d)]));
        var encoder = new FeatureEncoder(model, PreprocessingReader.Parse(MediaFiles.TinyAudio, "test"), 2);
        Assert.Equal(6, encoder.Dimension);
        Assert.NotNull(encoder.Encode([new EncodingInput(Write("a.wav", MediaFiles.Wave(1000, MediaFiles.Noise(1, 100))))], _folder["scratch"], TestContext.Current.CancellationToken)[0].Features);
    }

    [Fact]
    public void A_model_of_a_fixed_batch_gets_that_many()
    {
        MediaFiles.RequireFFmpeg();
        using var model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.ImageModel(_folder.Path, batch: 2));
        string[] files = [.. Enumerable.Range(0, 3).Select(i => Write($"{i}.ppm", MediaFiles.Picture((byte)(10 * i), 5, 6)))];
        var encoded = new FeatureEncoder(model, PreprocessingReader.Parse(MediaFiles.TinyImage, "test"), 32).Encode([.. files.Select(file => new EncodingInput(file))], _folder["scratch"], TestContext.Current.CancellationToken);
        Assert.Equal([0, 5, 6, 10, 5, 6, 20, 5, 6], encoded.SelectMany(e => e.Features!));
    }

    [Fact]
    public void What_does_not_fit_is_an_error_before_any_file_is_read()
    {
        var (runtime, path) = (OnnxLibrary.Require(), MediaFiles.ImageModel(_folder.Path, pair: true));
        using var model = new OnnxModel(runtime, path);
        Assert.Contains("several outputs (other, more)", Error(MediaFiles.TinyImage), StringComparison.Ordinal);
        Assert.Contains("no output 'third'", Error(MediaFiles.TinyImage.Replace("{\"image", "{\"output\": \"third\", \"image", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("takes floats [any, 3, 2, 2], not", Error("""{"image": {"size": 5}, "output": "more"}"""), StringComparison.Ordinal);
        Assert.Contains("takes floats [any, 3, 2, 2], not", Error(MediaFiles.TinyAudio.Replace("{\"audio", "{\"output\": \"other\", \"audio", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(3, new FeatureEncoder(model, PreprocessingReader.Parse("""{"image": {"size": 2}, "output": "more"}""", "test"), 1).Dimension);

        string Error(string json) => Assert.Throws<OnnxException>(() => new FeatureEncoder(model, PreprocessingReader.Parse(json, "test"), 1)).Message;
    }

    [Fact]
    public void A_picture_that_is_a_line_is_refused()
    {
        var image = new ImagePreprocessing { Size = 224, Fit = ImageFit.Stretch };
        foreach (var (fit, width, height) in new[] { (ImageFit.Stretch, 1, 1_000_000), (ImageFit.Pad, 1_000_000, 1) })
            Assert.Contains("too unequal", Assert.Throws<CromaException>(() => (image with { Fit = fit }).Apply(new byte[3 * width * height], width, height)).Message, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }
}
