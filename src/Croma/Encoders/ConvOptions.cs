using System.Text.Json.Serialization;

namespace Croma.Encoders;

/// <summary>Which encoder frames have.</summary>
public enum FrameEncoder
{
    /// <summary>
    /// A convolutional one where all samples have the same number of frames, enough of them and enough numbers each for its
    /// blocks (clips of sound); otherwise an LSTM (speech, windows of a sensor).
    /// </summary>
    ByLength,

    /// <summary>An LSTM.</summary>
    Lstm,

    /// <summary>A convolutional network over time and bands.</summary>
    Convolution,
}

/// <summary>Convolutional encoders and decoders of images and of clips.</summary>
public sealed record ConvOptions
{
    /// <summary>Which encoder frames have. Default by their length.</summary>
    public FrameEncoder Frames { get; init; }

    /// <summary>Channels of the first block over images, a multiple of 16; they double from block to block. Default 64.</summary>
    public int ImageFilters { get; init; } = 64;

    /// <summary>Blocks over images, each with a residual and halving the image. Default 3.</summary>
    public int ImageBlocks { get; init; } = 3;

    /// <summary>Channels of the first block over clips, a multiple of 16. Default 32.</summary>
    public int ClipFilters { get; init; } = 32;

    /// <summary>Blocks over clips, each halving time and bands. Default 4.</summary>
    public int ClipBlocks { get; init; } = 4;

    /// <summary>The share of numbers that training leaves out behind each block of an encoder, from 0 to below 1. Default 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Dropout { get; init; }
}
