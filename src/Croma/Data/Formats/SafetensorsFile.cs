using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Croma.Data.Formats;

/// <summary>
/// A safetensors file, read strictly and mapped into memory: nothing is copied until it is asked for. Reading is safe
/// from many threads; spans handed out are valid until <see cref="Dispose"/>, and the file must not be shortened
/// meanwhile (replacing it by rename, as <see cref="AtomicFile"/> does, is safe).
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>Parts of larger files are read rather than mapped, so that what was read once does not stay in memory.</summary>
    internal const long MostBytesMapped = 64L << 20;

    private readonly SafeFileHandle? _file;
    private readonly long _bytes;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte[]? _memory;
    private readonly byte* _start;
    private readonly Dictionary<string, SafetensorsTensor> _byName;
    private bool _disposed;

    private SafetensorsFile(string path, SafeFileHandle file, MemoryMappedFile map, MemoryMappedViewAccessor view, long bytes)
    {
        (Path, _file, _map, _view, _bytes) = (path, file, map, view, bytes);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        try
        {
            (Metadata, Tensors, _byName) = ReadHeader(path, _start, bytes);
        }
        catch
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            throw;
        }
    }

    private SafetensorsFile(string name, byte[] pinned)
    {
        (Path, _memory, _bytes) = (name, pinned, pinned.Length);
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        (Metadata, Tensors, _byName) = ReadHeader(name, _start, _bytes);
    }

    /// <summary>The path it was opened with.</summary>
    public string Path { get; }

    /// <summary>The free-form strings of the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The arrays, in the order in which they lie in the file.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Opens a file and checks its whole header against its length.</summary>
    /// <exception cref="DataFormatException">It is no sound safetensors file.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? file = null;
        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var bytes = RandomAccess.GetLength(file);
            if (bytes < SafetensorsHeader.LengthBytes) SafetensorsHeader.ReadLength(path, [], bytes);
            map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = map.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
            return new SafetensorsFile(path, file, map, view, bytes);
        }
        catch (Exception e)
        {
            view?.Dispose();
            map?.Dispose();
            file?.Dispose();
            if (e is FileNotFoundException or DirectoryNotFoundException) throw new CromaException($"{path}: there is no such file", e);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
                throw new CromaException($"{path}: cannot be read: {e.Message}", e);
            throw;
        }
    }

    /// <summary>A file's bytes that are in memory already; they are copied.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="DataFormatException">It is no sound safetensors file.</exception>
    internal static SafetensorsFile Of(string name, ReadOnlySpan<byte> content)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(content.Length, pinned: true);
        content.CopyTo(pinned);
        return new SafetensorsFile(name, pinned);
    }

    /// <summary>The array of a name, or null.</summary>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The array of a name, which must have the given type and number of dimensions.</summary>
    /// <exception cref="DataFormatException">There is none, or it is of another kind.</exception>
    public SafetensorsTensor Require(string name, SafetensorsType type, int dimensions)
    {
        var tensor = Find(name)
            ?? throw new DataFormatException(Path, -1, $"there is no array '{name}'; there are: {string.Join(", ", Tensors.Take(20).Select(t => t.Name))}");
        if (tensor.Type != type || tensor.Shape.Count != dimensions)
            throw new DataFormatException(Path, tensor.Offset, $"'{name}' is {tensor.Type} {tensor.ShapeText}; it must be {type} with {dimensions} dimension(s)");
        return tensor;
    }

    /// <summary>All elements of an array of at most 2^31 - 1 elements.</summary>
    public ReadOnlySpan<T> Values<T>(SafetensorsTensor tensor) where T : unmanaged =>
        tensor.Count <= int.MaxValue
            ? Values<T>(tensor, 0, (int)tensor.Count)
            : throw new DataFormatException(Path, tensor.Offset, $"'{tensor.Name}' has {tensor.Count} elements; read it in parts");

    /// <summary>
    /// <paramref name="count"/> elements of an array from <paramref name="start"/> on: a view of the mapped file, or a
    /// copy where the array is not aligned to its element size.
    /// </summary>
    public ReadOnlySpan<T> Values<T>(SafetensorsTensor tensor, long start, int count) where T : unmanaged
    {
        RequirePart<T>(tensor, start, count);
        var first = _start + tensor.Offset + start * sizeof(T);
        if ((nuint)first % (nuint)sizeof(T) == 0) return new ReadOnlySpan<T>(first, count);
        var copy = GC.AllocateUninitializedArray<T>(count);
        fixed (T* target = copy) Buffer.MemoryCopy(first, target, (long)count * sizeof(T), (long)count * sizeof(T));
        return copy;
    }

    /// <summary>Copies elements of an array from <paramref name="start"/> on, as many as fit into <paramref name="destination"/>.</summary>
    public void Read<T>(SafetensorsTensor tensor, long start, Span<T> destination) where T : unmanaged
    {
        RequirePart<T>(tensor, start, destination.Length);
        var bytes = MemoryMarshal.AsBytes(destination);
        var at = tensor.Offset + start * sizeof(T);
        if (_memory != null || _bytes <= MostBytesMapped)
        {
            new ReadOnlySpan<byte>(_start + at, bytes.Length).CopyTo(bytes);
            return;
        }
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file!, bytes, at);
            if (read == 0) throw new DataFormatException(Path, at, "the file ends here; it was longer when it was opened");
            bytes = bytes[read..];
            at += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
        _file?.Dispose();
    }

    private static (IReadOnlyDictionary<string, string>, IReadOnlyList<SafetensorsTensor>, Dictionary<string, SafetensorsTensor>) ReadHeader(string path, byte* start, long bytes)
    {
        var length = SafetensorsHeader.ReadLength(path, new ReadOnlySpan<byte>(start, (int)Math.Min(bytes, SafetensorsHeader.LengthBytes)), bytes);
        var header = SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(start + SafetensorsHeader.LengthBytes, length), bytes);
        return (header.Metadata, header.Tensors, header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal));
    }

    private void RequirePart<T>(SafetensorsTensor tensor, long start, int count) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!ReferenceEquals(Find(tensor.Name), tensor)) throw new ArgumentException($"'{tensor.Name}' belongs to another file", nameof(tensor));
        if (SafetensorsTypes.Of<T>() != tensor.Type) throw new ArgumentException($"'{tensor.Name}' holds {tensor.Type}, not {typeof(T).Name}", nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, tensor.Count - start);
    }
}
