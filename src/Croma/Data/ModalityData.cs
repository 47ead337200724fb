using System.Buffers;
using System.Numerics.Tensors;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>
/// The samples of one modality, in a file that is read where it is asked for. Reading is safe from many threads; spans are valid as long as the
/// data set is open.
/// </summary>
public sealed class ModalityData
{
    private const string ValuesName = "values", OffsetsName = "offsets", ConceptName = "concept", PartName = "part", GroupName = "group";

    private readonly SafetensorsFile _file;
    private readonly SafetensorsTensor _values, _concept, _part, _group;
    private readonly SafetensorsTensor? _offsets;

    internal ModalityData(SafetensorsFile file, ModalityDescription description, int concepts)
    {
        (_file, Name, Kind, Width, FramesPerSecond) = (file, description.Modality, description.Kind, description.Features, description.FramesPerSecond);
        (ImageHeight, ImageWidth) = (description.Height, description.Width);
        _values = Kind switch
        {
            ModalityKind.Bytes => file.Require(ValuesName, SafetensorsType.U8, 1),
            ModalityKind.Images => file.Require(ValuesName, SafetensorsType.U8, 4),
            _ => file.Require(ValuesName, SafetensorsType.F16, 2),
        };
        if (HoldsVectors && _values.Shape[1] != Width)
            throw Error(_values, $"'{ValuesName}' is {_values.ShapeText}; the manifest gives its rows {Width} numbers");
        if (Kind == ModalityKind.Images && (_values.Shape[1], _values.Shape[2], _values.Shape[3]) != (ModalityDescription.Colours, ImageHeight, ImageWidth))
            throw Error(_values, $"'{ValuesName}' is {_values.ShapeText}; by the manifest its images are {ModalityDescription.Colours} x {ImageHeight} x {ImageWidth}");
        if (Kind is not (ModalityKind.Features or ModalityKind.Images)) _offsets = file.Require(OffsetsName, SafetensorsType.I64, 1);
        else if (file.Find(OffsetsName) is { } extra) throw Error(extra, $"'{OffsetsName}' has no place in a file of {(Kind == ModalityKind.Images ? "images" : "features")}");

        var samples = _offsets is null ? _values.Shape[0] : _offsets.Count - 1;
        if (samples is < 0 or > int.MaxValue - 1) throw Error(_offsets ?? _values, $"the file holds {samples} samples; 0 to {int.MaxValue - 1} are possible");
        Count = (int)samples;
        (_concept, _part, _group) = (PerSample(ConceptName, SafetensorsType.I32), PerSample(PartName, SafetensorsType.U8), PerSample(GroupName, SafetensorsType.I32));
        var expected = _offsets is null ? 4 : 5;
        if (file.Tensors.Count != expected) throw new DataFormatException(file.Path, -1, $"the file holds {file.Tensors.Count} arrays; {expected} are expected");
        CheckOffsets();
        if (Kind == ModalityKind.Frames && Count > 0 && Enumerable.Range(1, Count - 1).All(i => Length(i) == Length(0))) FramesOfEach = Length(0);
        CheckRange(file.Values<int>(_concept), _concept, 0, concepts - 1);
        CheckRange(file.Values<byte>(_part), _part, (byte)0, (byte)2);
        CheckRange(file.Values<int>(_group), _group, NoGroup, int.MaxValue);
    }

    /// <summary>The group of a sample that belongs to none.</summary>
    public const int NoGroup = -1;

    /// <summary>Its name, such as "text".</summary>
    public string Name { get; }

    /// <summary>How its samples are stored.</summary>
    public ModalityKind Kind { get; }

    /// <summary>Numbers a frame, a feature vector or an image has; 0 for bytes.</summary>
    public int Width { get; }

    /// <summary>Pixels of an image from top to bottom; 0 where there are no images.</summary>
    public int ImageHeight { get; }

    /// <summary>Pixels of an image from left to right.</summary>
    public int ImageWidth { get; }

    /// <summary>Whether samples are vectors of numbers: frames or features.</summary>
    public bool HoldsVectors => Kind is ModalityKind.Frames or ModalityKind.Features;

    /// <summary>Frames a second; 0 where the samples have no time.</summary>
    public double FramesPerSecond { get; }

    /// <summary>How many samples there are.</summary>
    public int Count { get; }

    /// <summary>Frames that every sample has, where all have as many (clips of one length); otherwise null.</summary>
    public int? FramesOfEach { get; }

    /// <summary>The sample's concept, as an index into <see cref="CrossModalDataset.Concepts"/>.</summary>
    public int Concept(int index) => At<int>(_concept, index);

    /// <summary>What the sample may be used for.</summary>
    public Part Part(int index) => (Part)At<byte>(_part, index);

    /// <summary>
    /// What the sample says, whatever its concept (such as a paragraph's number), or <see cref="NoGroup"/>; samples of one
    /// group are all in one part.
    /// </summary>
    public int Group(int index) => At<int>(_group, index);

    /// <summary>Bytes or frames of the sample; 1 for features and images.</summary>
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

    /// <summary>An image's planes of red, green and blue, each row after row (<see cref="ModalityKind.Images"/> only).</summary>
    public ReadOnlySpan<byte> Pixels(int index)
    {
        if (Kind != ModalityKind.Images) throw new InvalidOperationException($"'{Name}' holds {Kind}, not images");
        return _file.Values<byte>(_values, Range(index).Start * Width, Width);
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
        if (!HoldsVectors) throw new InvalidOperationException($"'{Name}' holds {Kind}, not vectors");
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

    private T At<T>(SafetensorsTensor tensor, int index) where T : unmanaged => _file.Values<T>(tensor, index, 1)[0];

    private SafetensorsTensor PerSample(string name, SafetensorsType type)
    {
        var tensor = _file.Require(name, type, 1);
        return tensor.Count == Count ? tensor : throw Error(tensor, $"'{name}' has {tensor.Count} elements; there are {Count} samples");
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

    private void CheckRange<T>(ReadOnlySpan<T> values, SafetensorsTensor tensor, T minimum, T maximum) where T : unmanaged, IComparable<T>
    {
        for (var i = 0; i < values.Length; i++)
            if (values[i].CompareTo(minimum) < 0 || values[i].CompareTo(maximum) > 0)
                throw Error(tensor, $"'{tensor.Name}' of sample {i} is {values[i]}; it must be from {minimum} to {maximum}", i);
    }

    private DataFormatException Error(SafetensorsTensor tensor, string reason, int element = 0) =>
        new(_file.Path, tensor.Offset + (long)element * tensor.Type.Size(), reason);
}
