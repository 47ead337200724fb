using System.Runtime.Intrinsics;

namespace Croma.Compute.Kernels;

/// <summary>Covers a product with micro-kernels.</summary>
internal static unsafe partial class Tiles
{
    /// <summary>Rows of a tile of 4 vectors; twice as many fit one of 2.</summary>
    public const int MostRows = 6;

    /// <summary>C[rows, width] with <paramref name="width"/> a multiple of <see cref="Panels.Granularity"/>.</summary>
    public static void Cover(in TileOperands operands, int rows, int width)
    {
        switch (Simd.Active)
        {
            case InstructionSet.Avx512:
                Cover<Simd512, Vector512<Real>>(operands, rows, width);
                break;
            case InstructionSet.Avx2:
                Cover<Simd256, Vector256<Real>>(operands, rows, width);
                break;
            default:
                Cover<Simd128, Vector128<Real>>(operands, rows, width);
                break;
        }
    }

    /// <summary>Rows that the next tile takes of those left: all it can, or an even share of the last two tiles' rows.</summary>
    public static int NextRows(int left, int most) => left >= 2 * most ? most : left > most ? (left + 1) / 2 : left;

    /// <summary>
    /// Few rows pass by a whole panel at once, more by half a panel after the other: that stays in the first-level cache
    /// from tile to tile, and asks half as much of the second.
    /// </summary>
    private static void Cover<TSimd, TVector>(in TileOperands operands, int rows, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var (most, mostRows) = TSimd.Registers < 32 ? (2, MostRows) : rows <= MostRows ? (4, MostRows) : (2, 2 * MostRows);
        var at = operands;
        for (var vectors = width / TSimd.Count; vectors > 0;)
        {
            var across = Math.Min(vectors, most);
            switch (across)
            {
                case 4: CoverRows<TSimd, TVector, Four>(at, rows, mostRows); break;
                case 3: CoverRows<TSimd, TVector, Three>(at, rows, mostRows); break;
                case 2: CoverRows<TSimd, TVector, Two>(at, rows, mostRows); break;
                default: CoverRows<TSimd, TVector, One>(at, rows, mostRows); break;
            }
            at.B += across * TSimd.Count;
            at.C += across * TSimd.Count;
            at.Start += across * TSimd.Count;
            vectors -= across;
        }
    }

    private static void CoverRows<TSimd, TVector, TWidth>(TileOperands at, int rows, int mostRows)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TWidth : IConstant
    {
        for (var left = rows; left > 0;)
        {
            var taken = NextRows(left, mostRows);
            switch (taken)
            {
                case 12: Tile<TSimd, TVector, Twelve, TWidth>.Multiply(at); break;
                case 11: Tile<TSimd, TVector, Eleven, TWidth>.Multiply(at); break;
                case 10: Tile<TSimd, TVector, Ten, TWidth>.Multiply(at); break;
                case 9: Tile<TSimd, TVector, Nine, TWidth>.Multiply(at); break;
                case 8: Tile<TSimd, TVector, Eight, TWidth>.Multiply(at); break;
                case 7: Tile<TSimd, TVector, Seven, TWidth>.Multiply(at); break;
                case 6: Tile<TSimd, TVector, Six, TWidth>.Multiply(at); break;
                case 5: Tile<TSimd, TVector, Five, TWidth>.Multiply(at); break;
                case 4: Tile<TSimd, TVector, Four, TWidth>.Multiply(at); break;
                case 3: Tile<TSimd, TVector, Three, TWidth>.Multiply(at); break;
                case 2: Tile<TSimd, TVector, Two, TWidth>.Multiply(at); break;
                default: Tile<TSimd, TVector, One, TWidth>.Multiply(at); break;
            }
            at.A += taken * at.ARow;
            at.C += taken * at.CRow;
            at.Start += taken * at.StartRow;
            left -= taken;
        }
    }
}
