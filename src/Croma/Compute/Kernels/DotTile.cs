using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>
/// The rows of a matrix whose inner products are wanted: row-major, or the rows of weights in panels, where a row is a
/// chain of runs.
/// </summary>
internal unsafe ref struct DotOperand
{
    /// <summary>The first run of four rows, and the distance from one of these rows to the next (0: the same again).</summary>
    public Real* Rows;
    public nint RowDistance;

    /// <summary>Numbers in a run, and the distance to the next one.</summary>
    public int Run;
    public nint RunDistance;

    /// <summary>The last run, where it is shorter: its numbers (0: none), its first row and their distance.</summary>
    public int LastRun;
    public Real* LastRows;
    public nint LastRowDistance;

    /// <summary>Full runs.</summary>
    public int Runs;
}

/// <summary>
/// The micro-kernel of C += A B^T: inner products of up to 6 rows of A with 4 rows of B stay in registers, one vector
/// each, until the end.
/// </summary>
internal static unsafe class DotTile<TSimd, TVector, TRows>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRows : IConstant
{
    /// <summary>C[rows, 4] += A B^T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(Real* a, nint aRow, in DotOperand b, Real* c, nint cRow)
    {
        Quad sums0 = default, sums1 = default, sums2 = default, sums3 = default, sums4 = default, sums5 = default;
        var a0 = a;
        var a1 = a0 + aRow;
        var a2 = a1 + aRow;
        var a3 = a2 + aRow;
        var a4 = a3 + aRow;
        var a5 = a4 + aRow;
        var b0 = b.Rows;
        var distance = b.RowDistance;
        nint run = b.Run;
        var total = b.LastRun == 0 ? b.Runs : b.Runs + 1;
        nint at = 0;
        for (var r = 0; r < total; r++)
        {
            if (r == b.Runs)
            {
                b0 = b.LastRows;
                distance = b.LastRowDistance;
                run = b.LastRun;
            }
            var b1 = b0 + distance;
            var b2 = b1 + distance;
            var b3 = b2 + distance;
            for (nint j = 0; j < run; j += TSimd.Count, at += TSimd.Count)
            {
                Quad rows;
                rows.V0 = TSimd.Load(b0 + j);
                rows.V1 = TSimd.Load(b1 + j);
                rows.V2 = TSimd.Load(b2 + j);
                rows.V3 = TSimd.Load(b3 + j);
                AddProduct(a0 + at, rows, ref sums0);
                if (TRows.Value > 1) AddProduct(a1 + at, rows, ref sums1);
                if (TRows.Value > 2) AddProduct(a2 + at, rows, ref sums2);
                if (TRows.Value > 3) AddProduct(a3 + at, rows, ref sums3);
                if (TRows.Value > 4) AddProduct(a4 + at, rows, ref sums4);
                if (TRows.Value > 5) AddProduct(a5 + at, rows, ref sums5);
            }
            b0 += b.RunDistance;
        }
        AddSums(sums0, c);
        if (TRows.Value > 1) AddSums(sums1, c + cRow);
        if (TRows.Value > 2) AddSums(sums2, c + 2 * cRow);
        if (TRows.Value > 3) AddSums(sums3, c + 3 * cRow);
        if (TRows.Value > 4) AddSums(sums4, c + 4 * cRow);
        if (TRows.Value > 5) AddSums(sums5, c + 5 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(Real* a, in Quad b, ref Quad sums)
    {
        var factor = TSimd.Load(a);
        sums.V0 = TSimd.MultiplyAdd(factor, b.V0, sums.V0);
        sums.V1 = TSimd.MultiplyAdd(factor, b.V1, sums.V1);
        sums.V2 = TSimd.MultiplyAdd(factor, b.V2, sums.V2);
        sums.V3 = TSimd.MultiplyAdd(factor, b.V3, sums.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSums(in Quad sums, Real* to) => TSimd.AddSums(sums.V0, sums.V1, sums.V2, sums.V3, to);

    private struct Quad
    {
        public TVector V0, V1, V2, V3;
    }
}
