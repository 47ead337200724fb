using Croma.Onnx.Features;

namespace Croma.Onnx.Preprocessing;

/// <summary>What a model is given for a file, and which of its outputs is taken. It is of pictures, of sounds or of texts.</summary>
public sealed record EncoderPreprocessing
{
    /// <summary>What messages call it: a built-in name or a file.</summary>
    public required string Name { get; init; }

    /// <summary>How pictures are prepared; null for others.</summary>
    public ImagePreprocessing? Image { get; init; }

    /// <summary>How sounds are prepared; null for others.</summary>
    public AudioPreprocessing? Audio { get; init; }

    /// <summary>How texts are prepared; null for others.</summary>
    public TextPreprocessing? Text { get; init; }

    /// <summary>What it takes.</summary>
    public EncodingKind Kind => Image != null ? EncodingKind.Pictures : Audio != null ? EncodingKind.Sounds : EncodingKind.Texts;

    /// <summary>The output that is taken; null: the one of a usual name ("embedding" for pictures and sounds), or the only one.</summary>
    public string? Output { get; init; }

    /// <summary>The description it was read from, without white space, and the hashes of a tokenizer's files.</summary>
    public required string Json { get; init; }

    /// <summary>The built-in ones by name.</summary>
    public static IReadOnlyDictionary<string, string> BuiltIn { get; } = new Dictionary<string, string>
    {
        // tf.keras MobileNetV2: RGB in -1 ... 1, evaluated on the middle 87.5 % of the shorter side
        ["mobilenet-v2"] = """{"image":{"size":224,"crop":0.875,"mean":[128,128,128],"std":[128,128,128]}}""",
        // the features of AudioSet's YAMNet (tensorflow/models, research/audioset/yamnet/params.py)
        ["yamnet"] = """{"audio":{"rate":16000,"window":400,"hop":160,"transform":512,"bands":64,"lowest":125,"highest":7500,"spectrum":"magnitude","triangles":"mel","floor":0.001,"patch":96,"patchHop":48,"pooling":"mean"}}""",
    };

    /// <summary>A built-in one, or one from a JSON file (docs/encoders.md).</summary>
    /// <exception cref="CromaException">There is neither, or the file is not what it must be.</exception>
    public static EncoderPreprocessing Read(string nameOrFile)
    {
        const int LargestFile = 1 << 20;
        if (BuiltIn.TryGetValue(nameOrFile, out var json)) return PreprocessingReader.Parse(json, nameOrFile);
        var info = new FileInfo(nameOrFile);
        if (!info.Exists) throw new CromaException($"There is no preprocessing '{nameOrFile}': give {string.Join(" or ", BuiltIn.Keys)}, or a JSON file.");
        if (info.Length > LargestFile) throw new CromaException($"'{nameOrFile}' is over 1 MiB: that describes no preprocessing.");
        return PreprocessingReader.Parse(File.ReadAllText(nameOrFile), nameOrFile, Path.GetDirectoryName(Path.GetFullPath(nameOrFile)));
    }
}
