using System.Text.Json;
using System.Text.Json.Nodes;
using Croma.Datasets.Speech;

namespace Croma.Onnx.Preprocessing;

/// <summary>Reads the description of a preprocessing.</summary>
internal static class PreprocessingReader
{
    // pixels a side, samples, bands, tokens: more would only be a way to use up the memory
    private const int MostSide = 4096, MostSamples = 1 << 20, MostBands = 4096, MostFrames = 1 << 16, MostTokens = 1 << 14;

    /// <param name="json">The description.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="folder">Where the files lie that it names; null: it may name none.</param>
    public static EncoderPreprocessing Parse(string json, string name, string? folder = null)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new CromaException($"{name}, line {e.LineNumber + 1}: this is not JSON.", e);
        }
        if (node is not JsonObject given) throw new CromaException($"{name}: a preprocessing is a JSON object, {{ ... }}.");
        var root = new StrictJson(given, name, "");
        var (image, audio, text, output) = (root.Section("image"), root.Section("audio"), root.Section("text"), root.Text("output", null));
        root.Finish();
        if (new[] { image, audio, text }.Count(section => section != null) != 1) throw new CromaException($"{name}: give one of the sections 'image', 'audio' and 'text'.");
        var texts = text == null ? null : Text(text, folder ?? throw text.Error("tokenizer", "is a file beside the description, which is none"));
        return new EncoderPreprocessing
        {
            Name = name,
            Image = image == null ? null : Image(image),
            Audio = audio == null ? null : Audio(audio),
            Text = texts,
            Output = output,
            Json = given.ToJsonString() + texts?.Tokenizer.Sha256,
        };
    }

    private static ImagePreprocessing Image(StrictJson json)
    {
        var image = new ImagePreprocessing
        {
            Size = json.Whole("size", null, 1, MostSide),
            Fit = json.Choice("fit", ImageFit.Crop),
            CropShare = json.Number("crop", 1, 1e-3, 1),
            Filter = json.Choice("filter", ResampleFilter.Bilinear),
            Mean = json.Numbers("mean", [128, 128, 128], -1e6, 1e6),
            Deviation = json.Numbers("std", [128, 128, 128], 1e-6, 1e6),
            ColoursFirst = json.Choice("layout", ImageLayout.Nchw) == ImageLayout.Nchw,
        };
        json.Finish();
        if (image.Fit != ImageFit.Crop && image.CropShare < 1) throw json.Error("crop", "has a meaning only where 'fit' is \"crop\"");
        return image;
    }

    private static AudioPreprocessing Audio(StrictJson json)
    {
        var frames = new LogMelOptions
        {
            Rate = json.Whole("rate", null, 1000, 192_000),
            Window = json.Whole("window", null, 1, MostSamples),
            Hop = json.Whole("hop", null, 1, MostSamples),
            Transform = json.Whole("transform", null, 2, MostSamples),
            Bands = json.Whole("bands", null, 1, MostBands),
            Lowest = json.Number("lowest", null, 0, 96_000),
            Highest = json.Number("highest", null, 0, 96_000),
            Spectrum = json.Choice("spectrum", MelSpectrum.Power),
            Triangles = json.Choice("triangles", MelTriangles.Hertz),
            Floor = json.Number("floor", null, 1e-30, 1e6),
        };
        var patch = json.Whole("patch", null, 1, MostFrames);
        var audio = new AudioPreprocessing
        {
            Frames = frames,
            Patch = patch,
            PatchHop = json.Whole("patchHop", patch, 1, MostFrames),
            Pooling = json.Choice("pooling", TimePooling.Mean),
            MostSeconds = json.Number("maxSeconds", 600, 0.001, 36_000),
        };
        json.Finish();
        if (frames.Transform % 2 != 0 || frames.Transform < frames.Window) throw json.Error("transform", "is an even number of points, at least as many as 'window'");
        if (frames.Highest <= frames.Lowest || frames.Highest > frames.Rate / 2.0) throw json.Error("highest", "lies above 'lowest' and at most at half of 'rate'");
        if ((long)frames.Bands * patch > 1 << 24 || (long)patch * frames.Hop > 1 << 28) throw json.Error("patch", "is too large");
        if (frames.Rate * audio.MostSeconds > 1 << 28) throw json.Error("maxSeconds", "is too long for this rate");
        return audio;
    }

    private static TextPreprocessing Text(StrictJson json, string folder)
    {
        var (file, merges) = (json.Text("tokenizer", null) ?? throw json.Error("tokenizer", "is missing"), json.Text("merges", null));
        var options = new TokenizerOptions(json.Flag("lowercase", true), json.Text("begin", null), json.Text("end", null), json.Text("padding", null));
        var text = new TextPreprocessing
        {
            Tokenizer = TextTokenizer.Open(folder, file, merges, options, json.Error),
            MostTokens = json.Whole("maxTokens", 128, 1, MostTokens),
            Pooling = json.Choice("pooling", TextPooling.Mean),
        };
        json.Finish();
        return text.Tokenizer.Added < text.MostTokens ? text : throw json.Error("maxTokens", $"leaves no room for words beside the {text.Tokenizer.Added} tokens that begin and end a text");
    }

    private enum ImageLayout
    {
        Nchw,
        Nhwc,
    }
}
