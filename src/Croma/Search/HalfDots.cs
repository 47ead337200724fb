using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Croma.Search;

/// <summary>
/// Inner products of rows in half precision with a query in single precision. Half of the bytes of single precision go
/// through memory, which is what a search over many rows waits for; and a half takes three instructions to become a
/// number of single precision 2^112 times too small, a factor that the query makes up for. Every product is the same
/// chain of fused multiply-adds and the same tree of sums, so that it has the same bits on every processor.
/// </summary>
internal static unsafe class HalfDots
{
    /// <summary>Rows are padded with zeros to a multiple of so many numbers.</summary>
    public const int Block = 32;

    private const int Lanes = Block / 2;

    // the sign, 5 bits of exponent and 10 of mantissa, where a shift by 13 takes them; the bits between are copies of the sign
    private const int Kept = unchecked((int)0x8FFFE000);

    // 127 - 15, the difference of the exponents' biases
    private const int ExponentShift = 112;

    private const int ShiftOfHalf = 3, BitsOfHalf = 16;

    /// <summary>The least half above 0 that is not subnormal: smaller ones are stored as 0, since a processor takes a hundred times as long for them.</summary>
    private static readonly Half s_leastNormal = BitConverter.UInt16BitsToHalf(0x0400);

    /// <summary>Numbers a row takes.</summary>
    public static int Stride(int dimension) => (dimension + Block - 1) / Block * Block;

    /// <summary>Writes a row's numbers, rounded to the nearest half, and pads them.</summary>
    public static void Pack(ReadOnlySpan<double> row, Span<Half> packed)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var half = (Half)row[i];
            packed[i] = Half.Abs(half) < s_leastNormal ? default : half;
        }
        packed[row.Length..].Clear();
    }

    /// <summary>A query [stride] as <see cref="Dot"/> takes it: of each block the even places, then the odd ones.</summary>
    public static float[] Prepare(ReadOnlySpan<float> query)
    {
        var prepared = new float[Stride(query.Length)];
        for (var i = 0; i < query.Length; i++)
            prepared[i / Block * Block + i % Block / 2 + i % 2 * Lanes] = MathF.ScaleB(query[i], ExponentShift);
        return prepared;
    }

    /// <summary>row . query over <paramref name="stride"/> numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(Half* row, float* prepared, int stride) =>
        Vector512.IsHardwareAccelerated ? Dot512(row, prepared, stride) : Dot256(row, prepared, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot512(Half* row, float* prepared, int stride)
    {
        var (even, odd, kept) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512.Create(Kept));
        for (var i = 0; i < stride; i += Block)
        {
            // two halves in each number: the even place below, the odd one above
            var pairs = Vector512.Load((int*)(row + i));
            even = Vector512.FusedMultiplyAdd((((pairs << BitsOfHalf) >> ShiftOfHalf) & kept).AsSingle(), Vector512.Load(prepared + i), even);
            odd = Vector512.FusedMultiplyAdd(((pairs >> ShiftOfHalf) & kept).AsSingle(), Vector512.Load(prepared + i + Lanes), odd);
        }
        var sum = even + odd;
        return Sum(sum.GetLower() + sum.GetUpper());
    }

    internal static float Dot256(Half* row, float* prepared, int stride)
    {
        const int Part = Lanes / 2;
        var kept = Vector256.Create(Kept);
        var (even0, even1, odd0, odd1) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < stride; i += Block)
        {
            var (low, high) = (Vector256.Load((int*)(row + i)), Vector256.Load((int*)(row + i + Lanes)));
            even0 = Vector256.FusedMultiplyAdd((((low << BitsOfHalf) >> ShiftOfHalf) & kept).AsSingle(), Vector256.Load(prepared + i), even0);
            even1 = Vector256.FusedMultiplyAdd((((high << BitsOfHalf) >> ShiftOfHalf) & kept).AsSingle(), Vector256.Load(prepared + i + Part), even1);
            odd0 = Vector256.FusedMultiplyAdd(((low >> ShiftOfHalf) & kept).AsSingle(), Vector256.Load(prepared + i + Lanes), odd0);
            odd1 = Vector256.FusedMultiplyAdd(((high >> ShiftOfHalf) & kept).AsSingle(), Vector256.Load(prepared + i + Lanes + Part), odd1);
        }
        return Sum(even0 + odd0 + (even1 + odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> eight)
    {
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return (two + Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
