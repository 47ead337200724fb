using Croma.Compute;

namespace Croma.Encoders;

/// <summary>
/// How a convolutional network sees a sample: an image, or a clip of sound as a picture with time from top to bottom, bands
/// from left to right, and frames that are stacked to a step as channels. A clip that is shorter is followed by zeros
/// up to the height, whatever its neighbours in the batch, and a longer one is cut.
/// </summary>
/// <param name="Height">Pixels from top to bottom, or steps of a clip.</param>
/// <param name="Width">Pixels from left to right, or bands.</param>
/// <param name="Channels">Numbers a pixel: 3 for colour; for clips the frames of a step.</param>
/// <param name="IsClip">Whether samples are sequences of frames.</param>
public readonly record struct PixelShape(int Height, int Width, int Channels, bool IsClip = false)
{
    /// <summary>A batch's samples as images.</summary>
    /// <exception cref="ArgumentException">They are of another shape.</exception>
    internal ImageBatch Read(Tape tape, InputBatch batch)
    {
        if (!IsClip)
        {
            if (batch.Steps != 1 || batch.Width != Height * Width * Channels)
                throw new ArgumentException($"This encoder takes images of {Height} x {Width} x {Channels} numbers in one frame, not {batch.Steps} frames of {batch.Width}.", nameof(batch));
            return tape.Images(batch.Values, batch.Count, Height, Width, Channels);
        }
        if (batch.Width != Width * Channels) throw new ArgumentException($"This encoder takes steps of {Channels} frames of {Width} bands, not of {batch.Width} numbers.", nameof(batch));
        var pixels = tape.Input(batch.Count * Height * Width, Channels);
        for (var b = 0; b < batch.Count; b++)
            for (var t = 0; t < Math.Min(Height, batch.Lengths[b]); t++)
            {
                var step = batch.Values.Slice((t * batch.Count + b) * batch.Width, batch.Width);
                for (var band = 0; band < Width; band++)
                {
                    var pixel = pixels.Row((b * Height + t) * Width + band);
                    for (var frame = 0; frame < Channels; frame++) pixel[frame] = step[frame * Width + band];
                }
            }
        return new ImageBatch(pixels, batch.Count, Height, Width);
    }
}
