namespace Croma.Compute;

/// <summary>
/// Memory handed out by moving a pointer and taken back all at once. It grows while the first step shows how much a
/// step needs; from then on nothing is allocated.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const int SmallestChunk = 1 << 16;

    private readonly List<NativeBuffer> _chunks = [];
    private int _chunk;
    private long _used, _handedOut;

    /// <summary>Bytes handed out. What is left over at the ends of chunks is never written, so it takes no memory.</summary>
    public long BytesInUse => _handedOut * sizeof(Real);

    /// <summary>Room for <paramref name="count"/> numbers, 64-byte aligned, not cleared.</summary>
    public Real* Take(long count)
    {
        var rounded = (count + 15) & ~15L;
        while (_chunk < _chunks.Count && _used + rounded > _chunks[_chunk].Count)
        {
            _chunk++;
            _used = 0;
        }
        if (_chunk == _chunks.Count)
        {
            var doubled = _chunks.Count == 0 ? 0 : 2 * _chunks[^1].Count;
            _chunks.Add(new NativeBuffer(Math.Max(rounded, Math.Max(SmallestChunk, doubled)), cleared: false));
            _used = 0;
        }
        var start = _chunks[_chunk].Pointer + _used;
        _used += rounded;
        _handedOut += rounded;
        return start;
    }

    /// <summary>Room for integers.</summary>
    public int* TakeIntegers(int count) => (int*)Take((count * sizeof(int) + sizeof(Real) - 1) / sizeof(Real));

    /// <summary>
    /// Takes everything back. The chunks stay: to make one of them would cost their memory twice over, as what large
    /// blocks leave behind is not always returned to the system.
    /// </summary>
    public void Reset() => (_chunk, _used, _handedOut) = (0, 0, 0);

    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
        _chunks.Clear();
    }
}
