using System.Text.Json.Serialization;

namespace Croma.Encoders;

/// <summary>Sizes of the encoders. Defaults are the paper's (Table 7).</summary>
public sealed record EncoderOptions
{
    /// <summary>Dimension of the shared space. Default 256 (released code: 128).</summary>
    public int Dimension { get; init; } = 256;

    /// <summary>Units of an LSTM layer, a multiple of 16. Default 256.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Width of a character's vector. Default 256.</summary>
    public int TextEmbedding { get; init; } = 256;

    /// <summary>LSTM layers over frames. Default 2.</summary>
    public int SpeechLayers { get; init; } = 2;

    /// <summary>Convolutional encoders of images and clips; null: with their own defaults.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConvOptions? Convolution { get; init; }

    /// <summary>Hidden layers over precomputed features. Default one of 256.</summary>
    public IReadOnlyList<int> FeatureHidden { get; init; } = [256];
}
