using System.Numerics;
using System.Text;

namespace Croma.Compute;

/// <summary>
/// Random numbers as a pure function of seed, stream and position: Philox4x32-10 (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011). Two streams never disturb each other, so what one part of the program draws
/// does not depend on what another drew, on the thread that drew it, or on where a run was resumed.
/// </summary>
public sealed class CounterRandom
{
    private const int MostBytesOfAName = 256;

    private readonly uint _key0, _key1;
    private ulong _stream;
    private ulong _block;
    private uint _r0, _r1, _r2, _r3;
    private int _left;

    /// <summary>A generator at the start of a stream.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Which stream of that seed; see <see cref="Stream"/> for streams with names.</param>
    public CounterRandom(ulong seed, ulong stream)
    {
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        _stream = stream;
    }

    /// <summary>Goes to the start of another stream of the same seed.</summary>
    public void Restart(ulong stream)
    {
        (_stream, _block, _left) = (stream, 0, 0);
    }

    /// <summary>A stream's number from its name (at most 256 bytes) and up to two indices (FNV-1a over the name, mixed with the indices).</summary>
    public static ulong Stream(string name, long index = 0, long second = 0)
    {
        var hash = 14695981039346656037UL;
        var bytes = (stackalloc byte[MostBytesOfAName]);
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(name, bytes)]) hash = (hash ^ b) * 1099511628211UL;
        return Mix(Mix(hash + (ulong)index) + (ulong)second);
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_left == 0) Refill();
        return --_left switch { 3 => _r0, 2 => _r1, 1 => _r2, _ => _r3 };
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>An integer in [0, <paramref name="exclusiveMaximum"/>), without bias (Lemire 2019).</summary>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        var range = (uint)exclusiveMaximum;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var threshold = (uint)-(int)range % range;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (((ulong)NextUInt32() << 21) ^ (NextUInt32() >> 11)) * (1.0 / (1UL << 53));

    /// <summary>A number in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    public double Next(double minimum, double maximum) => minimum + (maximum - minimum) * NextDouble();

    /// <summary>A standard normal number (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts <paramref name="items"/> in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private void Refill()
    {
        var (c0, c1, c2, c3) = ((uint)_block, (uint)(_block >> 32), (uint)_stream, (uint)(_stream >> 32));
        var (k0, k1) = (_key0, _key1);
        for (var round = 0; round < 10; round++)
        {
            var product0 = 0xD2511F53UL * c0;
            var product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        (_r0, _r1, _r2, _r3) = (c0, c1, c2, c3);
        _block++;
        _left = 4;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return BitOperations.RotateLeft(x ^ (x >> 31), 17);
    }
}
