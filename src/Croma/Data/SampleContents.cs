using System.Buffers;
using System.Numerics.Tensors;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>
/// What the samples of one modality hold, and nothing of what they are of: no concept, no group. It is all of a modality that
/// <see cref="Croma.Tasks.TrainingData"/> hands over. Read from the file where it is asked for; safe from many threads; spans are valid as
/// long as the data set is open.
/// </summary>
public sealed class SampleContents
{
    private const string ValuesName = "values", OffsetsName = "offsets";

    private readonly SafetensorsFile _file;
    private readonly SafetensorsTensor _values;
    private readonly SafetensorsTensor? _offsets;

    internal SampleContents(SafetensorsFile file, ModalityDescription description)
    {
        (_file, Name, Kind, Width, FramesPerSecond) = (file, description.Modality, description.Kind, description.Features, description.FramesPerSecond);
        _values = Kind == ModalityKind.Bytes
            ? file.Require(ValuesName, SafetensorsType.U8, 1)
            : file.Require(ValuesName, SafetensorsType.F16, 2);
        if (Kind != ModalityKind.Bytes && _values.Shape[1] != Width)
            throw Error(_values, $"'{ValuesName}' is {_values.ShapeText}; the manifest gives its rows {Width} numbers");
        if (Kind != ModalityKind.Features) _offsets = file.Require(OffsetsName, SafetensorsType.I64, 1);
        else if (file.Find(OffsetsName) is { } extra) throw Error(extra, $"'{OffsetsName}' has no place in a file of features");

        var samples = _offsets is null ? _values.Shape[0] : _offsets.Count - 1;
        if (samples is < 0 or > int.MaxValue - 1) throw Error(_offsets ?? _values, $"the file holds {samples} samples; 0 to {int.MaxValue - 1} are possible");
        Count = (int)samples;
        CheckOffsets();
    }

    /// <summary>The modality's name, such as "text".</summary>
    public string Name { get; }

    /// <summary>How samples are stored.</summary>
    public ModalityKind Kind { get; }

    /// <summary>Numbers a frame or feature vector has; 0 for bytes.</summary>
    public int Width { get; }

    /// <summary>Frames a second; 0 where the samples have no time.</summary>
    public double FramesPerSecond { get; }

    /// <summary>How many samples there are.</summary>
    public int Count { get; }

    /// <summary>Arrays of the file that are the contents: values, and offsets where samples differ in length.</summary>
    internal int Arrays => _offsets is null ? 1 : 2;

    /// <summary>Bytes or frames of the sample; 1 for features.</summary>
    public int Length(int index)
    {
        var (start, end) = Range(index);
        return (int)(end - start);
    }

    /// <summary>The bytes of a sample (<see cref="ModalityKind.Bytes"/> only).</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        if (Kind != ModalityKind.Bytes) throw new InvalidOperationException($"'{Name}' holds {Kind}, not bytes");
        var (start, end) = Range(index);
        return _file.Values<byte>(_values, start, (int)(end - start));
    }

    /// <summary>The stored values of a sample, <see cref="Length"/> rows of <see cref="Width"/> (frames and features only).</summary>
    public ReadOnlySpan<Half> Values(int index)
    {
        RequireVectors();
        var (start, end) = Range(index);
        return _file.Values<Half>(_values, start * Width, checked((int)(end - start) * Width));
    }

    /// <summary>
    /// Copies frames [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>) of a sample, row after
    /// row, into <paramref name="destination"/> of at least <paramref name="count"/> x <see cref="Width"/> numbers. For
    /// features, the one row there is.
    /// </summary>
    public void CopyFrames(int index, int start, int count, Span<float> destination)
    {
        var (first, end) = Range(index);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, end - first - start);
        RequireVectors();
        var numbers = checked(count * Width);
        var halves = ArrayPool<Half>.Shared.Rent(numbers);
        _file.Read(_values, (first + start) * Width, halves.AsSpan(0, numbers));
        TensorPrimitives.ConvertToSingle(halves.AsSpan(0, numbers), destination);
        ArrayPool<Half>.Shared.Return(halves);
    }

    private void RequireVectors()
    {
        if (Kind == ModalityKind.Bytes) throw new InvalidOperationException($"'{Name}' holds bytes, not vectors");
    }

    private (long Start, long End) Range(int index)
    {
        if (_offsets is null)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return (index, index + 1);
        }
        var pair = _file.Values<long>(_offsets, index, 2);
        return (pair[0], pair[1]);
    }

    private void CheckOffsets()
    {
        if (_offsets is null) return;
        var offsets = _file.Values<long>(_offsets);
        var rows = _values.Shape[0];
        if (offsets[0] != 0 || offsets[^1] != rows)
            throw Error(_offsets, $"'{OffsetsName}' runs from {offsets[0]} to {offsets[^1]}; it must run from 0 to {rows}, the length of '{ValuesName}'");
        for (var i = 0; i < Count; i++)
        {
            var length = offsets[i + 1] - offsets[i];
            if (offsets[i + 1] < offsets[i] || length * Math.Max(Width, 1) > int.MaxValue)
                throw Error(_offsets, $"sample {i} runs from {offsets[i]} to {offsets[i + 1]}; offsets must not fall, nor a sample exceed 2^31 - 1 numbers", i);
        }
    }

    private DataFormatException Error(SafetensorsTensor tensor, string reason, int element = 0) =>
        new(_file.Path, tensor.Offset + (long)element * tensor.Type.Size(), reason);
}
