using System.Numerics.Tensors;
using System.Text;

namespace Croma.Data;

/// <summary>Samples in memory: what a user brings at the time of use, in the form that the encoder was trained on.</summary>
public sealed class MemorySamples : SampleContents
{
    private readonly IReadOnlyList<byte[]> _bytes = [];
    private readonly IReadOnlyList<Half[]> _values = [];

    /// <param name="shape">What they have in common, as the model says.</param>
    /// <param name="samples">Texts in UTF-8, or images: the planes of red, green and blue, each row after row.</param>
    /// <exception cref="CromaException">A sample is not of that shape.</exception>
    public MemorySamples(SampleShape shape, IReadOnlyList<byte[]> samples) : base(shape, samples.Count)
    {
        if (shape.HoldsVectors) throw new CromaException($"'{shape.Name}' takes vectors of {shape.Width} numbers, not bytes.");
        foreach (var (i, sample) in samples.Index())
            if (shape.Kind == ModalityKind.Images ? sample.Length != shape.Width : sample.Length == 0)
                throw new CromaException($"Sample {i} has {sample.Length} bytes; {(shape.Kind == ModalityKind.Images ? $"an image of {shape.ImageHeight} x {shape.ImageWidth} pixels has {shape.Width}" : "a text has one or more")}.");
        _bytes = samples;
    }

    /// <param name="shape">What they have in common, as the model says.</param>
    /// <param name="samples">Rows of <see cref="SampleShape.Width"/> numbers; one row where samples are features.</param>
    /// <exception cref="CromaException">A sample is not of that shape.</exception>
    public MemorySamples(SampleShape shape, IReadOnlyList<Half[]> samples) : base(shape, samples.Count)
    {
        if (!shape.HoldsVectors) throw new CromaException($"'{shape.Name}' takes {shape.Kind}, not vectors.");
        foreach (var (i, sample) in samples.Index())
        {
            if (sample.Length == 0 || sample.Length % shape.Width != 0 || (shape.Kind == ModalityKind.Features && sample.Length != shape.Width))
                throw new CromaException($"Sample {i} has {sample.Length} numbers; '{shape.Name}' has {(shape.Kind == ModalityKind.Features ? "" : "rows of ")}{shape.Width}.");
            if (!Array.TrueForAll(sample, Half.IsFinite)) throw new CromaException($"Sample {i} has a number that is not finite, or beyond 65504.");
        }
        _values = samples;
    }

    /// <param name="shape">What they have in common, as the model says: texts.</param>
    /// <param name="texts">One text a sample, of one character or more.</param>
    /// <exception cref="CromaException">A text is empty, or the model takes no texts.</exception>
    public MemorySamples(SampleShape shape, IReadOnlyList<string> texts) : this(shape, Encode(shape, texts))
    {
    }

    /// <param name="shape">What they have in common, as the model says: vectors or sequences of them.</param>
    /// <param name="samples">Rows of <see cref="SampleShape.Width"/> numbers, up to 65504 each (they are kept in half precision); one row where samples are features.</param>
    /// <exception cref="CromaException">A sample is not of that shape.</exception>
    public MemorySamples(SampleShape shape, IReadOnlyList<float[]> samples) : this(shape, [.. samples.Select(sample => Array.ConvertAll(sample, x => (Half)x))])
    {
    }

    /// <summary>The samples of several, in their order.</summary>
    /// <param name="shape">The shape of all.</param>
    /// <param name="parts">Samples in memory.</param>
    public static MemorySamples Join(SampleShape shape, IReadOnlyList<MemorySamples> parts) =>
        shape.HoldsVectors ? new MemorySamples(shape, [.. parts.SelectMany(p => p._values)]) : new MemorySamples(shape, [.. parts.SelectMany(p => p._bytes)]);

    public override int Length(int index) => Kind switch
    {
        ModalityKind.Images => 1,
        ModalityKind.Bytes => _bytes[index].Length,
        _ => _values[index].Length / Width,
    };

    private static byte[][] Encode(SampleShape shape, IReadOnlyList<string> texts) =>
        shape.Kind == ModalityKind.Bytes ? [.. texts.Select(Encoding.UTF8.GetBytes)] : throw new CromaException($"'{shape.Name}' takes {shape.Kind}, not texts.");

    private protected override ReadOnlySpan<byte> StoredBytes(int index) => _bytes[index];

    private protected override ReadOnlySpan<Half> StoredValues(int index) => _values[index];

    private protected override void CopyStored(int index, int start, int count, Span<float> destination) =>
        TensorPrimitives.ConvertToSingle(_values[index].AsSpan(start * Width, count * Width), destination);
}
