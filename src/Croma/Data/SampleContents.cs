using System.Text.Json.Serialization;

namespace Croma.Data;

/// <summary>What all samples of a modality have in common: what an encoder for them is made by.</summary>
/// <param name="Name">The modality's name, such as "text".</param>
/// <param name="Kind">How samples are stored.</param>
/// <param name="Width">Numbers a frame, a feature vector or an image has; 0 for bytes.</param>
/// <param name="FramesPerSecond">Frames a second; 0 where the samples have no time.</param>
/// <param name="FramesOfEach">Frames that every sample has, where all have as many (clips of one length); otherwise null.</param>
/// <param name="ImageHeight">Pixels of an image from top to bottom; 0 where there are no images.</param>
/// <param name="ImageWidth">Pixels of an image from left to right.</param>
/// <param name="Preparation">How files became samples, where a file of a user's can be prepared alike; otherwise null.</param>
public sealed record SampleShape(string Name, ModalityKind Kind, int Width, double FramesPerSecond, int? FramesOfEach, int ImageHeight, int ImageWidth, string? Preparation = null)
{
    /// <summary>Whether samples are vectors of numbers: frames or features.</summary>
    [JsonIgnore]
    public bool HoldsVectors => Kind is ModalityKind.Frames or ModalityKind.Features;
}

/// <summary>
/// What the samples of one modality hold, and nothing of what they are of: no concept, no group. It is all of a modality that
/// <see cref="Croma.Tasks.TrainingData"/> hands over. Safe to read from many threads.
/// </summary>
public abstract class SampleContents
{
    private protected SampleContents(SampleShape shape, int count) => (Shape, Count) = (shape, count);

    /// <summary>What all samples have in common.</summary>
    public SampleShape Shape { get; }

    /// <summary>How many samples there are.</summary>
    public int Count { get; }

    /// <summary>The modality's name.</summary>
    public string Name => Shape.Name;

    /// <summary>How samples are stored.</summary>
    public ModalityKind Kind => Shape.Kind;

    /// <summary>Numbers a frame, a feature vector or an image has; 0 for bytes.</summary>
    public int Width => Shape.Width;

    /// <summary>Bytes or frames of the sample; 1 for features and images.</summary>
    public abstract int Length(int index);

    /// <summary>The bytes of a sample (<see cref="ModalityKind.Bytes"/> only).</summary>
    public ReadOnlySpan<byte> Bytes(int index) => Require(Kind == ModalityKind.Bytes, "bytes").StoredBytes(index);

    /// <summary>An image's planes of red, green and blue, each row after row (<see cref="ModalityKind.Images"/> only).</summary>
    public ReadOnlySpan<byte> Pixels(int index) => Require(Kind == ModalityKind.Images, "images").StoredBytes(index);

    /// <summary>The stored values of a sample, <see cref="Length"/> rows of <see cref="Width"/> (frames and features only).</summary>
    public ReadOnlySpan<Half> Values(int index) => Require(Shape.HoldsVectors, "vectors").StoredValues(index);

    /// <summary>
    /// Copies frames [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>) of a sample, row after
    /// row, into <paramref name="destination"/> of at least <paramref name="count"/> x <see cref="Width"/> numbers. For
    /// features, the one row there is.
    /// </summary>
    public void CopyFrames(int index, int start, int count, Span<float> destination)
    {
        var length = Length(index);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length - start);
        Require(Shape.HoldsVectors, "vectors").CopyStored(index, start, count, destination);
    }

    private protected abstract ReadOnlySpan<byte> StoredBytes(int index);

    private protected abstract ReadOnlySpan<Half> StoredValues(int index);

    private protected abstract void CopyStored(int index, int start, int count, Span<float> destination);

    private SampleContents Require(bool holds, string what) => holds ? this : throw new InvalidOperationException($"'{Name}' holds {Kind}, not {what}");
}
