using System.CommandLine;
using System.Security.Cryptography;
using Croma.Datasets.CifarEsc50;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Cli;

/// <summary>Options that have the recipe `cifar-esc50` store features of encoders trained elsewhere.</summary>
internal sealed class PretrainedEncoders
{
    // pictures, or patches of sound, that a model is given at a time
    private const int Batch = 16;

    private readonly Option<string?> _images = new("--image-model") { Description = $"{CifarEsc50Recipe.Name}: MobileNetV2 as ONNX; with --audio-model, the data set has the two models' features.", HelpName = "FILE" };
    private readonly Option<string?> _audio = new("--audio-model") { Description = $"{CifarEsc50Recipe.Name}: YAMNet as ONNX.", HelpName = "FILE" };
    private readonly Option<string?> _library = OnnxLibrary.CreateOption();

    public IEnumerable<Option> Options => [_images, _audio, _library];

    /// <summary>Whether features are asked for.</summary>
    /// <exception cref="CromaException">One model is given without the other.</exception>
    public bool AreAskedFor(ParseResult parsed)
    {
        var (images, audio) = (parsed.GetValue(_images), parsed.GetValue(_audio));
        if (images is null != audio is null) throw new CromaException("--image-model and --audio-model come together: both modalities are encoded, or none.");
        return images is not null;
    }

    /// <summary>Runs something with the encoders.</summary>
    public void Use(ParseResult parsed, Action<CifarEsc50Encoders> run, CancellationToken cancellation)
    {
        var (images, audio) = (parsed.GetValue(_images)!, parsed.GetValue(_audio)!);
        var runtime = OnnxLibrary.Load(parsed.GetValue(_library));
        using OnnxModel imageModel = new(runtime, images), audioModel = new(runtime, audio);
        var (pictures, sounds) = (new FeatureEncoder(imageModel, EncoderPreprocessing.Read("mobilenet-v2"), Batch), new FeatureEncoder(audioModel, EncoderPreprocessing.Read("yamnet"), Batch));
        run(new CifarEsc50Encoders(some => pictures.Pictures(some, 32, 32, cancellation), some => sounds.Sounds(some, cancellation), sounds.Rate, Describe(images), Describe(audio)));
    }

    private static string Describe(string path)
    {
        using var stream = File.OpenRead(path);
        return $"{Path.GetFileName(path)} (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(stream))})";
    }
}
