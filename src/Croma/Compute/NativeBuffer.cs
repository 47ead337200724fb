using System.Runtime.InteropServices;

namespace Croma.Compute;

/// <summary>Native memory, 64-byte aligned, freed with its owner.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    /// <param name="count">How many numbers of type <see cref="Real"/> it holds.</param>
    /// <param name="cleared">Whether it starts as zeros. Otherwise pages that are never written take no memory.</param>
    public NativeBuffer(long count, bool cleared = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        var bytes = Math.Max((nuint)count * sizeof(Real), Alignment);
        Pointer = (Real*)NativeMemory.AlignedAlloc(bytes, Alignment);
        if (cleared) NativeMemory.Clear(Pointer, bytes);
    }

    ~NativeBuffer() => Free();

    public Real* Pointer { get; private set; }

    public long Count { get; }

    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Count * sizeof(Real));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
