using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>A number that the run-time compiler knows: it specialises a generic method for each.</summary>
internal interface IConstant
{
    static abstract int Value { get; }
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
/// The micro-kernel of all matrix products: up to 6 rows by up to 4 vectors of C stay in registers while B streams by
/// once. Each number of C is one ascending chain of multiply-adds, so it does not depend on the tile it falls in.
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

        var b = operands.B;
        var (aRow, aColumn, bRow) = (operands.ARow, operands.AColumn, operands.BRow);
        var a0 = operands.A;
        var a1 = a0 + aRow;
        var a2 = a1 + aRow;
        var a3 = a2 + aRow;
        var a4 = a3 + aRow;
        var a5 = a4 + aRow;
        nint at = 0;
        for (var more = operands.MoreRuns; ; more--)
        {
            var end = b + operands.Depth * bRow;
            while (b != end)
            {
                var line = Load(b);
                Prefetch(b + StepsAhead * bRow);
                AddProduct(a0 + at, line, ref row0);
                if (TRows.Value > 1) AddProduct(a1 + at, line, ref row1);
                if (TRows.Value > 2) AddProduct(a2 + at, line, ref row2);
                if (TRows.Value > 3) AddProduct(a3 + at, line, ref row3);
                if (TRows.Value > 4) AddProduct(a4 + at, line, ref row4);
                if (TRows.Value > 5) AddProduct(a5 + at, line, ref row5);
                b += bRow;
                at += aColumn;
            }
            if (more == 0) break;
            at += operands.ASkip;
        }

        if (operands.Relu)
        {
            row0 = Positive(row0);
            if (TRows.Value > 1) row1 = Positive(row1);
            if (TRows.Value > 2) row2 = Positive(row2);
            if (TRows.Value > 3) row3 = Positive(row3);
            if (TRows.Value > 4) row4 = Positive(row4);
            if (TRows.Value > 5) row5 = Positive(row5);
        }

        var c = operands.C;
        var cRow = operands.CRow;
        Store(row0, c);
        if (TRows.Value > 1) Store(row1, c + cRow);
        if (TRows.Value > 2) Store(row2, c + 2 * cRow);
        if (TRows.Value > 3) Store(row3, c + 3 * cRow);
        if (TRows.Value > 4) Store(row4, c + 4 * cRow);
        if (TRows.Value > 5) Store(row5, c + 5 * cRow);
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
    private static void AddProduct(Real* a, in Row b, ref Row sum)
    {
        var factor = TSimd.Broadcast(a);
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
