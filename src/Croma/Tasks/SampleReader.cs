using System.Buffers;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;

namespace Croma.Tasks;

/// <summary>How much of a sample an encoder sees.</summary>
public sealed record InputOptions
{
    /// <summary>Longest text in bytes. Default 128.</summary>
    public int MaxTextLength { get; init; } = 128;

    /// <summary>Longest speech in steps, after stacking. Default 100.</summary>
    public int MaxSteps { get; init; } = 100;

    /// <summary>Frames of 10 ms that make one step. Default 4.</summary>
    public int FrameStacking { get; init; } = 4;
}

/// <summary>
/// Reads samples of one modality into batches. Samples longer than the options allow are cut: in training to a random
/// window, otherwise to their beginning.
/// </summary>
public sealed class SampleReader(SampleContents contents, InputOptions options)
{
    /// <summary>Numbers a step; 0 for text.</summary>
    public int Width { get; } = WidthOf(contents.Shape, options);

    /// <summary>Numbers a step of such samples; 0 for text.</summary>
    public static int WidthOf(SampleShape shape, InputOptions options) => shape.Kind switch
    {
        ModalityKind.Bytes => 0,
        ModalityKind.Frames => shape.Width * options.FrameStacking,
        _ => shape.Width,
    };

    /// <summary>Fills a batch.</summary>
    /// <param name="batch">What is filled.</param>
    /// <param name="samples">Sample numbers, one or more.</param>
    /// <param name="window">Draws the windows; null takes each sample's beginning.</param>
    public void Read(InputBatch batch, ReadOnlySpan<int> samples, CounterRandom? window = null)
    {
        if (contents.Kind == ModalityKind.Images)
        {
            batch.Resize(samples.Length, 1, Width);
            for (var b = 0; b < samples.Length; b++) ReadImage(contents.Pixels(samples[b]), batch.Values.Slice(b * Width, Width));
            return;
        }
        var steps = 1;
        foreach (var sample in samples) steps = Math.Max(steps, Steps(sample));
        batch.Resize(samples.Length, steps, Width);
        for (var b = 0; b < samples.Length; b++)
        {
            batch.Lengths[b] = Steps(samples[b]);
            if (contents.Kind == ModalityKind.Bytes) ReadText(batch, b, samples[b], window);
            else ReadFrames(batch, b, samples[b], window);
        }
    }

    private int Steps(int sample) => contents.Kind switch
    {
        ModalityKind.Bytes => Math.Clamp(contents.Length(sample), 1, options.MaxTextLength),
        ModalityKind.Frames => Math.Clamp(contents.Length(sample) / options.FrameStacking, 1, options.MaxSteps),
        _ => 1,
    };

    /// <summary>Bytes plane by plane to numbers pixel by pixel: mid-grey is 0, black and white are -2 and 2.</summary>
    private static void ReadImage(ReadOnlySpan<byte> planes, Span<Real> pixels)
    {
        const Real MidGrey = 127.5f, Scale = 1 / 63.75f;
        var size = planes.Length / ModalityDescription.Colours;
        for (var colour = 0; colour < ModalityDescription.Colours; colour++)
        {
            var plane = planes.Slice(colour * size, size);
            for (var i = 0; i < size; i++) pixels[ModalityDescription.Colours * i + colour] = (plane[i] - MidGrey) * Scale;
        }
    }

    private void ReadText(InputBatch batch, int b, int sample, CounterRandom? window)
    {
        var text = contents.Bytes(sample);
        var start = Start(text.Length - batch.Lengths[b], window);
        for (var t = 0; t < Math.Min(batch.Lengths[b], text.Length); t++) batch.Tokens[t * batch.Count + b] = text[start + t];
    }

    private void ReadFrames(InputBatch batch, int b, int sample, CounterRandom? window)
    {
        var stacking = contents.Kind == ModalityKind.Frames ? options.FrameStacking : 1;
        var frames = Math.Min(batch.Lengths[b] * stacking, contents.Length(sample));
        var start = Start(contents.Length(sample) - frames, window);
        var values = ArrayPool<Real>.Shared.Rent(frames * contents.Width);
        var rest = values.AsSpan(0, frames * contents.Width);
        contents.CopyFrames(sample, start, frames, rest);
        for (var t = 0; rest.Length > 0; t++)
        {
            var step = rest[..Math.Min(Width, rest.Length)];
            step.CopyTo(batch.Values[((t * batch.Count + b) * Width)..]);
            rest = rest[step.Length..];
        }
        ArrayPool<Real>.Shared.Return(values);
    }

    private static int Start(int slack, CounterRandom? window) => window == null || slack <= 0 ? 0 : window.Next(slack + 1);
}
