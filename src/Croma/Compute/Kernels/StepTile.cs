using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// The micro-kernel of a weight's step: the gradient of up to 4 rows by 4 vectors or 8 rows by 2 vectors is summed in
/// registers as <see cref="Tile{TSimd, TVector, TRows, TWidth}"/> does, and becomes Adam's update there, so that of all memory
/// only the parameters and their moments are touched, once.
/// </summary>
internal static unsafe class StepTile<TSimd, TVector, TRows, TWidth, TMomentum>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRows : IConstant
    where TWidth : IConstant
    where TMomentum : IConstant
{
    /// <summary>C is what is learned; its moments lie <paramref name="toFirst"/> and <paramref name="toSecond"/> bytes behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(in TileOperands operands, nint toFirst, nint toSecond, in AdamRates rates)
    {
        Row row0 = default, row1 = default, row2 = default, row3 = default, row4 = default, row5 = default, row6 = default, row7 = default;
        var b = (byte*)operands.B;
        var (aRow, aColumn, bRow) = (operands.ARow * sizeof(Real), operands.AColumn * sizeof(Real), operands.BRow * sizeof(Real));
        var a0 = (byte*)operands.A;
        var a3 = a0 + 3 * aRow;
        var a6 = a3 + 3 * aRow;
        var end = b + operands.Depth * bRow;
        var c = (byte*)operands.C;
        var cRow = operands.CRow * sizeof(Real);
        while (b != end)
        {
            var line = Load(b);
            AddProduct(a0, line, ref row0);
            if (TRows.Value > 1) AddProduct(a0 + aRow, line, ref row1);
            if (TRows.Value > 2) AddProduct(a0 + 2 * aRow, line, ref row2);
            if (TRows.Value > 3) AddProduct(a3, line, ref row3);
            if (TRows.Value > 4) AddProduct(a3 + aRow, line, ref row4);
            if (TRows.Value > 5) AddProduct(a3 + 2 * aRow, line, ref row5);
            if (TRows.Value > 6) AddProduct(a6, line, ref row6);
            if (TRows.Value > 7) AddProduct(a6 + aRow, line, ref row7);
            b += bRow;
            a0 += aColumn;
            if (TRows.Value > 3) a3 += aColumn;
            if (TRows.Value > 6) a6 += aColumn;
        }

        var update = new AdamUpdate<TSimd, TVector, TMomentum>(rates);
        Update(update, row0, c, toFirst, toSecond);
        if (TRows.Value > 1) Update(update, row1, c + cRow, toFirst, toSecond);
        if (TRows.Value > 2) Update(update, row2, c + 2 * cRow, toFirst, toSecond);
        if (TRows.Value > 3) Update(update, row3, c + 3 * cRow, toFirst, toSecond);
        if (TRows.Value > 4) Update(update, row4, c + 4 * cRow, toFirst, toSecond);
        if (TRows.Value > 5) Update(update, row5, c + 5 * cRow, toFirst, toSecond);
        if (TRows.Value > 6) Update(update, row6, c + 6 * cRow, toFirst, toSecond);
        if (TRows.Value > 7) Update(update, row7, c + 7 * cRow, toFirst, toSecond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row Load(byte* from)
    {
        Row row = default;
        row.V0 = TSimd.Load((Real*)from);
        if (TWidth.Value > 1) row.V1 = TSimd.Load((Real*)from + TSimd.Count);
        if (TWidth.Value > 2) row.V2 = TSimd.Load((Real*)from + 2 * TSimd.Count);
        if (TWidth.Value > 3) row.V3 = TSimd.Load((Real*)from + 3 * TSimd.Count);
        return row;
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
    private static void Update(in AdamUpdate<TSimd, TVector, TMomentum> update, in Row gradient, byte* at, nint toFirst, nint toSecond)
    {
        var next = TSimd.Count * sizeof(Real);
        update.Apply(gradient.V0, (Real*)at, (Real*)(at + toFirst), (Real*)(at + toSecond));
        if (TWidth.Value > 1) update.Apply(gradient.V1, (Real*)(at += next), (Real*)(at + toFirst), (Real*)(at + toSecond));
        if (TWidth.Value > 2) update.Apply(gradient.V2, (Real*)(at += next), (Real*)(at + toFirst), (Real*)(at + toSecond));
        if (TWidth.Value > 3) update.Apply(gradient.V3, (Real*)(at += next), (Real*)(at + toFirst), (Real*)(at + toSecond));
    }

    private struct Row
    {
        public TVector V0, V1, V2, V3;
    }
}
