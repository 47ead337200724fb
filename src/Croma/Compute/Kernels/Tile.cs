using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>A number that the run-time compiler knows: it specialises a generic method for each.</summary>
internal interface IConstant
{
    static abstract int Value { get; }
}

internal readonly struct No : IConstant
{
    public static int Value => 0;
}

internal readonly struct Yes : IConstant
{
    public static int Value => 1;
}

internal readonly struct One : IConstant
{
    public static int Value => 1;
}

internal readonly struct Two : IConstant
{
    public static int Value => 2;
}

internal readonly struct Three : IConstant
{
    public static int Value => 3;
}

internal readonly struct Four : IConstant
{
    public static int Value => 4;
}

internal readonly struct Five : IConstant
{
    public static int Value => 5;
}

internal readonly struct Six : IConstant
{
    public static int Value => 6;
}

internal readonly struct Seven : IConstant
{
    public static int Value => 7;
}

internal readonly struct Eight : IConstant
{
    public static int Value => 8;
}

internal readonly struct Nine : IConstant
{
    public static int Value => 9;
}

internal readonly struct Ten : IConstant
{
    public static int Value => 10;
}

internal readonly struct Eleven : IConstant
{
    public static int Value => 11;
}

internal readonly struct Twelve : IConstant
{
    public static int Value => 12;
}

/// <summary>
/// The matrices of a product C = A B (+ what C starts from), by their first elements and the distances between
/// neighbours; B's and C's columns are contiguous. A transposed is A with its two strides exchanged.
/// </summary>
internal unsafe ref struct TileOperands
{
    /// <summary>A and the distances to its next row and to its next column.</summary>
    public Real* A;
    public nint ARow, AColumn;

    /// <summary>B and the distance to its next row.</summary>
    public Real* B;
    public nint BRow;

    /// <summary>What each row of C starts from, and the distance to the next one (0: all from the same).</summary>
    public Real* Start;
    public nint StartRow;

    public Real* C;
    public nint CRow;

    /// <summary>Columns of A and rows of B in a run.</summary>
    public int Depth;

    /// <summary>
    /// How many such runs of A's columns follow beyond the first, and the distance from the end of one to the start of
    /// the next: the rows of a window in an image. B has all its rows in one run.
    /// </summary>
    public int MoreRuns;
    public nint ASkip;

    /// <summary>Whether C is max(0, result).</summary>
    public bool Relu;
}

/// <summary>
/// The micro-kernel of all matrix products: up to 6 rows by 4 vectors or 12 rows by 2 vectors of C stay in registers
/// while B streams by once. Each number of C is one ascending chain of multiply-adds, so it does not depend on the tile
/// it falls in.
/// </summary>
internal static unsafe class Tile<TSimd, TVector, TRows, TWidth>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRows : IConstant
    where TWidth : IConstant
{
    /// <summary>How many rows of B are fetched ahead of use: B comes from the second-level cache.</summary>
    private const int StepsAhead = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in TileOperands operands)
    {
        var start = operands.Start;
        var startRow = operands.StartRow;
        var row0 = Load(start);
        var row1 = TRows.Value > 1 ? Load(start + startRow) : default;
        var row2 = TRows.Value > 2 ? Load(start + 2 * startRow) : default;
        var row3 = TRows.Value > 3 ? Load(start + 3 * startRow) : default;
        var row4 = TRows.Value > 4 ? Load(start + 4 * startRow) : default;
        var row5 = TRows.Value > 5 ? Load(start + 5 * startRow) : default;
        var row6 = TRows.Value > 6 ? Load(start + 6 * startRow) : default;
        var row7 = TRows.Value > 7 ? Load(start + 7 * startRow) : default;
        var row8 = TRows.Value > 8 ? Load(start + 8 * startRow) : default;
        var row9 = TRows.Value > 9 ? Load(start + 9 * startRow) : default;
        var row10 = TRows.Value > 10 ? Load(start + 10 * startRow) : default;
        var row11 = TRows.Value > 11 ? Load(start + 11 * startRow) : default;

        // distances in bytes, and a pointer for every third row, are what an x86 address is made of: the fewer additions,
        // the more room for multiply-adds
        var b = (byte*)operands.B;
        var (aRow, aColumn, bRow) = (operands.ARow * sizeof(Real), operands.AColumn * sizeof(Real), operands.BRow * sizeof(Real));
        var a0 = (byte*)operands.A;
        var a3 = a0 + 3 * aRow;
        var a6 = a3 + 3 * aRow;
        var a9 = a6 + 3 * aRow;
        var ahead = StepsAhead * bRow;
        for (var more = operands.MoreRuns; ; more--)
        {
            var end = b + operands.Depth * bRow;
            while (b != end)
            {
                var line = Load((Real*)b);
                Prefetch((Real*)(b + ahead));
                AddProduct(a0, line, ref row0);
                if (TRows.Value > 1) AddProduct(a0 + aRow, line, ref row1);
                if (TRows.Value > 2) AddProduct(a0 + 2 * aRow, line, ref row2);
                if (TRows.Value > 3) AddProduct(a3, line, ref row3);
                if (TRows.Value > 4) AddProduct(a3 + aRow, line, ref row4);
                if (TRows.Value > 5) AddProduct(a3 + 2 * aRow, line, ref row5);
                if (TRows.Value > 6) AddProduct(a6, line, ref row6);
                if (TRows.Value > 7) AddProduct(a6 + aRow, line, ref row7);
                if (TRows.Value > 8) AddProduct(a6 + 2 * aRow, line, ref row8);
                if (TRows.Value > 9) AddProduct(a9, line, ref row9);
                if (TRows.Value > 10) AddProduct(a9 + aRow, line, ref row10);
                if (TRows.Value > 11) AddProduct(a9 + 2 * aRow, line, ref row11);
                b += bRow;
                a0 += aColumn;
                if (TRows.Value > 3) a3 += aColumn;
                if (TRows.Value > 6) a6 += aColumn;
                if (TRows.Value > 9) a9 += aColumn;
            }
            if (more == 0) break;
            var skip = operands.ASkip * sizeof(Real);
            a0 += skip;
            if (TRows.Value > 3) a3 += skip;
            if (TRows.Value > 6) a6 += skip;
            if (TRows.Value > 9) a9 += skip;
        }

        if (operands.Relu)
        {
            row0 = Positive(row0);
            if (TRows.Value > 1) row1 = Positive(row1);
            if (TRows.Value > 2) row2 = Positive(row2);
            if (TRows.Value > 3) row3 = Positive(row3);
            if (TRows.Value > 4) row4 = Positive(row4);
            if (TRows.Value > 5) row5 = Positive(row5);
            if (TRows.Value > 6) row6 = Positive(row6);
            if (TRows.Value > 7) row7 = Positive(row7);
            if (TRows.Value > 8) row8 = Positive(row8);
            if (TRows.Value > 9) row9 = Positive(row9);
            if (TRows.Value > 10) row10 = Positive(row10);
            if (TRows.Value > 11) row11 = Positive(row11);
        }

        var c = operands.C;
        var cRow = operands.CRow;
        Store(row0, c);
        if (TRows.Value > 1) Store(row1, c + cRow);
        if (TRows.Value > 2) Store(row2, c + 2 * cRow);
        if (TRows.Value > 3) Store(row3, c + 3 * cRow);
        if (TRows.Value > 4) Store(row4, c + 4 * cRow);
        if (TRows.Value > 5) Store(row5, c + 5 * cRow);
        if (TRows.Value > 6) Store(row6, c + 6 * cRow);
        if (TRows.Value > 7) Store(row7, c + 7 * cRow);
        if (TRows.Value > 8) Store(row8, c + 8 * cRow);
        if (TRows.Value > 9) Store(row9, c + 9 * cRow);
        if (TRows.Value > 10) Store(row10, c + 10 * cRow);
        if (TRows.Value > 11) Store(row11, c + 11 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row Load(Real* from)
    {
        Row row = default;
        row.V0 = TSimd.Load(from);
        if (TWidth.Value > 1) row.V1 = TSimd.Load(from + TSimd.Count);
        if (TWidth.Value > 2) row.V2 = TSimd.Load(from + 2 * TSimd.Count);
        if (TWidth.Value > 3) row.V3 = TSimd.Load(from + 3 * TSimd.Count);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(Real* from)
    {
        const int line = 64 / sizeof(Real);
        TSimd.Prefetch(from);
        if (TWidth.Value * TSimd.Count > line) TSimd.Prefetch(from + line);
        if (TWidth.Value * TSimd.Count > 2 * line) TSimd.Prefetch(from + 2 * line);
        if (TWidth.Value * TSimd.Count > 3 * line) TSimd.Prefetch(from + 3 * line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Row row, Real* to)
    {
        TSimd.Store(row.V0, to);
        if (TWidth.Value > 1) TSimd.Store(row.V1, to + TSimd.Count);
        if (TWidth.Value > 2) TSimd.Store(row.V2, to + 2 * TSimd.Count);
        if (TWidth.Value > 3) TSimd.Store(row.V3, to + 3 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(byte* a, in Row b, ref Row sum)
    {
        var factor = TSimd.Broadcast((Real*)a);
        sum.V0 = TSimd.MultiplyAdd(factor, b.V0, sum.V0);
        if (TWidth.Value > 1) sum.V1 = TSimd.MultiplyAdd(factor, b.V1, sum.V1);
        if (TWidth.Value > 2) sum.V2 = TSimd.MultiplyAdd(factor, b.V2, sum.V2);
        if (TWidth.Value > 3) sum.V3 = TSimd.MultiplyAdd(factor, b.V3, sum.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row Positive(Row row)
    {
        var zero = TSimd.Broadcast(0);
        row.V0 = TSimd.Max(zero, row.V0);
        if (TWidth.Value > 1) row.V1 = TSimd.Max(zero, row.V1);
        if (TWidth.Value > 2) row.V2 = TSimd.Max(zero, row.V2);
        if (TWidth.Value > 3) row.V3 = TSimd.Max(zero, row.V3);
        return row;
    }

    private struct Row
    {
        public TVector V0, V1, V2, V3;
    }
}
