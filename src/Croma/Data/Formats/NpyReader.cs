using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Croma.Data.Formats;

/// <summary>
/// Reads a NumPy array (.npy, or one of a .npz) from its first element to its last, in C order: strictly, of at most
/// 2^31 - 1 elements, and never more at a time than it is asked for, whatever the header claims. For one thread.
/// </summary>
public sealed class NpyReader : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly NpyHeader _header;
    private readonly byte[] _buffer;
    private long _read;

    /// <param name="name">What messages call it.</param>
    /// <param name="stream">Its bytes; disposed of with it.</param>
    /// <param name="bytes">How many there are said to be.</param>
    internal NpyReader(string name, Stream stream, long bytes)
    {
        (Name, _stream, _buffer) = (name, stream, new byte[Math.Clamp(bytes, sizeof(double), BufferBytes)]);
        try
        {
            _header = NpyHeader.Read(name, stream);
            var expected = _header.Bytes + _header.Count * _header.ElementSize;
            if (bytes != expected)
                throw new DataFormatException(name, _header.Bytes, $"{bytes - _header.Bytes} bytes follow the header; an array of {Type} of the shape {ShapeText} takes {expected - _header.Bytes}");
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is InvalidDataException or IOException) throw Unreadable(e);
            throw;
        }
    }

    /// <summary>What messages call it: the file's path, and behind it the array's name where there are several.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public NpyType Type => _header.Type;

    /// <summary>The dimensions, the last one contiguous; empty for a single number.</summary>
    public IReadOnlyList<long> Shape => _header.Shape;

    /// <summary>The shape as text, such as [3, 40].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>How many elements there are.</summary>
    public long Count => _header.Count;

    /// <summary>Opens a .npy file and checks its header against its length.</summary>
    /// <exception cref="DataFormatException">It is no sound NumPy array, or one of elements that are not read.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static NpyReader Open(string path)
    {
        try
        {
            var stream = File.OpenRead(path);
            return new NpyReader(path, stream, stream.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Copies the next elements, which must be <see cref="NpyType.U8"/>, as many as fit.</summary>
    public void Read(Span<byte> destination)
    {
        if (Type != NpyType.U8) throw new InvalidOperationException($"'{Name}' holds {Type}, not {NpyType.U8}");
        Require(destination.Length);
        Fill(destination);
    }

    /// <summary>Converts the next elements of any type to the nearest single-precision numbers (true is 1), as many as fit.</summary>
    public void Read(Span<float> destination)
    {
        Require(destination.Length);
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, _buffer.Length / _header.ElementSize);
            var bytes = _buffer.AsSpan(0, count * _header.ElementSize);
            Fill(bytes);
            Convert(bytes, destination[..count]);
            destination = destination[count..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> to)
    {
        switch (Type)
        {
            case NpyType.F32: MemoryMarshal.Cast<byte, float>(bytes).CopyTo(to); break;
            case NpyType.F16: From<Half>(bytes, to); break;
            case NpyType.F64: From<double>(bytes, to); break;
            case NpyType.I8: From<sbyte>(bytes, to); break;
            case NpyType.I16: From<short>(bytes, to); break;
            case NpyType.I32: From<int>(bytes, to); break;
            case NpyType.I64: From<long>(bytes, to); break;
            case NpyType.U16: From<ushort>(bytes, to); break;
            case NpyType.U32: From<uint>(bytes, to); break;
            case NpyType.U64: From<ulong>(bytes, to); break;
            case NpyType.Bool:
                for (var i = 0; i < to.Length; i++)
                    to[i] = bytes[i] <= 1 ? bytes[i] : throw new DataFormatException(Name, Position - bytes.Length + i, $"a truth value is {bytes[i]}; it must be 0 or 1");
                break;
            default: From<byte>(bytes, to); break;
        }
    }

    private static void From<T>(ReadOnlySpan<byte> bytes, Span<float> to) where T : unmanaged, INumberBase<T> =>
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, T>(bytes), to);

    private void Require(int count) => ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - _read);

    private void Fill(Span<byte> bytes)
    {
        try
        {
            var got = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (got < bytes.Length) throw new DataFormatException(Name, Position + got, "the file ends here; it was to be longer");
            _read += bytes.Length / _header.ElementSize;
            if (_read == Count && _stream.ReadByte() >= 0) throw new DataFormatException(Name, Position, "something follows the last element");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Unreadable(e);
        }
    }

    private long Position => _header.Bytes + _read * _header.ElementSize;

    private DataFormatException Unreadable(Exception e) => new(Name, -1, $"the file is damaged or cannot be read: {e.Message}", e);
}
