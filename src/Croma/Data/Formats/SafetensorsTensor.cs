namespace Croma.Data.Formats;

/// <summary>The element types of safetensors files that Croma reads and writes.</summary>
public enum SafetensorsType
{
    U8,
    I32,
    I64,
    F16,
    F32,
    F64,
}

/// <summary>One array of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions, the last one contiguous; empty for a single number.</param>
/// <param name="Offset">Where its first byte lies in the file.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset)
{
    /// <summary>How many elements it has: the product of <see cref="Shape"/>.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Its size in bytes.</summary>
    public long Bytes => Count * Type.Size();

    /// <summary>The shape as text, such as [3, 40].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}

/// <summary>What each element type is in memory.</summary>
public static class SafetensorsTypes
{
    /// <summary>Bytes an element takes.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.U8 => 1,
        SafetensorsType.F16 => 2,
        SafetensorsType.I32 or SafetensorsType.F32 => 4,
        _ => 8,
    };

    /// <summary>The element type that holds <typeparamref name="T"/>: byte, int, long, Half, float or double.</summary>
    public static SafetensorsType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(byte) ? SafetensorsType.U8
        : typeof(T) == typeof(int) ? SafetensorsType.I32
        : typeof(T) == typeof(long) ? SafetensorsType.I64
        : typeof(T) == typeof(Half) ? SafetensorsType.F16
        : typeof(T) == typeof(float) ? SafetensorsType.F32
        : typeof(T) == typeof(double) ? SafetensorsType.F64
        : throw new ArgumentException($"safetensors files hold byte, int, long, Half, float and double, not {typeof(T).Name}");

    internal static SafetensorsType? Parse(string name) => name switch
    {
        "U8" => SafetensorsType.U8,
        "I32" => SafetensorsType.I32,
        "I64" => SafetensorsType.I64,
        "F16" => SafetensorsType.F16,
        "F32" => SafetensorsType.F32,
        "F64" => SafetensorsType.F64,
        _ => null,
    };
}
