using Croma.Datasets.Speech;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>Descriptions of preprocessings are read strictly.</summary>
public sealed class PreprocessingFileTests
{
    private const string Audio = """{"audio": {"rate": 16000, "window": 400, "hop": 160, "transform": 512, "bands": 64, "lowest": 125, "highest": 7500, "floor": 0.001, "patch": 96 MORE}}""";

    [Fact]
    public void The_built_in_ones_are_those_of_their_encoders()
    {
        var image = EncoderPreprocessing.Read("mobilenet-v2").Image!;
        Assert.Equal((224, ImageFit.Crop, 0.875, ResampleFilter.Bilinear, true), (image.Size, image.Fit, image.CropShare, image.Filter, image.ColoursFirst));
        var audio = EncoderPreprocessing.Read("yamnet").Audio!;
        Assert.Equal((96, 48, TimePooling.Mean, MelSpectrum.Magnitude, MelTriangles.Mel), (audio.Patch, audio.PatchHop, audio.Pooling, audio.Frames.Spectrum, audio.Frames.Triangles));
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var read = PreprocessingReader.Parse("""{"image": {"size": 32, "fit": "pad", "filter": "bicubic", "mean": [1, 2, 3.5], "std": [4, 5, 6], "layout": "nhwc"}, "output": "pool"}""", "x.json");
        Assert.Equal("pool", read.Output);
        Assert.Equal((32, ImageFit.Pad, ResampleFilter.Bicubic, false), (read.Image!.Size, read.Image.Fit, read.Image.Filter, read.Image.ColoursFirst));
        Assert.Equal([1, 2, 3.5, 4, 5, 6], read.Image.Mean.Concat(read.Image.Deviation));
        var audio = PreprocessingReader.Parse(Audio.Replace("MORE", """, "patchHop": 10, "pooling": "max", "maxSeconds": 3.5, "spectrum": "power", "triangles": "hertz" """, StringComparison.Ordinal), "x.json").Audio!;
        Assert.Equal((10, TimePooling.Max, 3.5), (audio.PatchHop, audio.Pooling, audio.MostSeconds));
        Assert.Equal(96, PreprocessingReader.Parse(Audio.Replace("MORE", "", StringComparison.Ordinal), "x.json").Audio!.PatchHop);
    }

    [Theory]
    [InlineData("nothing", "x.json, line 1: this is not JSON")]
    [InlineData("[]", "a preprocessing is a JSON object")]
    [InlineData("{}", "give one of the sections 'image', 'audio' and 'text'")]
    [InlineData("""{"image": {"size": 1}, "audio": {}}""", "give one of the sections 'image', 'audio' and 'text'")]
    [InlineData("""{"audio": {}}""", "'audio.rate' is missing")]
    [InlineData("""{"imge": {}}""", "there is no setting 'imge'; did you mean 'image'?")]
    [InlineData("""{"image": 3}""", "'image' is a section")]
    [InlineData("""{"image": {}}""", "'image.size' is missing")]
    [InlineData("""{"image": {"size": null}}""", "'image.size' is null")]
    [InlineData("""{"image": {"size": 2, "size": 3}}""", "this is not JSON")]
    [InlineData("""{"image": {"size": 2.5}}""", "'image.size' is a whole number from 1 to 4096")]
    [InlineData("""{"image": {"size": "2"}}""", "'image.size' is a whole number")]
    [InlineData("""{"image": {"size": 1e400}}""", "'image.size' is a whole number")]
    [InlineData("""{"image": {"size": 2, "szie": 3}}""", "there is no setting 'image.szie'; did you mean 'size'?")]
    [InlineData("""{"image": {"size": 2, "fit": "squash"}}""", "'image.fit' is one of stretch, crop, pad, not 'squash'")]
    [InlineData("""{"image": {"size": 2, "crop": 1.5}}""", "'image.crop' is a number from 0.001 to 1")]
    [InlineData("""{"image": {"size": 2, "fit": "pad", "crop": 0.5}}""", "'image.crop' has a meaning only where")]
    [InlineData("""{"image": {"size": 2, "mean": [1, 2]}}""", "'image.mean' is a list of 3 numbers")]
    [InlineData("""{"image": {"size": 2, "std": [1, 0, 1]}}""", "'image.std' is a list of 3 numbers")]
    [InlineData("""{"image": {"size": 2, "layout": "CHWN"}}""", "'image.layout' is one of nchw, nhwc")]
    [InlineData("""{"image": {"size": 2}, "output": 3}""", "'output' is a text")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt"}}""", "'text.tokenizer' is a file beside the description, which is none")]
    [InlineData("""{"audio": {"rate": 16000, "window": 400, "hop": 160, "transform": 399, "bands": 64, "lowest": 125, "highest": 7500, "floor": 0.001, "patch": 96}}""", "'audio.transform' is an even number of points")]
    [InlineData("""{"audio": {"rate": 8000, "window": 400, "hop": 160, "transform": 512, "bands": 64, "lowest": 125, "highest": 7500, "floor": 0.001, "patch": 96}}""", "'audio.highest' lies above 'lowest' and at most at half of 'rate'")]
    [InlineData("""{"audio": {"rate": 16000, "window": 400, "hop": 160, "transform": 512, "bands": 4096, "lowest": 125, "highest": 7500, "floor": 0.001, "patch": 65536}}""", "'audio.patch' is too large")]
    public void What_is_wrong_is_one_line(string json, string message)
    {
        var error = Assert.Throws<CromaException>(() => PreprocessingReader.Parse(json, "x.json")).Message;
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void A_name_that_is_neither_built_in_nor_a_file_is_one_line() =>
        Assert.Contains("There is no preprocessing 'yamnett': give mobilenet-v2 or yamnet, or a JSON file", Assert.Throws<CromaException>(() => EncoderPreprocessing.Read("yamnett")).Message, StringComparison.Ordinal);
}
