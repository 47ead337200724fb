using Croma.Compute;

namespace Croma.Encoders;

/// <summary>
/// Samples on their way into an encoder, time-major: step t of sample b is row t * Count + b. Reused from batch to
/// batch. Tokens for text, values for frames (a feature vector is one frame).
/// </summary>
public sealed class InputBatch
{
    private int[] _tokens = [], _lengths = [];
    private Real[] _values = [];

    /// <summary>Samples.</summary>
    public int Count { get; private set; }

    /// <summary>Time steps of the longest sample.</summary>
    public int Steps { get; private set; }

    /// <summary>Numbers a frame, 0 for text.</summary>
    public int Width { get; private set; }

    /// <summary>Steps of each sample, at least 1.</summary>
    public Span<int> Lengths => _lengths.AsSpan(0, Count);

    /// <summary>Tokens [Steps * Count]; padding is token 0.</summary>
    public Span<int> Tokens => _tokens.AsSpan(0, Width == 0 ? Steps * Count : 0);

    /// <summary>Frames [Steps * Count, Width]; padding is 0.</summary>
    public Span<Real> Values => _values.AsSpan(0, Steps * Count * Width);

    /// <summary>What dropout draws from; null: nothing is left out.</summary>
    public ulong? Noise { get; private set; }

    /// <summary>Draws what a step of training leaves out; to be called when the batch is filled.</summary>
    /// <param name="encoder">The encoder; for one without dropout nothing is drawn.</param>
    /// <param name="random">Draws; null: this is no step of training.</param>
    public void DrawNoise(Encoder encoder, CounterRandom? random) => Noise = encoder.Dropout > 0 ? random?.NextUInt64() : null;

    /// <summary>Makes room, zeroed.</summary>
    /// <param name="count">Samples.</param>
    /// <param name="steps">Steps of the longest.</param>
    /// <param name="width">Numbers a frame; 0 for tokens.</param>
    public void Resize(int count, int steps, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        (Count, Steps, Width) = (count, steps, width);
        if (_lengths.Length < count) _lengths = new int[count];
        if (width == 0 && _tokens.Length < steps * count) _tokens = new int[steps * count];
        if (_values.Length < steps * count * width) _values = new Real[steps * count * width];
        Lengths.Fill(steps);
        Tokens.Clear();
        Values.Clear();
        Noise = null;
    }
}
