using System.Runtime.Intrinsics;

namespace Croma.Compute.Kernels;

/// <summary>Covers a product with micro-kernels.</summary>
internal static unsafe partial class Tiles
{
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

    /// <summary>Rows that the next tile takes of those left: 6, or an even share of the last 12.</summary>
    public static int NextRows(int left) => left >= 2 * MostRows ? MostRows : left > MostRows ? (left + 1) / 2 : left;

    private static void Cover<TSimd, TVector>(in TileOperands operands, int rows, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var most = TSimd.Registers >= 32 ? 4 : 2;
        for (var left = rows; left > 0;)
        {
            var taken = NextRows(left);
            var at = operands;
            at.A += (rows - left) * operands.ARow;
            at.C += (rows - left) * operands.CRow;
            at.Start += (rows - left) * operands.StartRow;
            for (var vectors = width / TSimd.Count; vectors > 0;)
            {
                var across = Math.Min(vectors, most);
                switch (across)
                {
                    case 4: Run<TSimd, TVector, Four>(at, taken); break;
                    case 3: Run<TSimd, TVector, Three>(at, taken); break;
                    case 2: Run<TSimd, TVector, Two>(at, taken); break;
                    default: Run<TSimd, TVector, One>(at, taken); break;
                }
                at.B += across * TSimd.Count;
                at.C += across * TSimd.Count;
                at.Start += across * TSimd.Count;
                vectors -= across;
            }
            left -= taken;
        }
    }

    private static void Run<TSimd, TVector, TWidth>(in TileOperands operands, int rows)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TWidth : IConstant
    {
        switch (rows)
        {
            case 6: Tile<TSimd, TVector, Six, TWidth>.Multiply(operands); break;
            case 5: Tile<TSimd, TVector, Five, TWidth>.Multiply(operands); break;
            case 4: Tile<TSimd, TVector, Four, TWidth>.Multiply(operands); break;
            case 3: Tile<TSimd, TVector, Three, TWidth>.Multiply(operands); break;
            case 2: Tile<TSimd, TVector, Two, TWidth>.Multiply(operands); break;
            default: Tile<TSimd, TVector, One, TWidth>.Multiply(operands); break;
        }
    }
}
