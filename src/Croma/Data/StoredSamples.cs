using System.Buffers;
using System.Numerics.Tensors;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>Samples of a data set's file, read where they are asked for; spans are valid as long as the data set is open.</summary>
internal sealed class StoredSamples : SampleContents
{
    private const string ValuesName = "values", OffsetsName = "offsets";

    private readonly SafetensorsFile _file;
    private readonly SafetensorsTensor _values;
    private readonly SafetensorsTensor? _offsets;

    private StoredSamples(SafetensorsFile file, SafetensorsTensor values, SafetensorsTensor? offsets, SampleShape shape, int count) : base(shape, count) =>
        (_file, _values, _offsets) = (file, values, offsets);

    /// <summary>Arrays of the file that are the contents: values, and offsets where samples differ in length.</summary>
    public int Arrays => _offsets is null ? 1 : 2;

    /// <summary>Checks the file's arrays against the manifest and each other.</summary>
    /// <exception cref="DataFormatException">They do not fit.</exception>
    public static StoredSamples Of(SafetensorsFile file, ModalityDescription description)
    {
        var (kind, width) = (description.Kind, description.Features);
        var values = kind switch
        {
            ModalityKind.Bytes => file.Require(ValuesName, SafetensorsType.U8, 1),
            ModalityKind.Images => file.Require(ValuesName, SafetensorsType.U8, 4),
            _ => file.Require(ValuesName, SafetensorsType.F16, 2),
        };
        if (kind is ModalityKind.Frames or ModalityKind.Features && values.Shape[1] != width)
            throw Error(file, values, $"'{ValuesName}' is {values.ShapeText}; the manifest gives its rows {width} numbers");
        if (kind == ModalityKind.Images && (values.Shape[1], values.Shape[2], values.Shape[3]) != (ModalityDescription.Colours, description.Height, description.Width))
            throw Error(file, values, $"'{ValuesName}' is {values.ShapeText}; by the manifest its images are {ModalityDescription.Colours} x {description.Height} x {description.Width}");
        var offsets = kind is ModalityKind.Bytes or ModalityKind.Frames ? file.Require(OffsetsName, SafetensorsType.I64, 1) : null;
        if (offsets is null && file.Find(OffsetsName) is { } extra) throw Error(file, extra, $"'{OffsetsName}' has no place in a file of {(kind == ModalityKind.Images ? "images" : "features")}");

        var samples = offsets is null ? values.Shape[0] : offsets.Count - 1;
        if (samples is < 0 or > int.MaxValue - 1) throw Error(file, offsets ?? values, $"the file holds {samples} samples; 0 to {int.MaxValue - 1} are possible");
        var even = offsets is null ? null : Check(file, values, offsets, (int)samples, width);
        var shape = new SampleShape(description.Modality, kind, width, description.FramesPerSecond, kind == ModalityKind.Frames ? even : null, description.Height, description.Width, description.Preparation);
        return new StoredSamples(file, values, offsets, shape, (int)samples);
    }

    public override int Length(int index)
    {
        var (start, end) = Range(index);
        return (int)(end - start);
    }

    private protected override ReadOnlySpan<byte> StoredBytes(int index)
    {
        var (start, end) = Range(index);
        var size = Kind == ModalityKind.Images ? Width : 1;
        return _file.Values<byte>(_values, start * size, (int)(end - start) * size);
    }

    private protected override ReadOnlySpan<Half> StoredValues(int index)
    {
        var (start, end) = Range(index);
        return _file.Values<Half>(_values, start * Width, checked((int)(end - start) * Width));
    }

    private protected override void CopyStored(int index, int start, int count, Span<float> destination)
    {
        var numbers = checked(count * Width);
        var halves = ArrayPool<Half>.Shared.Rent(numbers);
        _file.Read(_values, (Range(index).Start + start) * Width, halves.AsSpan(0, numbers));
        TensorPrimitives.ConvertToSingle(halves.AsSpan(0, numbers), destination);
        ArrayPool<Half>.Shared.Return(halves);
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

    /// <summary>Checks where samples begin and end; the length that all have, if they have one.</summary>
    private static int? Check(SafetensorsFile file, SafetensorsTensor values, SafetensorsTensor array, int count, int width)
    {
        var offsets = file.Values<long>(array);
        var rows = values.Shape[0];
        if (offsets[0] != 0 || offsets[^1] != rows)
            throw Error(file, array, $"'{OffsetsName}' runs from {offsets[0]} to {offsets[^1]}; it must run from 0 to {rows}, the length of '{ValuesName}'");
        var even = count > 0;
        for (var i = 0; i < count; i++)
        {
            var length = offsets[i + 1] - offsets[i];
            if (offsets[i + 1] < offsets[i] || length * Math.Max(width, 1) > int.MaxValue)
                throw Error(file, array, $"sample {i} runs from {offsets[i]} to {offsets[i + 1]}; offsets must not fall, nor a sample exceed 2^31 - 1 numbers", i);
            even &= length == offsets[1];
        }
        return even ? (int)offsets[1] : null;
    }

    private static DataFormatException Error(SafetensorsFile file, SafetensorsTensor tensor, string reason, int element = 0) =>
        new(file.Path, tensor.Offset + (long)element * tensor.Type.Size(), reason);
}
