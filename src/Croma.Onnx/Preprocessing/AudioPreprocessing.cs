using Croma.Datasets.Speech;

namespace Croma.Onnx.Preprocessing;

/// <summary>How what a model says of a sound's patches becomes one vector.</summary>
public enum TimePooling
{
    /// <summary>The mean of each number.</summary>
    Mean,

    /// <summary>The largest of each number.</summary>
    Max,
}

/// <summary>
/// How a sound becomes a model's inputs: log-mel frames, cut into patches of so many frames; one that is too short for a
/// patch is followed by silence.
/// </summary>
public sealed record AudioPreprocessing
{
    /// <summary>The frames.</summary>
    public required LogMelOptions Frames { get; init; }

    /// <summary>Frames a patch.</summary>
    public required int Patch { get; init; }

    /// <summary>Frames from one patch to the next.</summary>
    public required int PatchHop { get; init; }

    /// <summary>Default Mean.</summary>
    public TimePooling Pooling { get; init; }

    /// <summary>A longer sound is refused. Default 600.</summary>
    public double MostSeconds { get; init; } = 600;

    /// <summary>The dimensions of a patch: frames, bands.</summary>
    public long[] Shape => [Patch, Frames.Bands];

    /// <summary>A sound's patches, each [Patch, bands].</summary>
    /// <param name="samples">In [-1, 1], at the rate of <see cref="Frames"/>.</param>
    public IEnumerable<ReadOnlyMemory<float>> Apply(ReadOnlySpan<float> samples)
    {
        var whole = Math.Max(samples.Length, Frames.SamplesOf(Patch));
        var padded = new float[whole];
        samples.CopyTo(padded);
        var (energies, bands, count) = (new LogMel(Frames).Energies(padded), Frames.Bands, 1 + (Frames.FrameCount(whole) - Patch) / PatchHop);
        return Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<float>)energies.AsMemory(i * PatchHop * bands, Patch * bands));
    }
}
