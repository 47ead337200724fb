using System.Runtime.Intrinsics;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Tiles
{
    /// <summary>Rows of B in a dot tile.</summary>
    private const int Across = 4;

    /// <summary>C[rows, columns] += A B^T, by inner products of A's rows with B's rows, which <paramref name="b"/> gives from the first.</summary>
    public static void CoverByDots(Real* a, nint aRow, in DotOperand b, Real* c, nint cRow, int rows, int columns)
    {
        switch (Simd.Active)
        {
            case InstructionSet.Avx512:
                CoverByDots<Simd512, Vector512<Real>>(a, aRow, b, c, cRow, rows, columns);
                break;
            case InstructionSet.Avx2:
                CoverByDots<Simd256, Vector256<Real>>(a, aRow, b, c, cRow, rows, columns);
                break;
            default:
                CoverByDots<Simd128, Vector128<Real>>(a, aRow, b, c, cRow, rows, columns);
                break;
        }
    }

    private static void CoverByDots<TSimd, TVector>(Real* a, nint aRow, in DotOperand b, Real* c, nint cRow, int rows, int columns)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var rest = stackalloc Real[MostRows * Across];
        for (var left = rows; left > 0;)
        {
            var taken = TSimd.Registers >= 32 ? NextRows(left, MostRows) : Math.Min(left, 2);
            var at = b;
            var column = 0;
            for (; column + Across <= columns; column += Across)
            {
                RunDots<TSimd, TVector>(a, aRow, at, c + column, cRow, taken);
                at.Rows += Across * b.RowDistance;
                at.LastRows += Across * b.LastRowDistance;
            }
            for (; column < columns; column++)
            {
                (at.RowDistance, at.LastRowDistance) = (0, 0);
                new Span<Real>(rest, taken * Across).Clear();
                RunDots<TSimd, TVector>(a, aRow, at, rest, Across, taken);
                for (var i = 0; i < taken; i++) c[i * cRow + column] += rest[i * Across];
                at.Rows += b.RowDistance;
                at.LastRows += b.LastRowDistance;
            }
            a += taken * aRow;
            c += taken * cRow;
            left -= taken;
        }
    }

    private static void RunDots<TSimd, TVector>(Real* a, nint aRow, in DotOperand b, Real* c, nint cRow, int rows)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        switch (rows)
        {
            case 6: DotTile<TSimd, TVector, Six>.AddProducts(a, aRow, b, c, cRow); break;
            case 5: DotTile<TSimd, TVector, Five>.AddProducts(a, aRow, b, c, cRow); break;
            case 4: DotTile<TSimd, TVector, Four>.AddProducts(a, aRow, b, c, cRow); break;
            case 3: DotTile<TSimd, TVector, Three>.AddProducts(a, aRow, b, c, cRow); break;
            case 2: DotTile<TSimd, TVector, Two>.AddProducts(a, aRow, b, c, cRow); break;
            default: DotTile<TSimd, TVector, One>.AddProducts(a, aRow, b, c, cRow); break;
        }
    }
}
